"""``adadelta_step``: what is asked of it, and the ways it goes wrong."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.arrays import Array
from course_lib.checks.cases import between, steps_run
from course_lib.checks.functions.adagrad import FAMILY
from course_lib.checks.functions.common import FLOATS, SHAPES
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Misconception, Spec
from course_lib.optimizers.adadelta import AdadeltaState, adadelta_init, adadelta_step


def wrong_adadelta(ids: frozenset[str]) -> Callable[..., tuple[Array, AdadeltaState]]:
    """``adadelta_step`` with the mistakes ``ids``; without any, the reference."""

    def step(
        w: Array, g: Array, state: AdadeltaState, *, lr: float = 1.0, rho: float = 0.9, eps: float = 1e-6
    ) -> tuple[Array, AdadeltaState]:
        share = 1 - rho if "shares_swapped" in ids else rho
        v = (1.0 if "never_fades" in ids else share) * state.v + (1 - share) * g**2
        delta = _ratio(ids, state.u, v, eps) * (1.0 if "gradient_forgotten" in ids else g)
        rate = 1.0 if "forgets_lr" in ids else lr
        seen = g if "averages_gradients_twice" in ids else rate * delta if "lr_remembered" in ids else delta
        u = share * state.u + (1 - share) * seen**2
        w = w + rate * delta if "ascends" in ids else w - rate * delta
        v, u = (state.v if "v_not_returned" in ids else v, state.u if "u_not_returned" in ids else u)
        return w, AdadeltaState(state.t + (0 if "t_not_counted" in ids else 1), v, u)

    return step


def _ratio(ids: frozenset[str], u: Array, v: Array, eps: float) -> Array:
    """What the gradient is multiplied by."""
    if "eps_outside_roots" in ids:
        return (np.sqrt(u) + eps) / (np.sqrt(v) + eps)
    above, below = u + eps, v if "eps_above_only" in ids else v + eps
    if "root_above_alone" in ids:
        return np.sqrt(above) / below
    if "root_below_alone" in ids:
        return above / np.sqrt(below)
    ratio = above / below if "root_forgotten" in ids else np.sqrt(above / below)
    return 1 / ratio if "upside_down" in ids else ratio


MISCONCEPTIONS = {
    **{name: FAMILY[name] for name in ("ascends", "forgets_lr", "root_forgotten", "t_not_counted")},
    "shares_swapped": Misconception(
        "Its averages keep the share 1 − rho of the old and take the share rho of the new.",
        "The share that survives is rho: rho · old + (1 − rho) · new.",
    ),
    "never_fades": Misconception(
        "Its mean square forgets nothing.",
        "The old v is multiplied by rho; without that, it only grows, as in Adagrad.",
    ),
    "v_not_returned": Misconception(
        "It returns the old v instead of the new one.",
        "Put the v you have calculated into the state you return, or the next step will not know it.",
    ),
    "u_not_returned": Misconception(
        "It returns the old u instead of the new one.",
        "Put the u you have calculated into the state you return; otherwise the steps stay as short as the first.",
    ),
    "lr_remembered": Misconception(
        "It averages the change after lr was applied.",
        "What u averages is Δ²; lr scales the move and is not remembered.",
    ),
    "averages_gradients_twice": Misconception(
        "Its u averages the squares of the gradients, as v does.",
        "Average the squares of the updates: Δ².",
    ),
    "eps_outside_roots": Misconception(
        "It adds eps outside the roots.",
        "In Adadelta eps stands under both roots. Outside, the first step would be many times shorter.",
    ),
    "eps_above_only": Misconception(
        "It adds eps above the line only.",
        "Both roots have it: √(u + ε) above and √(v + ε) below.",
    ),
    "root_above_alone": Misconception(
        "It takes the root of the updates' mean square but not of the gradients'.",
        "Both stand under a root, or the units do not cancel.",
    ),
    "root_below_alone": Misconception(
        "It takes the root of the gradients' mean square but not of the updates'.",
        "Both stand under a root, or the units do not cancel.",
    ),
    "upside_down": Misconception(
        "Its quotient is upside down.",
        "Updates above, gradients below: large gradients must give no longer steps.",
    ),
    "gradient_forgotten": Misconception(
        "It leaves out the gradient itself.",
        "The quotient of the roots multiplies g, which gives the step its direction.",
    ),
}


def _settings(rng: np.random.Generator) -> dict[str, Any]:
    """A short memory and a large eps, so that a few steps show all of it."""
    return {"lr": between(rng, 0.5, 0.9), "rho": between(rng, 0.6, 0.9), "eps": between(rng, 0.05, 0.3)}


def _mean_squares(rng: np.random.Generator) -> list[Tree]:
    return [ADADELTA_STEP.case(*(steps_run(rng, (3,), 4, _settings(rng)) for _ in range(2)), repeat=True)]


def _first_step(rng: np.random.Generator) -> list[Tree]:
    return [ADADELTA_STEP.case(steps_run(rng, shape, 1, _settings(rng))) for shape in [(3,), (2, 2)]]


def _updates(rng: np.random.Generator) -> list[Tree]:
    return [ADADELTA_STEP.case(steps_run(rng, (3,), 3, _settings(rng)))]


def _many_steps(rng: np.random.Generator) -> list[Tree]:
    changing = {name: value for name, value in _settings(rng).items() if name != "lr"}
    return [
        ADADELTA_STEP.case(steps_run(rng, (3,), 5, _settings(rng))),
        ADADELTA_STEP.case(steps_run(rng, (2, 2), 5, changing, changing_lr=True)),
    ]


def _shapes_and_dtypes(rng: np.random.Generator) -> list[Tree]:
    draws = [(shape, dtype, 1.0) for shape in SHAPES for dtype in FLOATS]
    draws += [((3,), np.float64, 1e-30), ((3,), np.float64, 1e30)]
    return [
        ADADELTA_STEP.case(steps_run(rng, shape, 3, _settings(rng), dtype=dtype, scale=scale))
        for shape, dtype, scale in draws
    ]


def _inputs(rng: np.random.Generator) -> list[Tree]:
    return [ADADELTA_STEP.case(steps_run(rng, shape, 3, _settings(rng))) for shape in [(), (4,), (2, 2)]]


def _torch(rng: np.random.Generator) -> list[Tree]:
    return [ADADELTA_STEP.case(steps_run(rng, (2, 3), 3, _settings(rng)), backend="torch")]


ADADELTA_STEP = Spec(
    function="adadelta_step",
    reference=adadelta_step,
    wrong=wrong_adadelta,
    criteria={
        "mean_square": Criterion("v averages the squares of the gradients", _mean_squares, ("t", "v")),
        "first_step": Criterion("The first step is set by eps under both roots", _first_step, ("w",)),
        "mean_update": Criterion("u averages the squares of the updates", _updates, ("u",)),
        "many_steps": Criterion("Every step is as long as recent updates say, times lr", _many_steps, ("w",)),
        # These two judge the mean square alone, so that a wrong update costs nothing here.
        "any_shape_and_dtype": Criterion(
            "Numbers, vectors and matrices, tiny and huge, in float64 and float32",
            _shapes_and_dtypes,
            ("v",),
            form=True,
        ),
        "inputs_unchanged": Criterion("The arrays passed in stay as they were", _inputs, ("v",), purity=True),
        "torch_tensors": Criterion("It works on torch tensors too", _torch, ("w",), form=True, backend="torch"),
    },
    misconceptions=MISCONCEPTIONS,
    section="chapters/rmsprop.html#adadelta-what-unit-is-a-step",
    init="adadelta_init",
    initial=adadelta_init,
    fields=AdadeltaState._fields,
    torch="Adadelta",
    shown={"rho": 0.5, "eps": 0.1},
)
