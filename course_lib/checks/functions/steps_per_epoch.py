"""``steps_per_epoch``: what is asked of it, and the ways it goes wrong."""

from collections.abc import Callable

import numpy as np

from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Misconception, Spec
from course_lib.data import steps_per_epoch

PAGE = "chapters/stochastic_descent.html#batches-steps-epochs"


def wrong_steps(ids: frozenset[str]) -> Callable[[int, int], int | float]:
    """``steps_per_epoch`` with the mistakes ``ids``; without any, the reference."""

    def steps(n: int, batch_size: int) -> int | float:
        size = 1 if "one_step_a_point" in ids else batch_size
        if "always_one_more" in ids:
            return n // size + 1
        if "rounds_down" in ids:
            return n // size
        if "rounds_to_nearest" in ids:
            return round(n / size)
        return n / size if "not_rounded" in ids else steps_per_epoch(n, size)

    return steps


MISCONCEPTIONS = {
    "rounds_down": Misconception(
        "It leaves out the points that do not fill a batch.",
        "An epoch shows every point once, so what is left over makes a last, smaller batch.",
    ),
    "rounds_to_nearest": Misconception(
        "It rounds to the nearest whole number, so a few points left over get no step.",
        "However few are left over, they make a last batch: round up.",
    ),
    "not_rounded": Misconception(
        "It returns a fraction of a step.",
        "What is left over takes a whole step: round up.",
    ),
    "always_one_more": Misconception(
        "It adds a step even where no points are left over.",
        "Ten points in batches of five take two steps; only a remainder takes a further one.",
    ),
    "one_step_a_point": Misconception(
        "It counts the points, not the batches.",
        "A step sees batch_size points at once.",
    ),
}


def _calls(rng: np.random.Generator, *left_over: int) -> list[Tree]:
    """Batches of some size, a number of them, and as many points left over; negative ones are missing in the last."""
    drawn = [(int(rng.integers(5, 12)), int(rng.integers(13, 30)), rest) for rest in left_over]
    return [STEPS_PER_EPOCH.case({"calls": [[size * full + rest, size] for size, full, rest in drawn], "settings": {}})]


STEPS_PER_EPOCH = Spec(
    function="steps_per_epoch",
    reference=steps_per_epoch,
    wrong=wrong_steps,
    criteria={
        "no_remainder": Criterion("Full batches alone take one step each", lambda rng: _calls(rng, 0, 0), ("value",)),
        "remainder": Criterion(
            "Points left over take one more step", lambda rng: _calls(rng, 1, -1, 2, -2), ("value",)
        ),
    },
    misconceptions=MISCONCEPTIONS,
    section=PAGE,
)
