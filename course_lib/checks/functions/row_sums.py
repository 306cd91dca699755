"""``row_sums``: the gradient of rows that a batch names more than once. What is asked of it, and how it goes wrong."""

from collections.abc import Callable

import numpy as np

from course_lib.arrays import Array, sum_rows
from course_lib.checks.cases import numbers
from course_lib.checks.functions.common import FLOATS
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Misconception, Spec

PAGE = "chapters/rest_of_the_ten.html#rest-sums"
ROWS = 9  # rows that the indices of a case come from


def row_sums(indices: Array, values: Array) -> Array:
    """For each row that occurs in ``indices``, in ascending order, the sum of its ``values``.

    Parameters
    ----------
    indices : array of integers, shape ``(n,)``
        The row that each of the values belongs to.
    values : array of floats, shape ``(n, ...)``

    Returns
    -------
    array
        Shape ``(rows, ...)``, with one entry for each number in ``np.unique(indices)``.

    Examples
    --------
    >>> print(row_sums(np.array([7, 2, 7]), np.array([1.0, 5.0, 10.0])))
    [ 5. 11.]
    """
    rows, places = np.unique(indices, return_inverse=True)
    return sum_rows(len(rows), places, values)


def wrong_sums(ids: frozenset[str]) -> Callable[[Array, Array], Array]:
    """``row_sums`` with the mistakes ``ids``; without any, the reference."""

    def sums(indices: Array, values: Array) -> Array:
        places, count = _places(ids, indices)
        values = _values(ids, values)
        if "not_summed" in ids:
            return values[np.argsort(places, kind="stable")]
        times = sum_rows(count, places, np.ones_like(values))
        if "counts" in ids:
            return times
        result = sum_rows(count, places, values)
        if {"last_wins", "first_wins"} & ids:
            once = slice(None) if "last_wins" in ids else slice(None, None, -1)
            result[places[once]] = values[once]
        return result / np.maximum(times, 1) if "mean_not_sum" in ids else result

    return sums


def _places(ids: frozenset[str], indices: Array) -> tuple[Array, int]:
    """Which entry of the answer each value goes to, and how many entries it has."""
    if "every_row" in ids:
        return indices, int(np.max(indices, initial=-1)) + 1
    rows, first, places = np.unique(indices, return_index=True, return_inverse=True)
    if "order_of_appearance" in ids:
        places = np.argsort(np.argsort(first))[places]
    return len(rows) - 1 - places if "descending" in ids else places, len(rows)


def _values(ids: frozenset[str], values: Array) -> Array:
    if "columns_too" in ids:
        return values.sum(axis=tuple(range(1, values.ndim)))
    return np.abs(values) if "sizes" in ids else values


MISCONCEPTIONS = {
    "last_wins": Misconception(
        "Of a row that occurs more than once it keeps the last value only.",
        "Writing sums[places] = values, or sums[places] += values, reaches every place once. "
        "np.add.at(sums, places, values) adds them all.",
    ),
    "first_wins": Misconception(
        "Of a row that occurs more than once it keeps the first value only.",
        "All values of the same row are added.",
    ),
    "not_summed": Misconception(
        "It returns every value by itself, also those of the same row.",
        "The values of the same row are added, so there is one entry for each row that occurs.",
    ),
    "mean_not_sum": Misconception(
        "It takes the mean of the values of a row.",
        "A word that occurs twice has twice a part in the loss: its gradients are added, and not divided.",
    ),
    "counts": Misconception(
        "It counts how often each row occurs.",
        "Add up the values of the row instead of ones.",
    ),
    "sizes": Misconception(
        "It adds the sizes of the values, without their signs.",
        "Gradients of opposite sign cancel: add the values as they are.",
    ),
    "every_row": Misconception(
        "It has an entry for every row up to the largest, also for those that do not occur.",
        "Only rows in indices are asked for: np.unique(indices) lists them.",
    ),
    "order_of_appearance": Misconception(
        "Its rows stand in the order in which they first occur.",
        "The rows are in ascending order, as in np.unique(indices).",
    ),
    "descending": Misconception(
        "Its rows stand in descending order.",
        "The rows are in ascending order, as in np.unique(indices).",
    ),
    "columns_too": Misconception(
        "It adds up the numbers within a row as well.",
        "The columns stay apart: sum along the first axis only, axis=0.",
    ),
}


def _indices(rng: np.random.Generator, pattern: tuple[int, ...]) -> np.ndarray:
    """Row numbers: 0 in ``pattern`` stands for the largest, 1 for the next, …"""
    drawn = np.sort(rng.choice(ROWS, size=max(pattern, default=-1) + 1, replace=False))[::-1]
    return drawn[list(pattern)].astype(np.int64)


def _call(
    rng: np.random.Generator, *pattern: int, width: tuple[int, ...] = (2,), dtype: type[np.floating] = np.float64
) -> list[np.ndarray]:
    return [_indices(rng, pattern), numbers(rng, (len(pattern), *width), dtype=dtype)]


def _calls(*calls: list[np.ndarray], repeat: bool = False) -> list[Tree]:
    return [ROW_SUMS.case({"calls": list(calls), "settings": {}}, repeat=repeat)]


def _once(rng: np.random.Generator) -> list[Tree]:
    return _calls(_call(rng, 1, 0, 2), _call(rng, 2, 0, 3, 1), _call(rng, 0, 2, 1), repeat=True)


def _repeated(rng: np.random.Generator) -> list[Tree]:
    return _calls(_call(rng, 0, 1, 0), _call(rng, 1, 1, 2, 0, 1, 2), _call(rng, 1, 0, 0, 2))


def _shapes_and_dtypes(rng: np.random.Generator) -> list[Tree]:
    widths: list[tuple[int, ...]] = [(), (3,), (2, 2)]
    return _calls(
        *(_call(rng, 1, 0, 2, width=width, dtype=dtype) for width in widths for dtype in FLOATS),
        *(_call(rng, width=width, dtype=dtype) for width in widths for dtype in FLOATS),
    )


def _inputs(rng: np.random.Generator) -> list[Tree]:
    return _calls(_call(rng, 1, 0, 2), _call(rng, 2, 0, 1))


ROW_SUMS = Spec(
    function="row_sums",
    reference=row_sums,
    wrong=wrong_sums,
    criteria={
        "once": Criterion("Rows that occur once come in ascending order", _once, ("value",)),
        "repeated": Criterion("The values of a row that occurs more than once are added", _repeated, ("value",)),
        "any_shape_and_dtype": Criterion(
            "Rows of any shape, in float64 and float32, and no rows at all", _shapes_and_dtypes, ("value",), form=True
        ),
        "inputs_unchanged": Criterion("The arrays passed in stay as they were", _inputs, ("value",), purity=True),
    },
    misconceptions=MISCONCEPTIONS,
    section=PAGE,
)
