"""``line_gradient``: what is asked of it, and the ways it goes wrong."""

from collections.abc import Callable

import numpy as np

from course_lib.arrays import Array
from course_lib.checks.cases import numbers
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Misconception, Spec
from course_lib.regression import line_gradient

PAGE = "chapters/stochastic_descent.html#the-gradient-is-a-mean"


def wrong_gradient(ids: frozenset[str]) -> Callable[[Array, Array, Array], Array]:
    """``line_gradient`` with the mistakes ``ids``; without any, the reference."""

    def gradient(w: Array, x: Array, y: Array) -> Array:
        a, b = w
        if "first_point_only" in ids:
            x, y = x[:1], y[:1]
        r = a * x + (0.0 if "forgets_b" in ids else b) - (0.0 if "forgets_y" in ids else y)
        r = r**2 if "squared" in ids else r
        for_a = r if "a_without_x" in ids else r * x
        for_b = r * x if "b_with_x" in ids else r
        collect = np.sum if "sums" in ids else np.mean
        both = [collect(for_a), collect(for_b)]
        if "means_multiplied" in ids and "a_without_x" not in ids:
            both[0] = collect(r) * np.mean(x)
        factor = 2.0 if "doubled" in ids else 0.5 if "halved" in ids else 1.0
        both = both[::-1] if "swapped" in ids else both
        return np.stack(both) * (-factor if "wrong_sign" in ids else factor)

    return gradient


MISCONCEPTIONS = {
    "wrong_sign": Misconception(
        "It points downhill: all signs are turned round.",
        "The gradient points to where the loss grows. The derivative of (a·x + b − y)² keeps the sign of a·x + b − y.",
    ),
    "doubled": Misconception(
        "It is twice as large as it should be.",
        "The loss is half the mean of the squares, so the 2 from the power and the ½ cancel.",
    ),
    "halved": Misconception(
        "It is half as large as it should be.",
        "The derivative of the square brings down a 2, which cancels the ½ of the loss.",
    ),
    "sums": Misconception(
        "It takes the sum over the points instead of the mean.",
        "The loss is a mean, and so is its gradient: otherwise it would grow with the number of points.",
    ),
    "a_without_x": Misconception(
        "Its derivative by a leaves out x.",
        "The chain rule: a·x + b − y changes by x when a changes by 1.",
    ),
    "b_with_x": Misconception(
        "Its derivative by b has a factor x.",
        "The chain rule: a·x + b − y changes by 1 when b changes by 1, whatever x is.",
    ),
    "swapped": Misconception(
        "It returns the two derivatives the wrong way round.",
        "The slope comes first, as in w: the derivative by a, then the one by b.",
    ),
    "means_multiplied": Misconception(
        "It multiplies two means where the mean of a product is due.",
        "Multiply each point's residual by that point's own x, and only then take the mean.",
    ),
    "forgets_b": Misconception(
        "Its line has no intercept: b is left out.",
        "The residual is a·x + b − y.",
    ),
    "forgets_y": Misconception(
        "It does not look at y.",
        "The residual is what the line says less what was measured: a·x + b − y.",
    ),
    "first_point_only": Misconception(
        "It looks at the first point alone.",
        "Take the mean over all points that were passed in.",
    ),
    "squared": Misconception(
        "It squares the residuals.",
        "The square belongs to the loss; its derivative holds the residual itself.",
    ),
}


def _points(rng: np.random.Generator, n: int) -> list[np.ndarray]:
    """A line and points, at least one of which is well off it."""
    w, x, y = (numbers(rng, (size,)).round(2) for size in (2, n, n))
    y[0] = (w[0] * x[0] + w[1] + rng.uniform(1.5, 3.0)).round(2)
    return [w, x, y]


def _case(rng: np.random.Generator, *sizes: int) -> list[Tree]:
    return [LINE_GRADIENT.case({"calls": [_points(rng, n) for n in sizes], "settings": {}})]


LINE_GRADIENT = Spec(
    function="line_gradient",
    reference=line_gradient,
    wrong=wrong_gradient,
    criteria={
        "one_point": Criterion(
            "For one point, the chain rule gives both derivatives", lambda rng: _case(rng, 1, 1, 1), ("value",)
        ),
        "many_points": Criterion(
            "For many points, each derivative is the mean of theirs", lambda rng: _case(rng, 4, 2, 7), ("value",)
        ),
    },
    misconceptions=MISCONCEPTIONS,
    section=PAGE,
)
