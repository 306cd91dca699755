"""Timing several ways to do one thing against each other."""

import statistics
import time
from collections.abc import Callable, Mapping

Run = Callable[[], object]


def seconds_per_call(runs: Mapping[str, Run], *, rounds: int, least: float) -> dict[str, float]:
    """The median time of one call of each, measured in turns so that a slow moment of the machine hits all alike.

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
    return {name: statistics.median(times) for name, times in turns.items()}


def _calls_in(run: Run, least: float) -> int:
    """How often to call ``run`` to fill a turn. Also warms it up: compilers specialize on the first few calls."""
    for _ in range(10):
        run()
    return max(1, round(least / max(_time(run, 1), 1e-9)))


def _time(run: Run, calls: int) -> float:
    begin = time.perf_counter()
    for _ in range(calls):
        run()
    return time.perf_counter() - begin
