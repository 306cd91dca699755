"""Choosing a setting, and a band over runs, right in many ways."""

import math
import statistics
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np


def _marked(losses):
    counted = losses.copy()
    counted[np.isnan(counted)] = np.inf
    return counted


COUNT: dict[str, Callable[..., Any]] = {
    "where": lambda losses: np.where(np.isfinite(losses), losses, np.inf),
    "on a copy": _marked,
    "nan_to_num": lambda losses: np.nan_to_num(losses, nan=1e300, posinf=1e300),
    "a huge number": lambda losses: np.where(np.isnan(losses), 1e12, losses),
    "one by one": lambda losses: np.array([[v if math.isfinite(v) else math.inf for v in row] for row in losses]),
    "fmin": lambda losses: np.fmin(losses, np.inf),
}
MEDIANS: dict[str, Callable[..., Any]] = {
    "median": lambda losses: np.median(losses, axis=1),
    "sorted": lambda losses: np.sort(losses, axis=1)[:, losses.shape[1] // 2],
    "statistics": lambda losses: [statistics.median(row) for row in losses.tolist()],
    "partition": lambda losses: np.partition(losses, losses.shape[1] // 2, axis=1)[:, losses.shape[1] // 2],
}
CHOOSE: dict[str, Callable[..., Any]] = {
    "argmin": lambda settings, medians: settings[np.argmin(medians)],
    "min of pairs": lambda settings, medians: min(zip(medians, settings, strict=True))[1],
    "sorted": lambda settings, medians: settings[np.argsort(medians)][0],
    "index": lambda settings, medians: float(settings[list(medians).index(min(medians))]),
}


def _choice(count: Any, medians: Any, choose: Any) -> Callable[..., Any]:
    return lambda settings, losses: choose(settings, medians(count(losses)))


CHOICES = [
    _choice(count, medians, choose)
    for count, medians, choose in product(COUNT.values(), MEDIANS.values(), CHOOSE.values())
]


def _by_rank(curves, at):
    """Interpolated by hand between the runs on either side."""
    ranked, place = np.sort(curves, axis=0), at * (len(curves) - 1)
    below = math.floor(place + 1e-9)
    above = min(below + 1, len(curves) - 1)
    return ranked[below] + (place - below) * (ranked[above] - ranked[below])


QUANTILE: dict[str, Callable[..., Any]] = {
    "quantile": lambda curves, at: np.quantile(curves, at, axis=0),
    "percentile": lambda curves, at: np.percentile(curves, 100 * at, axis=0),
    "by rank": _by_rank,
    "step by step": lambda curves, at: np.array([np.quantile(column, at) for column in curves.T]),
    "nanquantile": lambda curves, at: np.nanquantile(curves, at, axis=0),
    "upside down": lambda curves, at: -np.quantile(-curves, 1 - at, axis=0),
}
MIDDLE: dict[str, Callable[..., Any]] = {
    "median": lambda curves: np.median(curves, axis=0),
    "quantile": lambda curves: np.quantile(curves, 0.5, axis=0),
    "statistics": lambda curves: np.array([statistics.median(column) for column in curves.T.tolist()]),
}
GATHER: dict[str, Callable[..., Any]] = {
    "array": lambda *lines: np.array(lines),
    "tuple": lambda *lines: lines,
    "stack": lambda *lines: np.stack(lines, axis=0),
}


def _band(quantile: Any, middle: Any, gather: Any) -> Callable[..., Any]:
    def band(curves, share=0.5):
        return gather(quantile(curves, 0.5 - share / 2), middle(curves), quantile(curves, 0.5 + share / 2))

    return band


BANDS = [
    _band(quantile, middle, gather)
    for quantile, middle, gather in product(QUANTILE.values(), MIDDLE.values(), GATHER.values())
]
