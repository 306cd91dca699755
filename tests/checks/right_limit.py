"""``stability_limit``, right in many ways."""

import functools
import heapq
import math
from collections.abc import Callable
from typing import Any

import numpy as np


def _largest_by_loop(h):
    largest = h[0]
    for x in h:
        if x > largest:
            largest = x
    return largest


def _least_of_each(h):
    limit = math.inf
    for x in h:
        limit = min(limit, 2 / x)
    return limit


def _last_that_shrinks(h):
    """The multiplier 1 − lr · h reaches −1 where lr solves a linear equation."""
    return np.linalg.solve(np.diag(h), np.full(len(h), 2.0)).min()


RIGHT: list[Callable[[Any], Any]] = [
    lambda h: 2 / np.max(h),
    lambda h: 2.0 / h.max(),
    lambda h: 2 / max(h),
    lambda h: (2 / h).min(),
    lambda h: min(2 / h),
    lambda h: np.min(2 / h),
    lambda h: np.amin(np.divide(2, h)),
    lambda h: float(2 / np.max(h)),
    lambda h: np.array(2 / np.max(h)),
    lambda h: 2 * np.max(h) ** -1,
    lambda h: 2 * (1 / np.max(h)),
    lambda h: 1 / (np.max(h) / 2),
    lambda h: 2 / sorted(h)[-1],
    lambda h: 2 / sorted(h, reverse=True)[0],
    lambda h: 2 / np.sort(h)[-1],
    lambda h: 2 / h[np.argmax(h)],
    lambda h: 2 / h[h.argsort()[-1]],
    lambda h: 2 / np.linalg.norm(h, np.inf),
    lambda h: 2 / np.linalg.norm(np.diag(h), 2),
    lambda h: 2 / np.linalg.eigvalsh(np.diag(h)).max(),
    lambda h: 2 / functools.reduce(max, h),
    lambda h: 2 / heapq.nlargest(1, h)[0],
    lambda h: 2 / _largest_by_loop(h),
    _least_of_each,
    _last_that_shrinks,
    lambda h: 2 / np.quantile(h, 1.0),
    lambda h: 2 / np.percentile(h, 100),
    lambda h: 2 / np.maximum.reduce(h),
    lambda h: 2 / np.maximum.accumulate(h)[-1],
    lambda h: -2 / np.min(-h),
    lambda h: 2 / max(h.tolist()),
    lambda h: math.exp(math.log(2) - math.log(max(h))),
    lambda curvatures: 2 / np.partition(curvatures, -1)[-1],
]
