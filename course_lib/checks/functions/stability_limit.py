"""``stability_limit``: the learning rate at which descent on a quadratic stops converging, as a learner predicts it.

LeCun, Y., Bottou, L., Orr, G. B., Müller, K.-R. (1998), "Efficient BackProp", in Neural Networks: Tricks of the Trade,
section 5.1; Nesterov, Y. (2018), Lectures on Convex Optimization, section 1.2.3.
"""

from collections.abc import Callable

import numpy as np

from course_lib.arrays import Array
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Misconception, Spec


def stability_limit(curvatures: Array) -> float:
    r"""Gradient descent on :math:`\tfrac12 \sum_i h_i x_i^2` converges for lr between 0 and :math:`2 / \max_i h_i`.

    Parameters
    ----------
    curvatures : array of shape (n,)
        The second derivatives :math:`h_i`, all positive.
    """
    return 2.0 / float(np.max(curvatures))


PAGE = "chapters/gradient_descent.html"
MANY = f"{PAGE}#many-directions-one-learning-rate"

# How a wrong answer picks one curvature out of many, and what it then divides by it.
_PICKS: dict[str, Callable[[Array], float]] = {
    "uses_smallest": np.min,
    "uses_mean": np.mean,
    "uses_sum": np.sum,
    "uses_first": lambda h: h[0],
    "uses_last": lambda h: h[-1],
}
_OVER = {"forgets_the_two": 1.0, "half_too_often": 0.5, "twice_too_large": 4.0}


def wrong_limit(ids: frozenset[str]) -> Callable[[Array], float]:
    """``stability_limit`` with the mistakes ``ids``; without any, the reference."""
    pick = next((_PICKS[name] for name in _PICKS if name in ids), np.max)
    over = next((_OVER[name] for name in _OVER if name in ids), 2.0)

    def limit(curvatures: Array) -> float:
        answer = over / float(pick(curvatures))
        return 1.0 / answer if "upside_down" in ids else answer

    return limit


_MULTIPLIER = "One step multiplies x by 1 − lr · h."
MISCONCEPTIONS = {
    "uses_smallest": Misconception(
        "It takes the flattest direction's curvature.",
        "The steepest direction is the first to blow up, so the largest curvature sets the limit.",
        MANY,
    ),
    "uses_mean": Misconception(
        "It takes the mean of the curvatures.",
        "Every direction must converge, the steepest too; the others do not make up for it.",
        MANY,
    ),
    "uses_sum": Misconception(
        "It takes the sum of the curvatures.",
        "The directions do not mix: each multiplies its own x, and the steepest one sets the limit.",
        MANY,
    ),
    "uses_first": Misconception(
        "It takes the first curvature, wherever the largest stands.",
        "The curvatures come in any order; look for the largest.",
        MANY,
    ),
    "uses_last": Misconception(
        "It takes the last curvature, wherever the largest stands.",
        "The curvatures come in any order; look for the largest.",
        MANY,
    ),
    "forgets_the_two": Misconception(
        "It gives half the limit: the learning rate that lands in one step.",
        f"{_MULTIPLIER} At lr = 1/h that is 0; it shrinks x as long as it stays above −1.",
    ),
    "half_too_often": Misconception(
        "It gives a quarter of the limit.",
        f"{_MULTIPLIER} Solve 1 − lr · h = −1 for lr.",
    ),
    "twice_too_large": Misconception(
        "It gives twice the limit.",
        f"{_MULTIPLIER} Solve 1 − lr · h = −1 for lr; h is the second derivative, not the factor in front of x².",
    ),
    "upside_down": Misconception(
        "It is upside down: a steeper direction should give a smaller limit.",
        f"{_MULTIPLIER} Solve 1 − lr · h = −1 for lr.",
    ),
}


def _curvatures(rng: np.random.Generator, n: int, largest_at: int) -> np.ndarray:
    """Positive numbers in random order with the largest at a given place."""
    h = rng.uniform(0.5, 4.0, n)
    h[largest_at] = rng.uniform(5.0, 40.0)
    return np.asarray(h.round(3))


def _one_curvature(rng: np.random.Generator) -> list[Tree]:
    calls = [[_curvatures(rng, 1, 0)] for _ in range(3)]
    return [STABILITY_LIMIT.case({"calls": calls, "settings": {}})]


def _many_curvatures(rng: np.random.Generator) -> list[Tree]:
    calls = [[_curvatures(rng, n, at)] for n, at in [(3, 1), (2, 0), (4, 3), (5, 2)]]
    return [STABILITY_LIMIT.case({"calls": calls, "settings": {}}, repeat=True)]


STABILITY_LIMIT = Spec(
    function="stability_limit",
    reference=stability_limit,
    wrong=wrong_limit,
    criteria={
        "one_curvature": Criterion(
            "In one direction, the limit follows from the multiplier", _one_curvature, ("value",)
        ),
        "many_curvatures": Criterion("In many directions, the steepest sets the limit", _many_curvatures, ("value",)),
    },
    misconceptions=MISCONCEPTIONS,
    section=f"{PAGE}#one-multiplier-tells-everything",
)
