"""``band``: what is asked of it, and the ways it goes wrong."""

from collections.abc import Callable
from functools import partial

import numpy as np

from course_lib.arrays import Array
from course_lib.checks.cases import between
from course_lib.checks.functions.best_setting import PAGE
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Misconception, Spec
from course_lib.racing import band


def wrong_band(ids: frozenset[str]) -> Callable[..., Array]:
    """``band`` with the mistakes ``ids``; without any, the reference."""

    def edges(curves: Array, share: float = 0.5) -> Array:
        axis = 1 if "across_steps" in ids else 0
        quantiles = partial(np.quantile, method="nearest") if "not_interpolated" in ids else np.quantile
        tail = _tail(ids, share)
        low, middle, high = quantiles(curves, [tail, 0.5, 1 - tail], axis=axis)
        if "mean_in_the_middle" in ids:
            middle = np.mean(curves, axis=axis)
        spread = _spread(ids, curves, axis)
        if spread is not None:
            low, high = middle - spread, middle + spread
        if "distances" in ids:
            low, high = middle - low, high - middle
        lines = [high, middle, low] if "upside_down" in ids else [low, middle, high]
        return np.stack([lines[1], lines[0], lines[2]] if "median_first" in ids else lines)

    return edges


def _tail(ids: frozenset[str], share: float) -> float:
    """The share of the runs below the band."""
    if "extremes" in ids:
        return 0.0
    share = 0.5 if "share_ignored" in ids else share
    return 1 - share if "tail_not_halved" in ids else share / 2 if "share_outside" in ids else (1 - share) / 2


def _spread(ids: frozenset[str], curves: Array, axis: int) -> Array | None:
    """What stands in the place of quantiles, on either side of the middle."""
    if "standard_error" in ids:
        return np.std(curves, axis=axis) / np.sqrt(curves.shape[axis])
    return np.std(curves, axis=axis) if "standard_deviation" in ids else None


MISCONCEPTIONS = {
    "across_steps": Misconception(
        "It goes along each curve instead of across the curves.",
        "Each row is a run: at every step, sort what the runs have there. That is axis=0.",
    ),
    "mean_in_the_middle": Misconception(
        "Its middle line is the mean.",
        "The middle line is the median, which half of the runs are below, however bad the worst.",
    ),
    "standard_deviation": Misconception(
        "Its edges are one standard deviation away from the middle.",
        "The edges are quantiles of the runs themselves, and need not be equally far from the middle.",
    ),
    "standard_error": Misconception(
        "Its edges are one standard error away from the middle.",
        "That says how well the middle is known, and shrinks with more runs. The band says where the runs are.",
    ),
    "extremes": Misconception(
        "Its edges are the best and the worst run.",
        "The band holds the middle share of the runs; one outlier must not widen it.",
    ),
    "tail_not_halved": Misconception(
        "It leaves the whole remainder out on either side.",
        "Of the runs, 1 − share are outside: half of them below and half above.",
    ),
    "share_outside": Misconception(
        "It takes share for what is outside the band.",
        "The middle share of the runs is inside; (1 − share) / 2 is below it, and as much above.",
    ),
    "share_ignored": Misconception(
        "It gives the quartiles whatever share says.",
        "The lower edge has (1 − share) / 2 of the runs below it; that is ¼ only where share is ½.",
    ),
    "not_interpolated": Misconception(
        "Its edges jump to the nearest run instead of lying between two.",
        "Where a quantile falls between two runs it is interpolated, as np.quantile does by itself.",
    ),
    "distances": Misconception(
        "It returns the distances of the edges from the middle.",
        "Return where the edges are.",
    ),
    "median_first": Misconception(
        "It returns the median first.",
        "From below: lower edge, median, upper edge.",
    ),
    "upside_down": Misconception(
        "It returns the upper edge first.",
        "From below: lower edge, median, upper edge.",
    ),
}


def _curves(rng: np.random.Generator, runs: int, steps: int) -> np.ndarray:
    """Losses that fall, each run at a level of its own; one run is far above the others."""
    levels = rng.uniform(0.5, 2.0, (runs, 1))
    levels[rng.integers(runs)] *= 4
    return np.asarray((levels * rng.uniform(0.6, 1.4, (runs, steps)) / np.arange(1, steps + 1)).round(3))


def _quartiles(rng: np.random.Generator) -> list[Tree]:
    calls = [[_curves(rng, runs, 3)] for runs in (5, 5, 7, 8)]
    return [BAND.case({"calls": calls, "settings": {}}, repeat=True)]


def _any_share(rng: np.random.Generator) -> list[Tree]:
    calls = [[_curves(rng, 7, 3), between(rng, *limits)] for limits in ((0.7, 0.9), (0.7, 0.9), (0.1, 0.3))]
    return [BAND.case({"calls": calls, "settings": {}})]


def _inputs(rng: np.random.Generator) -> list[Tree]:
    return [BAND.case({"calls": [[_curves(rng, 5, 4)] for _ in range(2)], "settings": {}})]


BAND = Spec(
    function="band",
    reference=band,
    wrong=wrong_band,
    criteria={
        "quartiles": Criterion("The median, between the lower and the upper quartile", _quartiles, ("value",)),
        "any_share": Criterion("A band of any share leaves as much out above as below", _any_share, ("value",)),
        "inputs_unchanged": Criterion("The curves passed in stay as they were", _inputs, ("value",), purity=True),
    },
    misconceptions=MISCONCEPTIONS,
    section=PAGE,
)
