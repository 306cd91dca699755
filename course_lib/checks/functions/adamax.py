"""``adamax_step``: what is asked of it, and the ways it goes wrong."""

from collections.abc import Callable

import numpy as np

from course_lib.arrays import Array
from course_lib.checks.cases import between, steps_run
from course_lib.checks.functions import adam
from course_lib.checks.functions.adam_mistakes import FAMILY
from course_lib.checks.functions.common import FLOATS, SHAPES
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Misconception, Spec
from course_lib.optimizers.adamax import AdamaxState, adamax_init, adamax_step

PAGE = "chapters/adam_family.html#adamax"


def wrong_adamax(ids: frozenset[str]) -> Callable[..., tuple[Array, AdamaxState]]:
    """``adamax_step`` with the mistakes ``ids``; without any, the reference."""

    def step(
        w: Array,
        g: Array,
        state: AdamaxState,
        *,
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> tuple[Array, AdamaxState]:
        t, (beta1, beta2) = state.t + 1, betas
        m = beta1 * state.m + (1 - beta1) * g
        u = _maximum(ids, g, state, beta2, eps)
        power = 1 if "power_forgotten" in ids else t
        m_hat = m if "m_not_corrected" in ids else m / (1 - beta1**power)
        u_hat = u / (1 - beta2**power) if "u_corrected" in ids else u
        divisor = np.sqrt(u_hat) if {"root_taken", "squares"} & ids else u_hat
        rate = 1.0 if "forgets_lr" in ids else lr
        towards = 1.0 if "ascends" in ids else -1.0
        w = w + towards * rate * m_hat / (divisor + eps if "eps_in_the_division" in ids else divisor)
        m, u = (state.m if "m_not_returned" in ids else m, state.u if "u_not_returned" in ids else u)
        return w, AdamaxState(t - 1 if "t_not_counted" in ids else t, m, u)

    return step


def _maximum(ids: frozenset[str], g: Array, state: AdamaxState, beta2: float, eps: float) -> Array:
    size = g**2 if "squares" in ids else np.abs(g)
    inside, outside = (0.0, eps) if "eps_outside_the_maximum" in ids else (eps, 0.0)
    if {"eps_in_the_division", "eps_forgotten"} & ids:
        inside = outside = 0.0
    faded = state.u if "never_fades" in ids else beta2 * state.u
    if "average" in ids:
        return faded + (1 - beta2) * (size + inside) + outside
    if "fresh_share" in ids:
        size = (1 - beta2) * size
    return np.maximum(faded, size + inside) + outside


MISCONCEPTIONS = {
    **FAMILY,
    "u_not_returned": Misconception(
        "It returns the old u instead of the new one.",
        "Put the u you have calculated into the state you return, or the next step will not know it.",
    ),
    "m_not_corrected": Misconception(
        "It does not correct m for its start at 0.",
        "Divide m by 1 − β₁**t before you use it.",
    ),
    "u_corrected": Misconception(
        "It corrects u as Adam corrects v.",
        "A maximum is no average: from the first step on u has the gradient's size, and nothing is missing.",
    ),
    "never_fades": Misconception(
        "Its maximum never fades.",
        "Compare with β₂ · u, so that a large gradient is forgotten in time.",
    ),
    "average": Misconception(
        "Its u is an average of sizes and no maximum.",
        "Take the larger of the two: β₂ · u and the gradient's size.",
    ),
    "fresh_share": Misconception(
        "It weighs the new gradient with 1 − β₂ inside the maximum.",
        "The gradient's size enters whole; only the old maximum is multiplied.",
    ),
    "squares": Misconception(
        "It keeps the largest square and takes its root.",
        "What u holds are sizes, |g|, and no squares; so β₂ fades sizes, and no root is needed.",
    ),
    "root_taken": Misconception(
        "It divides by the root of u.",
        "Already u has the size of a gradient: divide by u itself.",
    ),
    "eps_in_the_division": Misconception(
        "It adds eps to the divisor, as Adam does.",
        "Here, as in torch, eps is added to |g| inside the maximum, and so it is in u.",
    ),
    "eps_outside_the_maximum": Misconception(
        "It adds eps to the maximum.",
        "Only the gradient's size gets eps: the old u holds it already, and would grow by it at every step.",
    ),
    "eps_forgotten": Misconception(
        "It leaves out eps.",
        "As long as the gradient is 0 so is the maximum, and 0 / 0 is nan. The maximum compares with |g| + ε.",
    ),
}


def _maxima_kept(rng: np.random.Generator) -> list[Tree]:
    return [ADAMAX_STEP.case(*(_fading(rng) for _ in range(2)), repeat=True)]


def _fading(rng: np.random.Generator) -> Tree:
    """A run whose first gradients are the largest by far, so that they fade."""
    run = steps_run(rng, (3,), 5, adam.adam_settings(rng))
    run["gradients"][0] *= 8
    return run


def _first_step(rng: np.random.Generator) -> list[Tree]:
    return [ADAMAX_STEP.case(steps_run(rng, shape, 1, adam.adam_settings(rng))) for shape in [(3,), (2, 2)]]


def _many_steps(rng: np.random.Generator) -> list[Tree]:
    changing = steps_run(rng, (2, 2), 5, adam.without_lr(adam.adam_settings(rng)), changing_lr=True)
    return [ADAMAX_STEP.case(_fading(rng)), ADAMAX_STEP.case(changing)]


def _with_eps(rng: np.random.Generator) -> list[Tree]:
    run = _fading(rng)
    run["settings"]["eps"] = between(rng, 0.05, 0.3)
    return [ADAMAX_STEP.case(run)]


def _shapes_and_dtypes(rng: np.random.Generator) -> list[Tree]:
    draws = [(shape, dtype, 1.0) for shape in SHAPES for dtype in FLOATS]
    draws += [((3,), np.float64, 1e-30), ((3,), np.float64, 1e30)]
    return [
        ADAMAX_STEP.case(steps_run(rng, shape, 3, adam.adam_settings(rng), dtype=dtype, scale=scale))
        for shape, dtype, scale in draws
    ]


def _inputs(rng: np.random.Generator) -> list[Tree]:
    return [ADAMAX_STEP.case(steps_run(rng, shape, 3, adam.adam_settings(rng))) for shape in [(), (4,), (2, 2)]]


def _torch(rng: np.random.Generator) -> list[Tree]:
    return [ADAMAX_STEP.case(steps_run(rng, (2, 3), 3, adam.adam_settings(rng)), backend="torch")]


ADAMAX_STEP = Spec(
    function="adamax_step",
    reference=adamax_step,
    wrong=wrong_adamax,
    criteria={
        "maximum": Criterion("m is an average and u a maximum that fades", _maxima_kept, ("t", "m", "u")),
        "first_step": Criterion("The first step is lr long, whatever the gradient's size", _first_step, ("w",)),
        "many_steps": Criterion("Every step corrects m, and u never", _many_steps, ("w",)),
        "eps": Criterion("eps is added to the gradient's size, inside the maximum", _with_eps, ("w", "u")),
        # These two judge the state alone, so that a wrong correction costs nothing here.
        "any_shape_and_dtype": Criterion(
            "Numbers, vectors and matrices, tiny and huge, in float64 and float32",
            _shapes_and_dtypes,
            ("m", "u"),
            form=True,
        ),
        "inputs_unchanged": Criterion("The arrays passed in stay as they were", _inputs, ("m", "u"), purity=True),
        "torch_tensors": Criterion("It works on torch tensors too", _torch, ("w",), form=True, backend="torch"),
    },
    misconceptions=MISCONCEPTIONS,
    section=PAGE,
    init="adamax_init",
    initial=adamax_init,
    fields=AdamaxState._fields,
    torch="Adamax",
    shown={"lr": 0.3, "betas": (0.5, 0.9)},
)
