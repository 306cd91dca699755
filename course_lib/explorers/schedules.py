"""Schedules at work: a noisy bowl that asks for a falling rate, and a network under Adam that asks for a rising one."""

from functools import cache
from typing import Any

import numpy as np

from course_lib.explorers.base import Explorer
from course_lib.explorers.kept import kept
from course_lib.explorers.plane import packed_series
from course_lib.explorers.scheduled import (
    CURVATURES,
    DESCENTS,
    SHAPES,
    START,
    Descent,
    Shape,
    debts,
    network_run,
    schedule,
    walk,
)
from course_lib.plotting import Figure, figure, ink

HIDDEN = 32  # units of the network's hidden layer
MOST = 2.0  # by which one debt must be the larger to be named alone

# What a run's end looks like, with the ink that shows it.
REGIMES = {
    "owes the start": "blue",
    "owes the noise": "orange",
    "owes both alike": "green",
    "looks and decides": "purple",
    "lost its units": "orange",
    "has far to go": "blue",
    "has learned": "green",
}


@kept
def schedules_explorer(descent: str = "bowl", shape: str = "cosine") -> Explorer:
    """The same noise under every schedule of the course.

    Parameters
    ----------
    descent : str
        Which of ``DESCENTS`` is shown at first.
    shape : str
        Which of ``SHAPES``.

    Raises
    ------
    ValueError
        If there is no such descent or shape.
    """
    for what, name, known in (("descent", descent, DESCENTS), ("shape", shape, SHAPES)):
        if name not in known:
            raise ValueError(f"no {what} {name!r}; there are: {', '.join(known)}")
    data = {
        "shapes": [{"name": name, "asks": one.asks, "settings": one.settings} for name, one in SHAPES.items()],
        "regimes": REGIMES,
        "units": HIDDEN,
        "descents": [_bowl(), _network()],
    }
    state = {
        "descent": list(DESCENTS).index(descent),
        "shape": list(SHAPES).index(shape),
        "setting": 0,
        "peak": DESCENTS[descent].first,
    }
    return Explorer("schedules", "What does a schedule do to a descent?", data, state, _fallback())


def of_bowl(bias: float, noise: float) -> str:
    """Which debt an end owes."""
    if bias > MOST * noise:
        return "owes the start"
    return "owes the noise" if noise > MOST * bias else "owes both alike"


def of_network(loss: float, dead: int) -> str:
    """What became of the network."""
    if dead > 0.75 * HIDDEN:
        return "lost its units"
    return "has learned" if loss < 0.3 else "has far to go"


@cache
def _bowl() -> dict[str, Any]:
    """Rates as shares of their peak, walks and debts as logarithms of losses; shape by shape, setting by setting."""
    descent, shares, walks, owed, regimes = DESCENTS["bowl"], [], [], [], []
    for shape in SHAPES.values():
        for setting in shape.offered("bowl"):
            rates, losses = walk(shape, setting)
            shares += _shares(descent, shape, rates)
            walks += list(np.log10(losses[descent.seen].T))
            if not shape.planned:
                regimes += ["looks and decides"] * len(descent.peaks)
                continue
            both = debts(rates)
            owed += [series for run in np.moveaxis(_logs(both)[descent.seen], -1, 0) for series in run.T]
            regimes += [of_bowl(*end) for end in both[-1].T]
    return {
        **_frame("bowl"),
        "share": packed_series(shares, 0.0003),
        "loss": packed_series(walks, 0.0005),
        "owed": packed_series(owed, 0.0005),
        "ends": regimes,
    }


@cache
def _network() -> dict[str, Any]:
    """Dozens of short trainings, so they are run once."""
    descent, shares, losses, dead = DESCENTS["network"], [], [], []
    for shape in SHAPES.values():
        for setting in shape.offered("network"):
            found = [network_run(shape, setting, peak) for peak in descent.peaks]
            shares += _shares(descent, shape, np.stack([run.rates for run in found], axis=1))
            losses += [np.log10(run.losses) for run in found]
            dead += [run.dead for run in found]
    ends = [of_network(10 ** series[-1], count) for series, count in zip(losses, dead, strict=True)]
    return {
        **_frame("network"),
        "share": packed_series(shares, 0.0003),
        "loss": packed_series(losses, 0.0005),
        "dead": dead,
        "ends": ends,
    }


def _frame(name: str) -> dict[str, Any]:
    descent = DESCENTS[name]
    return {
        "title": descent.title,
        "peaks": descent.peaks,
        "first": descent.first,
        "steps": descent.steps,
        "seen": descent.seen,
        "view": descent.view,
        "offered": [len(shape.offered(name)) for shape in SHAPES.values()],
    }


def _logs(losses: np.ndarray) -> np.ndarray:
    return np.asarray(np.log10(np.maximum(losses, 1e-4)))


def _shares(descent: Descent, shape: Shape, rates: np.ndarray) -> list[np.ndarray]:
    """Rates of shape ``(steps, peaks)`` over their peaks: one series if all are the same."""
    shares = (rates / np.array(descent.peaks)).T
    return list(shares[:1] if shape.planned else shares)


def _fallback() -> Figure:
    descent = DESCENTS["bowl"]
    at = descent.first
    lines = {name: walk(SHAPES[name], SHAPES[name].settings[0])[1][:, at] for name in ("constant", "cosine")}
    owed = {name: debts(schedule(SHAPES[name], "bowl", SHAPES[name].settings[0]))[-1, :, at] for name in lines}
    told = "; ".join(f"{name} {bias:.2g} of the start and {noise:.2g} of noise" for name, (bias, noise) in owed.items())
    alt = f"""Loss of a noisy walk of {descent.steps} steps in a bowl of curvatures {CURVATURES[0]:g} and
    {CURVATURES[1]:g}, from {START[0]:g} away, at a rate of {descent.peaks[at]:g}, constant and falling along a cosine,
    with the same noise. What is left in expectation: {told}."""
    with figure(alt, height=200) as drawing:
        for (name, loss), colour, line in zip(lines.items(), ("muted", "blue"), ("--", "-"), strict=True):
            drawing.ax.plot(descent.seen, loss[descent.seen], line, color=ink(colour), label=name)
        drawing.ax.set(yscale="log", xlabel="step", ylabel="loss")
        drawing.ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    return drawing
