"""``rmsprop_step``, centered and with momentum: what is asked of it, and the ways it goes wrong."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.arrays import Array
from course_lib.checks.cases import between, steps_run
from course_lib.checks.functions.adagrad import FAMILY
from course_lib.checks.functions.common import FLOATS, SHAPES
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Draw, Misconception, Spec
from course_lib.optimizers.rmsprop import RMSpropState, rmsprop_init, rmsprop_step

PAGE = "chapters/rmsprop.html"
START = f"{PAGE}#too-large-at-first"
CENTERED = f"{PAGE}#centered-and-with-momentum"


def wrong_rmsprop(ids: frozenset[str]) -> Callable[..., tuple[Array, RMSpropState]]:
    """``rmsprop_step`` with the mistakes ``ids``; without any, the reference."""

    def step(
        w: Array,
        g: Array,
        state: RMSpropState,
        *,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        momentum: float = 0.0,
        centered: bool = False,
    ) -> tuple[Array, RMSpropState]:
        t = state.t + 1
        share = 1 - alpha if "shares_swapped" in ids else alpha
        m = share * state.m + (1 - share) * g if centered else state.m
        seen = g - m if centered and "spread_averaged" in ids else g
        v = (1.0 if "never_fades" in ids else share) * state.v + (1 - share) * seen**2
        spread = _spread(ids, v, m) if centered else v
        if "bias_corrected" in ids:
            spread = spread / (1 - share**t)
        above = g - m if centered and "numerator_centered" in ids else g
        rate = 1.0 if "forgets_lr" in ids else lr
        b, moved = _buffer(ids, above, _divisor(ids, spread, eps), state, rate, momentum)
        w = w + (moved if "ascends" in ids else -moved) - (rate * eps if "eps_outside_quotient" in ids else 0.0)
        v, m = (state.v if "v_not_returned" in ids else v, state.m if "m_not_returned" in ids else m)
        return w, RMSpropState(t - 1 if "t_not_counted" in ids else t, v, m, b)

    return step


def _spread(ids: frozenset[str], v: Array, m: Array) -> Array:
    if {"centered_ignored", "spread_averaged"} & ids:
        return v
    return v + m**2 if "square_added" in ids else v - m**2


def _divisor(ids: frozenset[str], spread: Array, eps: float) -> Array:
    if "eps_inside_root" in ids:
        return np.sqrt(spread + eps)
    root = spread if "root_forgotten" in ids else np.sqrt(spread)
    return root if {"eps_forgotten", "eps_outside_quotient"} & ids else root + eps


def _buffer(
    ids: frozenset[str], above: Array, divisor: Array, state: RMSpropState, lr: float, momentum: float
) -> tuple[Array, Array]:
    """The new buffer, and by how much the weights move."""
    if momentum == 0 or "momentum_ignored" in ids:
        return state.b, lr * above / divisor
    if "buffers_gradients" in ids:
        b = momentum * state.b + above
        return b, lr * b / divisor
    if "lr_in_the_buffer" in ids:
        b = momentum * state.b + lr * above / divisor
        return b, b
    fresh = 1 - momentum if "buffer_averages" in ids else 1.0
    b = momentum * state.b + fresh * above / divisor
    return b, lr * b


MISCONCEPTIONS = FAMILY | {
    "shares_swapped": Misconception(
        "Its averages keep the share 1 − alpha of the old and take the share alpha of the new.",
        "The share that survives is alpha: alpha · old + (1 − alpha) · new.",
    ),
    "never_fades": Misconception(
        "Its mean square forgets nothing.",
        "The old v is multiplied by alpha; without that, it only grows, as in Adagrad.",
    ),
    "v_not_returned": Misconception(
        "It returns the old v instead of the new one.",
        "Put the v you have calculated into the state you return, or the next step will not know it.",
    ),
    "bias_corrected": Misconception(
        "It corrects the mean square for its start at 0, as Adam does.",
        "RMSprop has no correction: divide by the root of v as it is.",
        START,
    ),
    "momentum_ignored": Misconception(
        "Its momentum remembers nothing.",
        "The weights move along the buffer, momentum · state.b plus the quotient, and the new state must hold it.",
        CENTERED,
    ),
    "buffers_gradients": Misconception(
        "Its buffer collects gradients and is divided afterwards.",
        "First divide the gradient, then put the quotient into the buffer.",
        CENTERED,
    ),
    "lr_in_the_buffer": Misconception(
        "It multiplies by lr before the buffer instead of after it.",
        "The buffer collects the quotients themselves; lr enters only when the weights move.",
        CENTERED,
    ),
    "buffer_averages": Misconception(
        "Its buffer is an average: the new quotient enters with weight 1 − momentum.",
        "Here, as in torch, the buffer is a sum: the new quotient enters whole.",
        CENTERED,
    ),
    "centered_ignored": Misconception(
        "With centered=True it still divides by the root of the mean square.",
        "Subtract the square of the mean gradient first: v − m².",
        CENTERED,
    ),
    "square_added": Misconception(
        "It adds the square of the mean where it should subtract it.",
        "The spread about the mean is v − m².",
        CENTERED,
    ),
    "spread_averaged": Misconception(
        "With centered=True it averages (g − m)² into v.",
        "What v averages is g² in any case; the spread is v − m².",
        CENTERED,
    ),
    "numerator_centered": Misconception(
        "It subtracts the mean from the gradient as well.",
        "Only the divisor is centered; above the line stands g.",
        CENTERED,
    ),
    "m_not_returned": Misconception(
        "It returns the old m instead of the new one.",
        "Put the m you have calculated into the state you return, or the next step will not know it.",
    ),
}


def _settings(rng: np.random.Generator) -> dict[str, Any]:
    """A short memory, so that a few steps show all of it; without eps, which has a criterion of its own."""
    return {"lr": between(rng, 0.05, 0.6), "alpha": between(rng, 0.6, 0.9), "eps": 0.0}


def _with_momentum(rng: np.random.Generator) -> dict[str, Any]:
    return _settings(rng) | {"momentum": between(rng, 0.4, 0.9)}


def _centered(rng: np.random.Generator) -> dict[str, Any]:
    return _settings(rng) | {"alpha": between(rng, 0.6, 0.75), "centered": True}


def _paths(settings: Callable[[np.random.Generator], dict[str, Any]]) -> Draw:
    """A constant learning rate, then a changing one."""

    def draw(rng: np.random.Generator) -> list[Tree]:
        changing = {name: value for name, value in settings(rng).items() if name != "lr"}
        return [
            RMSPROP_STEP.case(steps_run(rng, (3,), 5, settings(rng))),
            RMSPROP_STEP.case(steps_run(rng, (2, 2), 5, changing, changing_lr=True)),
        ]

    return draw


def _swinging(rng: np.random.Generator) -> list[Tree]:
    """Gradients that change sign and grow, so that no wrong v falls below m² and hides behind a nan."""
    cases = _paths(_centered)(rng)
    for case in cases:
        gradients = np.abs(case["runs"][0]["gradients"])
        swing = (-3.0) ** np.arange(len(gradients))
        case["runs"][0]["gradients"] = gradients * swing.reshape(-1, *[1] * (gradients.ndim - 1))
    return cases


def _mean_squares(rng: np.random.Generator) -> list[Tree]:
    return [RMSPROP_STEP.case(*(steps_run(rng, (3,), 4, _settings(rng)) for _ in range(2)), repeat=True)]


def _with_eps(rng: np.random.Generator) -> list[Tree]:
    return [RMSPROP_STEP.case(steps_run(rng, (3,), 4, _settings(rng) | {"eps": between(rng, 0.05, 0.3)}))]


def _shapes_and_dtypes(rng: np.random.Generator) -> list[Tree]:
    draws = [(shape, dtype, 1.0) for shape in SHAPES for dtype in FLOATS]
    draws += [((3,), np.float64, 1e-30), ((3,), np.float64, 1e30)]
    return [
        RMSPROP_STEP.case(steps_run(rng, shape, 3, _settings(rng), dtype=dtype, scale=scale))
        for shape, dtype, scale in draws
    ]


def _inputs(rng: np.random.Generator) -> list[Tree]:
    settings = [_settings(rng), _with_momentum(rng), _centered(rng)]
    return [RMSPROP_STEP.case(steps_run(rng, s, 3, each)) for s, each in zip([(), (4,), (2, 2)], settings, strict=True)]


def _torch(rng: np.random.Generator) -> list[Tree]:
    draws = (_settings, _with_momentum, _centered)
    return [RMSPROP_STEP.case(steps_run(rng, (2, 3), 3, settings(rng)), backend="torch") for settings in draws]


def _neither(settings: Tree) -> bool:
    return not settings.get("centered") and not settings.get("momentum")


def _unused(settings: Tree) -> frozenset[str]:
    """Without momentum nothing depends on ``b``, and where it is not centered nothing on ``m``."""
    return frozenset(
        name for name, used in (("b", settings.get("momentum")), ("m", settings.get("centered"))) if not used
    )


RMSPROP_STEP = Spec(
    function="rmsprop_step",
    reference=rmsprop_step,
    wrong=wrong_rmsprop,
    criteria={
        "mean_square": Criterion("v averages the squares of the gradients", _mean_squares, ("t", "v")),
        "plain": Criterion("Every step is divided by the root of the mean square", _paths(_settings), ("w",)),
        "momentum": Criterion("With momentum the weights move along a buffer", _paths(_with_momentum), ("w", "b")),
        "centered": Criterion("Centered, the spread about the mean divides", _swinging, ("w", "m")),
        "eps": Criterion("eps is added outside the root", _with_eps, ("w",)),
        # These two judge the mean square alone, so that a wrong quotient costs nothing here.
        "any_shape_and_dtype": Criterion(
            "Numbers, vectors and matrices, tiny and huge, in float64 and float32",
            _shapes_and_dtypes,
            ("v",),
            form=True,
        ),
        "inputs_unchanged": Criterion(
            "The arrays passed in stay as they were", _inputs, ("v",), judges_values_when=_neither, purity=True
        ),
        "torch_tensors": Criterion("It works on torch tensors too", _torch, ("w",), form=True, backend="torch"),
    },
    misconceptions=MISCONCEPTIONS,
    section=f"{PAGE}#a-mean-in-place-of-the-sum",
    init="rmsprop_init",
    initial=rmsprop_init,
    fields=RMSpropState._fields,
    free=_unused,
    torch="RMSprop",
    shown={"lr": 0.3, "alpha": 0.7},
)
