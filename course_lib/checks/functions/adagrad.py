"""``adagrad_step``: what is asked of it, and the ways it goes wrong."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.arrays import Array
from course_lib.checks.cases import between, steps_run
from course_lib.checks.functions.common import FLOATS, SHAPES
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Misconception, Spec
from course_lib.optimizers.adagrad import AdagradState, adagrad_init, adagrad_step

PAGE = "chapters/adagrad.html"


def wrong_adagrad(ids: frozenset[str]) -> Callable[..., tuple[Array, AdagradState]]:
    """``adagrad_step`` with the mistakes ``ids``; without any, the reference."""

    def step(
        w: Array, g: Array, state: AdagradState, *, lr: float = 1e-2, lr_decay: float = 0.0, eps: float = 1e-10
    ) -> tuple[Array, AdagradState]:
        t = state.t + 1
        s = _sum(ids, g, state, t)
        towards = 1.0 if "ascends" in ids else -1.0
        w = w + towards * _rate(ids, lr, lr_decay, t) * _quotient(ids, g, s / t if "mean_not_sum" in ids else s, eps)
        return w, AdagradState(t - 1 if "t_not_counted" in ids else t, state.s if "s_not_returned" in ids else s)

    return step


def _sum(ids: frozenset[str], g: Array, state: AdagradState, t: int) -> Array:
    fresh = np.abs(g) if "sizes_summed" in ids else g**2
    if "one_for_all" in ids:
        fresh = np.full_like(g, np.sum(fresh))
    if "sum_begins_anew" in ids and t == 1 and "t_not_counted" not in ids:  # or every step would be the first
        return fresh
    return np.maximum(state.s, fresh) if "largest_not_sum" in ids else state.s + fresh


def _rate(ids: frozenset[str], lr: float, lr_decay: float, t: int) -> float:
    lr = 1.0 if "forgets_lr" in ids else lr
    if "decay_ignored" in ids:
        return lr
    if "decay_by_t" in ids:
        return lr / (1 + t * lr_decay)
    if "decay_compounds" in ids:
        return float(lr * (1 - lr_decay) ** (t - 1))
    return lr * (1 + (t - 1) * lr_decay) if "decay_multiplies" in ids else lr / (1 + (t - 1) * lr_decay)


def _quotient(ids: frozenset[str], g: Array, s: Array, eps: float) -> Array:
    if "eps_inside_root" in ids:
        return g / np.sqrt(s + eps)
    root = s if "root_forgotten" in ids else np.sqrt(s)
    if "eps_forgotten" in ids:
        return g / root
    return g / root + eps if "eps_outside_quotient" in ids else g / (root + eps)


# What Adagrad, RMSprop and Adadelta share.
FAMILY = {
    "ascends": Misconception(
        "It walks up the slope instead of down.",
        "The gradient points to where the loss grows. Look at the sign in the last line.",
    ),
    "forgets_lr": Misconception(
        "It ignores the learning rate.",
        "Multiply the step by lr; as it stands, lr changes nothing.",
    ),
    "root_forgotten": Misconception(
        "It divides by squares without taking their root.",
        "Only the root of the squares has the size of a gradient.",
    ),
    "eps_inside_root": Misconception(
        "It adds eps under the root.",
        "First the root, then eps.",
    ),
    "eps_forgotten": Misconception(
        "It leaves out eps.",
        "Without it a weight whose gradients have all been 0 divides by 0. Add eps to the root.",
    ),
    "eps_outside_quotient": Misconception(
        "It adds eps to the quotient and not to the divisor.",
        "Mind the brackets: the root and eps stand below the line together.",
    ),
    "t_not_counted": Misconception(
        "It does not count the step.",
        "Return a new state whose t is one more than that of the state you were given.",
    ),
}
MISCONCEPTIONS = FAMILY | {
    "sizes_summed": Misconception(
        "It sums the sizes of the gradients instead of their squares.",
        "The sum is one of squares, g²; the root brings it back to a gradient's size.",
    ),
    "one_for_all": Misconception(
        "It keeps one sum for all weights together.",
        "Each weight has a sum of its own: add g² element by element, without sum().",
    ),
    "largest_not_sum": Misconception(
        "It keeps the largest square instead of their sum.",
        "Every square is added: s + g².",
    ),
    "mean_not_sum": Misconception(
        "It divides by the root of the mean square, not of the sum.",
        "Adagrad's steps grow shorter because the sum grows; do not divide it by t.",
    ),
    "s_not_returned": Misconception(
        "It returns the old sum instead of the new one.",
        "Put the s you have calculated into the state you return, or the next step will not know it.",
    ),
    "sum_begins_anew": Misconception(
        "It throws away the sum that it is given for the first step.",
        "Add to state.s from the first step on: it holds initial_accumulator_value, which need not be 0.",
    ),
    "decay_ignored": Misconception(
        "It ignores lr_decay.",
        "The rate of step t is lr / (1 + (t − 1) · lr_decay).",
    ),
    "decay_by_t": Misconception(
        "It decays the rate one step too early.",
        "The first step has the whole lr: the factor is t − 1, with t = 1 there.",
    ),
    "decay_compounds": Misconception(
        "Its rate falls by the same factor at every step.",
        "The rate is divided by 1 + (t − 1) · lr_decay, which grows evenly.",
    ),
    "decay_multiplies": Misconception(
        "Its rate grows where it should fall.",
        "Divide lr by 1 + (t − 1) · lr_decay.",
    ),
}


def _settings(rng: np.random.Generator) -> dict[str, Any]:
    """Without eps, which has a criterion of its own."""
    return {"lr": between(rng, 0.05, 0.6), "eps": 0.0}


def _with_decay(rng: np.random.Generator) -> dict[str, Any]:
    return _settings(rng) | {"lr_decay": between(rng, 0.1, 0.6)}


def _start(rng: np.random.Generator) -> dict[str, Any]:
    return {"initial_accumulator_value": between(rng, 0.5, 3.0)}


def _sums(rng: np.random.Generator) -> list[Tree]:
    return [ADAGRAD_STEP.case(*(steps_run(rng, (3,), 4, _settings(rng)) for _ in range(2)), repeat=True)]


def _first_step(rng: np.random.Generator) -> list[Tree]:
    return [ADAGRAD_STEP.case(steps_run(rng, shape, 1, _settings(rng))) for shape in [(3,), (2, 2)]]


def _many_steps(rng: np.random.Generator) -> list[Tree]:
    return [
        ADAGRAD_STEP.case(steps_run(rng, (3,), 5, _settings(rng))),
        ADAGRAD_STEP.case(steps_run(rng, (2, 2), 5, {"eps": 0.0}, changing_lr=True)),
    ]


def _accumulator(rng: np.random.Generator) -> list[Tree]:
    return [ADAGRAD_STEP.case(steps_run(rng, (3,), 3, _settings(rng)) | {"start": _start(rng)}) for _ in range(2)]


def _decaying(rng: np.random.Generator) -> list[Tree]:
    return [ADAGRAD_STEP.case(steps_run(rng, (3,), 5, _with_decay(rng)))]


def _with_eps(rng: np.random.Generator) -> list[Tree]:
    return [ADAGRAD_STEP.case(steps_run(rng, (3,), 4, _settings(rng) | {"eps": between(rng, 0.05, 0.3)}))]


def _shapes_and_dtypes(rng: np.random.Generator) -> list[Tree]:
    draws = [(shape, dtype, 1.0) for shape in SHAPES for dtype in FLOATS]
    draws += [((3,), np.float64, 1e-30), ((3,), np.float64, 1e30)]
    return [
        ADAGRAD_STEP.case(steps_run(rng, shape, 3, _with_decay(rng), dtype=dtype, scale=scale))
        for shape, dtype, scale in draws
    ]


def _inputs(rng: np.random.Generator) -> list[Tree]:
    return [ADAGRAD_STEP.case(steps_run(rng, shape, 3, _settings(rng))) for shape in [(), (4,), (2, 2)]]


def _torch(rng: np.random.Generator) -> list[Tree]:
    return [ADAGRAD_STEP.case(steps_run(rng, (2, 3), 3, _with_decay(rng)), backend="torch")]


ADAGRAD_STEP = Spec(
    function="adagrad_step",
    reference=adagrad_step,
    wrong=wrong_adagrad,
    criteria={
        "sum": Criterion("s adds up the squares of every weight's own gradients", _sums, ("t", "s")),
        "first_step": Criterion("The first step is lr long, whatever the gradient's size", _first_step, ("w",)),
        "many_steps": Criterion("Every step is divided by the root of the sum so far", _many_steps, ("w",)),
        "accumulator": Criterion("The sum begins where the init puts it", _accumulator, ("w", "s")),
        "lr_decay": Criterion("lr_decay shortens every step but the first", _decaying, ("w",)),
        "eps": Criterion("eps is added outside the root", _with_eps, ("w",)),
        # These two judge the sum alone, so that a wrong quotient costs nothing here.
        "any_shape_and_dtype": Criterion(
            "Numbers, vectors and matrices, tiny and huge, in float64 and float32",
            _shapes_and_dtypes,
            ("s",),
            form=True,
        ),
        "inputs_unchanged": Criterion("The arrays passed in stay as they were", _inputs, ("s",), purity=True),
        "torch_tensors": Criterion("It works on torch tensors too", _torch, ("w",), form=True, backend="torch"),
    },
    misconceptions=MISCONCEPTIONS,
    section=f"{PAGE}#what-we-want",
    init="adagrad_init",
    initial=adagrad_init,
    fields=AdagradState._fields,
    torch="Adagrad",
    shown={"lr": 0.8},
)
