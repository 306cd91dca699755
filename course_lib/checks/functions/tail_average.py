"""``tail_average``: the mean of a path's later points. What is asked of it, and the ways it goes wrong.

Polyak, B. T., Juditsky, A. B. (1992), "Acceleration of stochastic approximation by averaging", SIAM J. Control Optim.
30(4), 838-855.
"""

from collections.abc import Callable

import numpy as np

from course_lib.arrays import Array
from course_lib.checks.cases import numbers
from course_lib.checks.functions.common import FLOATS
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Misconception, Spec

PAGE = "chapters/rest_of_the_ten.html#rest-average"


def tail_average(points: Array, first: int) -> Array:
    r"""The mean of all points since point ``first``, at every point of a path.

    .. math:: \bar w_t = \bar w_{t-1} + \mu_t\, (w_t - \bar w_{t-1}), \qquad \mu_t = \frac{1}{\max(1,\, t + 1 - t_0)}

    Parameters
    ----------
    points : array of floats, shape ``(steps, ...)``
        A path, point 0 first.
    first : int
        The first point that the mean holds, counted from 0; until then each point is its own average.

    Returns
    -------
    array
        Shape and dtype of ``points``.

    Examples
    --------
    >>> print(tail_average(np.array([9.0, 1.0, 3.0, 5.0]), first=1))
    [9. 1. 2. 3.]
    """
    averages = [points[0]]
    for t in range(1, len(points)):
        averages.append(averages[-1] + (points[t] - averages[-1]) / max(1, t + 1 - first))
    return np.stack(averages)


def wrong_tail(ids: frozenset[str]) -> Callable[[Array, int], Array]:
    """``tail_average`` with the mistakes ``ids``; without any, the reference."""

    def average(points: Array, first: int) -> Array:
        if "components_mixed" in ids:
            points = np.broadcast_to(points.mean(axis=tuple(range(1, points.ndim)), keepdims=True), points.shape)
        first = 0 if "first_ignored" in ids else first + ("one_late" in ids) - ("one_early" in ids)
        averages = np.stack([_at(ids, points, t, first) for t in range(len(points))])
        return averages[-1] if "last_only" in ids else averages

    return average


def _at(ids: frozenset[str], points: Array, t: int, first: int) -> Array:
    """The average at point ``t``."""
    if t < first:
        return 0 * points[t] if "zeros_before" in ids else points[t]
    tail = points[max(first, 0) :] if "looks_ahead" in ids else points[max(first, 0) : t + 1]
    return _share(ids, tail, t) if len(tail) else points[t]


def _share(ids: frozenset[str], tail: Array, t: int) -> Array:
    if "last_two" in ids:
        return tail[-2:].mean(axis=0)
    if {"halves", "shares_swapped"} & ids:
        average = tail[0]
        for count, point in enumerate(tail[1:], start=2):
            fresh = 1 / 2 if "halves" in ids else 1 - 1 / count
            average = average + fresh * (point - average)
        return average
    total = tail.sum(axis=0)
    if "summed" in ids:
        return total
    return total / (t + 1) if "divides_by_all" in ids else total / len(tail)


MISCONCEPTIONS = {
    "first_ignored": Misconception(
        "It averages from the very beginning.",
        "The points before first are left out: they are what the average should forget.",
    ),
    "one_late": Misconception(
        "Its average begins one point too late.",
        "Point first itself is the first that the mean holds; points are counted from 0.",
    ),
    "one_early": Misconception(
        "Its average begins one point too early.",
        "Point first itself is the first that the mean holds; points are counted from 0.",
    ),
    "divides_by_all": Misconception(
        "It divides by the number of all points so far.",
        "Divide by the number of points in the mean: t + 1 − first.",
    ),
    "summed": Misconception(
        "It adds the points up and does not divide.",
        "A mean of n points is their sum divided by n.",
    ),
    "zeros_before": Misconception(
        "Before point first it gives zeros.",
        "Until the mean begins each point is its own average.",
    ),
    "looks_ahead": Misconception(
        "It takes in points that come only later.",
        "The average at point t knows the points up to t and no others.",
    ),
    "last_only": Misconception(
        "It returns the last average alone.",
        "Return one average for every point, stacked along the first axis.",
    ),
    "last_two": Misconception(
        "It takes the mean of the last two points only.",
        "All points since first count, each as much as any other.",
    ),
    "halves": Misconception(
        "It takes the middle between the old average and the new point.",
        "That forgets the old points. The n-th point of the mean enters with the share 1/n.",
    ),
    "shares_swapped": Misconception(
        "It keeps the share 1/n of the old average and gives the rest to the new point.",
        "The other way round: the new point is one of n, so it enters with the share 1/n.",
    ),
    "components_mixed": Misconception(
        "It averages over the entries of a point as well.",
        "Each weight has an average of its own: take the mean along the first axis only, axis=0.",
    ),
}


def _calls(
    rng: np.random.Generator, *calls: tuple[tuple[int, ...], int], scale: float = 1.0, dtype: type = np.float64
) -> Tree:
    return {"calls": [[numbers(rng, shape, scale, dtype), first] for shape, first in calls], "settings": {}}


def _all_points(rng: np.random.Generator) -> list[Tree]:
    return [TAIL_AVERAGE.case(_calls(rng, ((5, 2), 0), ((4, 3), 0), ((5, 2), 0)), repeat=True)]


def _tail(rng: np.random.Generator) -> list[Tree]:
    return [TAIL_AVERAGE.case(_calls(rng, ((7, 2), 3), ((7, 2), 2), ((4, 2), 1), ((3, 2), 6)))]


def _shapes_and_dtypes(rng: np.random.Generator) -> list[Tree]:
    shapes = [(1,), (4,), (3, 3), (4, 2), (3, 2, 2)]
    runs = [_calls(rng, *((shape, 0) for shape in shapes), dtype=dtype) for dtype in FLOATS]
    huge_and_tiny = [_calls(rng, ((3, 2), 0), scale=scale) for scale in (1e-30, 1e30)]
    return [TAIL_AVERAGE.case(run) for run in [*runs, *huge_and_tiny]]


def _inputs(rng: np.random.Generator) -> list[Tree]:
    return [TAIL_AVERAGE.case(_calls(rng, ((4, 2), 0), ((4, 2), 0)))]


TAIL_AVERAGE = Spec(
    function="tail_average",
    reference=tail_average,
    wrong=wrong_tail,
    criteria={
        "all_points": Criterion("From point 0 on it is the mean of all points so far", _all_points, ("value",)),
        "tail": Criterion("The mean begins at point first; until then a point is its own average", _tail, ("value",)),
        # These two begin at point 0, so that a wrong beginning costs nothing here.
        "any_shape_and_dtype": Criterion(
            "Numbers, vectors and matrices over time, tiny and huge, in float64 and float32",
            _shapes_and_dtypes,
            ("value",),
            form=True,
        ),
        "inputs_unchanged": Criterion("The points passed in stay as they were", _inputs, ("value",), purity=True),
    },
    misconceptions=MISCONCEPTIONS,
    section=PAGE,
)
