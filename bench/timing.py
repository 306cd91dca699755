"""Timing several ways to do one thing against each other, and what is said of several measurements."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

Run = Callable[[], object]


class Spread(NamedTuple):
    """The median of several measurements, and where their middle half lies."""

    median: float
    low: float
    high: float

    def rounded(self, digits: int) -> list[float]:
        """As it is recorded: median, lower and upper quartile."""
        return [round(value, digits) for value in self]


def spread(values: Sequence[float]) -> Spread:
    """The median of ``values`` and their quartiles; a single value is all three.

    Examples
    --------
    >>> spread([4.0, 1.0, 2.0, 3.0, 9.0])
    Spread(median=3.0, low=2.0, high=4.0)
    """
    if len(values) == 1:
        return Spread(values[0], values[0], values[0])
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(median, low, high)


def ratios_to(baseline: str, turns: Mapping[str, Sequence[float]]) -> dict[str, Spread]:
    """What each took as a multiple of ``baseline``, turn by turn, so that a slow moment hits both sides of a ratio."""
    return {
        name: spread([mine / its for mine, its in zip(times, turns[baseline], strict=True)])
        for name, times in turns.items()
    }


def seconds_per_call(runs: Mapping[str, Run], *, rounds: int, least: float) -> dict[str, list[float]]:
    """The time of one call of each in every turn, in turns so that a slow moment of the machine hits all alike.

    Parameters
    ----------
    runs : mapping
        Each way by its name. A call goes on from where the last one ended.
    rounds : int
        How many turns each gets.
    least : float
        How long a turn lasts at least, in seconds: as many calls as that takes.
    """
    calls = {name: _calls_in(run, least) for name, run in runs.items()}
    turns: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            turns[name].append(_time(run, calls[name]) / calls[name])
    return turns


def _calls_in(run: Run, least: float) -> int:
    """How often to call ``run`` to fill a turn. Also warms it up: compilers specialize on the first few calls."""
    for _ in range(4):
        run()
    return max(1, round(least / max(_time(run, 1), 1e-9)))


def _time(run: Run, calls: int) -> float:
    begin = time.perf_counter()
    for _ in range(calls):
        run()
    return time.perf_counter() - begin
