"""``sgd_epoch``: what is asked of it, and the ways it goes wrong."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.arrays import Array
from course_lib.checks.cases import between, numbers
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Misconception, Spec
from course_lib.regression import line_gradient, sgd_epoch

PAGE = "chapters/stochastic_descent.html"
FALLING = f"{PAGE}#let-the-rate-fall"


def wrong_epoch(ids: frozenset[str]) -> Callable[..., Array]:
    """``sgd_epoch`` with the mistakes ``ids``; without any, the reference."""

    def epoch(
        w: Array, x: Array, y: Array, order: Array, *, batch_size: int, lr: float, decay: float = 0.0, t: int = 0
    ) -> Array:
        start, rate = w, lr
        for k, batch in enumerate(_batches(ids, order, batch_size)):
            rate = (rate if "decay_compounds" in ids else lr) / (1 + _decay(ids, decay) * _count(ids, t, k))
            at = start if "gradient_at_the_start" in ids else w
            g = line_gradient(at, x[batch], y[batch]) * _scale(ids, len(batch), batch_size)
            w = w + rate * g if "ascends" in ids else w - rate * g
        return w

    return epoch


def _batches(ids: frozenset[str], order: Array, size: int) -> list[Array]:
    """The points that each step sees."""
    order = np.arange(len(order)) if "ignores_the_order" in ids else order
    stride = 1 if "batches_overlap" in ids else size
    steps = len(order) // size if "drops_the_last" in ids else -(-len(order) // size)
    found = [order[k * stride : k * stride + size] for k in range(steps)]
    if "all_points_every_step" in ids:
        found = [order for _ in found]
    if "one_point_a_batch" in ids:
        found = [batch[:1] for batch in found]
    return found[:1] if "first_batch_only" in ids else found


def _scale(ids: frozenset[str], points: int, size: int) -> float:
    if "sums_the_batch" in ids:
        return float(points)
    return points / size if "last_batch_too_weak" in ids and points < size else 1.0


def _decay(ids: frozenset[str], decay: float) -> float:
    return 0.0 if "decay_ignored" in ids else decay


def _count(ids: frozenset[str], t: int, k: int) -> int:
    """How many steps the decay counts before the epoch's step ``k`` (from 0)."""
    if "decay_starts_anew" in ids:
        t = 0
    if "decay_stands_still" in ids:
        k = 0
    return t + k + ("decay_one_ahead" in ids)


MISCONCEPTIONS = {
    "ascends": Misconception(
        "It walks up the slope instead of down.",
        "The gradient points to where the loss grows. Look at the sign in front of it.",
    ),
    "gradient_at_the_start": Misconception(
        "It takes every gradient at the line with which the epoch began.",
        "Each step starts where the last one ended: calculate the next gradient at the new w.",
    ),
    "ignores_the_order": Misconception(
        "It takes the points as they stand and not in the given order.",
        "The numbers in order say which points come next: x[order[…]].",
    ),
    "drops_the_last": Misconception(
        "It leaves out the points that do not fill a batch.",
        "What is left over makes a last, smaller batch with a step of its own.",
    ),
    "last_batch_too_weak": Misconception(
        "It divides the last, smaller batch by the full batch size.",
        "The mean of a batch divides by the number of points that are in it.",
    ),
    "sums_the_batch": Misconception(
        "It adds up the gradients of a batch instead of taking their mean.",
        "With the mean, lr means the same whatever the batch size.",
    ),
    "one_point_a_batch": Misconception(
        "It uses only the first point of each batch.",
        "Take the mean gradient of all batch_size points.",
    ),
    "first_batch_only": Misconception(
        "It stops after the first batch.",
        "An epoch goes on until every point has been seen; see whether the return stands inside the loop.",
    ),
    "all_points_every_step": Misconception(
        "Every one of its steps uses all the points.",
        "A step sees its own batch alone; that is what makes it cheap.",
    ),
    "batches_overlap": Misconception(
        "Its batches overlap: each begins one point after the last.",
        "A batch begins where the one before it ended, batch_size points on.",
    ),
    "decay_ignored": Misconception(
        "Its learning rate never falls.",
        "Each step has the learning rate decayed_lr(lr, decay, t), with t the steps taken before it.",
        FALLING,
    ),
    "decay_starts_anew": Misconception(
        "Its learning rate starts anew at every epoch.",
        "Count on from the t that was passed in.",
        FALLING,
    ),
    "decay_stands_still": Misconception(
        "Its learning rate is the same for all steps of an epoch.",
        "Here t counts steps and not epochs: add 1 after every batch.",
        FALLING,
    ),
    "decay_one_ahead": Misconception(
        "Its decay is one step ahead.",
        "The step after t steps has the learning rate of t; add 1 after the step and not before it.",
        FALLING,
    ),
    "decay_compounds": Misconception(
        "It makes the learning rate smaller from what is already smaller.",
        "Calculate each step's learning rate from the lr passed in, under a name of its own.",
        FALLING,
    ),
}


def _run(rng: np.random.Generator, n: int, batch_size: int, **settings: Any) -> Tree:
    """One epoch over ``n`` points, dealt out so that the first batch is not the one that stands first."""
    # Small x, so that a gradient measured from the loss, as the notebook does it, is as good as one by formula.
    x, w, y = numbers(rng, (n,), 0.5).round(2), numbers(rng, (2,)).round(2), numbers(rng, (n,)).round(2)
    order = rng.permutation(n)
    while batch_size < n and set(order[:batch_size]) == set(range(batch_size)):
        order = rng.permutation(n)
    common = {"batch_size": batch_size, "lr": between(rng, 0.03, 0.09)}
    return {"calls": [[w, x, y, order]], "settings": common | settings}


def _whole(rng: np.random.Generator) -> list[Tree]:
    return [SGD_EPOCH.case(_run(rng, n, n), repeat=True) for n in (4, 5)]


def _mini(rng: np.random.Generator) -> list[Tree]:
    return [SGD_EPOCH.case(_run(rng, n, size)) for n, size in [(6, 2), (6, 3), (4, 1)]]


def _left_over(rng: np.random.Generator) -> list[Tree]:
    return [SGD_EPOCH.case(_run(rng, n, size)) for n, size in [(7, 3), (5, 2)]]


def _decaying(rng: np.random.Generator) -> list[Tree]:
    settings = [{"decay": between(rng, 0.2, 0.6), "t": t} for t in (0, 4)]
    return [SGD_EPOCH.case(_run(rng, 6, 2, **s)) for s in settings]


def _inputs(rng: np.random.Generator) -> list[Tree]:
    return [SGD_EPOCH.case(_run(rng, 4, 4))]


SGD_EPOCH = Spec(
    function="sgd_epoch",
    reference=sgd_epoch,
    wrong=wrong_epoch,
    criteria={
        "one_batch": Criterion("With one batch of all points it is one step of descent", _whole, ("value",)),
        "mini_batches": Criterion(
            "Each batch, in the given order, makes a step from where the last ended", _mini, ("value",)
        ),
        "last_batch": Criterion("Points left over make a smaller batch of full weight", _left_over, ("value",)),
        "decay": Criterion("The learning rate falls from step to step, across epochs", _decaying, ("value",)),
        "inputs_unchanged": Criterion("The arrays passed in stay as they were", _inputs, ("value",), purity=True),
    },
    misconceptions=MISCONCEPTIONS,
    section=f"{PAGE}#batches-steps-epochs",
)
