"""``gd_step``: what is asked of it, and the ways it goes wrong."""

from collections.abc import Callable

import numpy as np

from course_lib.arrays import Array
from course_lib.checks.cases import between, steps_run
from course_lib.checks.functions.common import FLOATS, SHAPES
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Misconception, Spec
from course_lib.optimizers.gd import GDState, gd_init, gd_step

PAGE = "chapters/gradient_descent.html"
NEEDS_LR = f"{PAGE}#subtract-the-slope-and-see-what-breaks"


def wrong_gd(ids: frozenset[str]) -> Callable[..., tuple[Array, GDState]]:
    """``gd_step`` with the mistakes ``ids``; without any, the reference."""

    def step(w: Array, g: Array, state: GDState, *, lr: float = 1e-3) -> tuple[Array, GDState]:
        t = state.t + 1
        rate = _rate(ids, lr, t)
        slope = _slope(ids, w, g)
        towards = 1.0 if "ascends" in ids else -1.0
        if "returns_the_change" in ids:
            w = towards * rate * slope
        elif "lr_times_everything" in ids:
            w = rate * (w + towards * slope)
        else:
            w = w + towards * rate * slope
        return w, GDState(_count(ids, t))

    return step


def _rate(ids: frozenset[str], lr: float, t: int) -> float:
    if "forgets_lr" in ids:
        return 1.0
    if "lr_twice" in ids:
        return lr * lr
    if "divides_by_lr" in ids:
        return 1.0 / lr
    if "lr_over_t" in ids:
        return lr / t
    return lr * t if "lr_times_t" in ids else lr


def _slope(ids: frozenset[str], w: Array, g: Array) -> Array:
    if "sign_only" in ids:
        return np.sign(g)
    if "unit_length" in ids:
        return g / np.sqrt(np.sum(g * g))
    if "mean_gradient" in ids:
        return np.full_like(g, np.sum(g) / max(g.size, 1))
    return w * g if "times_the_weight" in ids else g


def _count(ids: frozenset[str], t: int) -> int:
    if "t_not_counted" in ids:
        return t - 1
    return t + 1 if "t_counted_twice" in ids else t


MISCONCEPTIONS = {
    "ascends": Misconception(
        "It walks up the slope instead of down.",
        "The gradient points to where the loss grows. Look at the sign in front of lr · g.",
    ),
    "forgets_lr": Misconception(
        "It ignores the learning rate.",
        "The step is the gradient times lr; as it stands, lr changes nothing.",
        NEEDS_LR,
    ),
    "lr_twice": Misconception(
        "It multiplies by the learning rate twice.",
        "Each step is lr · g, with lr once.",
        NEEDS_LR,
    ),
    "divides_by_lr": Misconception(
        "It divides by the learning rate instead of multiplying.",
        "A smaller lr must give a smaller step: lr · g.",
        NEEDS_LR,
    ),
    "lr_over_t": Misconception(
        "Its steps shrink with the number of steps taken.",
        "The counter t is only carried along; lr is the same at every step.",
    ),
    "lr_times_t": Misconception(
        "Its steps grow with the number of steps taken.",
        "The counter t is only carried along; lr is the same at every step.",
    ),
    "sign_only": Misconception(
        "It uses only the sign of the gradient.",
        "Where the slope is steeper the step is longer: use g itself.",
    ),
    "unit_length": Misconception(
        "It scales the gradient to length 1 first.",
        "Where the slope is steeper the step is longer: use g as it comes.",
    ),
    "mean_gradient": Misconception(
        "It moves every weight by the same amount, the mean of the gradient.",
        "Each weight has its own entry in g; subtract element by element, without mean().",
    ),
    "times_the_weight": Misconception(
        "It multiplies the gradient by the weight.",
        "The gradient g is already the slope at w; the step is lr · g.",
    ),
    "returns_the_change": Misconception(
        "It returns the change of the weights, not the new weights.",
        "The new weights are the old ones plus the change.",
    ),
    "lr_times_everything": Misconception(
        "It multiplies the old weights by lr as well.",
        "Look at the brackets: only g is multiplied by lr.",
    ),
    "t_not_counted": Misconception(
        "It does not count the step.",
        "Return a new state whose t is one more than that of the state you were given.",
    ),
    "t_counted_twice": Misconception(
        "It counts two for every step.",
        "The new t is the old t plus 1.",
    ),
}


def _one_step(rng: np.random.Generator) -> list[Tree]:
    return [
        GD_STEP.case(steps_run(rng, shape, 1, {"lr": between(rng, 0.05, 0.6)}), repeat=True) for shape in [(3,), (2, 2)]
    ]


def _many_steps(rng: np.random.Generator) -> list[Tree]:
    first, second = (steps_run(rng, (3,), 6, {"lr": between(rng, 0.05, 0.6)}) for _ in range(2))
    return [
        GD_STEP.case(first, second, repeat=True),
        GD_STEP.case(steps_run(rng, (2, 3), 5, {}, changing_lr=True)),
    ]


def _shapes_and_dtypes(rng: np.random.Generator) -> list[Tree]:
    cases = [
        GD_STEP.case(steps_run(rng, shape, 2, {"lr": between(rng, 0.05, 0.6)}, dtype=dtype))
        for shape in SHAPES
        for dtype in FLOATS
    ]
    for scale in (1e-30, 1e30):
        cases.append(GD_STEP.case(steps_run(rng, (3,), 2, {"lr": between(rng, 0.05, 0.6)}, scale=scale)))
    return cases


def _inputs(rng: np.random.Generator) -> list[Tree]:
    return [GD_STEP.case(steps_run(rng, shape, 3, {"lr": between(rng, 0.05, 0.6)})) for shape in [(), (4,), (2, 2)]]


def _torch(rng: np.random.Generator) -> list[Tree]:
    return [GD_STEP.case(steps_run(rng, (2, 3), 3, {"lr": between(rng, 0.05, 0.6)}), backend="torch")]


GD_STEP = Spec(
    function="gd_step",
    reference=gd_step,
    wrong=wrong_gd,
    criteria={
        "one_step": Criterion("One step goes where it should", _one_step, ("w",)),
        "many_steps": Criterion(
            "Many steps, each from where the last one ended, counted in t", _many_steps, ("w", "t")
        ),
        "any_shape_and_dtype": Criterion(
            "Numbers, vectors and matrices, tiny and huge, in float64 and float32",
            _shapes_and_dtypes,
            ("w",),
            form=True,
        ),
        "inputs_unchanged": Criterion("The arrays passed in stay as they were", _inputs, ("w",), purity=True),
        "torch_tensors": Criterion("It works on torch tensors too", _torch, ("w",), form=True, backend="torch"),
    },
    misconceptions=MISCONCEPTIONS,
    section=f"{PAGE}#the-reference",
    init="gd_init",
    initial=gd_init,
    fields=GDState._fields,
    torch="SGD",
    shown={"lr": 0.09},
)
