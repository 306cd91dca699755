"""An exponentially weighted average of noisy temperatures: how far back it remembers, and what it is made of."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

from course_lib.averages import bias_corrected, expansion_weights, exponential_average, half_life, window
from course_lib.data import temperatures
from course_lib.explorers.base import Explorer
from course_lib.explorers.kept import kept
from course_lib.plotting import Figure, figure, ink

# As many values as 1 / (1 - beta); the slider is even in its logarithm, or nearly.
WINDOWS = (1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12.5, 15, 20, 25, 33, 50, 75, 100)
BETAS = np.array([1 - 1 / n for n in WINDOWS])
NEAR = 1.15  # an error this many times the least still counts as following

# What the corrected average does, with the ink that shows it and the sentence that says so.
REGIMES = {
    "jumps about": ("orange", "It jumps about with the noise: a longer memory would help."),
    "follows": ("green", "It follows the wave about as well as any."),
    "trails behind": ("purple", "It trails behind the wave: a shorter memory would help."),
}


class Errors(NamedTuple):
    """How far the corrected average is from the wave, in degrees (root mean square over the days)."""

    noise: float
    lag: float
    total: float


@kept
def window_explorer(beta: float = 0.9, day: int = 30) -> Explorer:
    """Ninety noisy temperatures, their running average, and the weight of each of them in the average of one day.

    Parameters
    ----------
    beta : float
        Where the slider stands at first, rounded to one of ``BETAS``.
    day : int
        The day whose average is taken apart, from 1.

    Raises
    ------
    ValueError
        If one of them lies outside its slider.
    """
    measured, wave = temperatures()
    if not BETAS[0] <= beta <= BETAS[-1]:
        raise ValueError(f"beta={beta}: the slider runs from {BETAS[0]:g} to {BETAS[-1]:g}")
    if not 1 <= day <= len(measured):
        raise ValueError(f"day={day}: the slider runs from 1 to {len(measured)}")
    plain = [exponential_average(measured, b) for b in BETAS]
    start = int(np.abs(BETAS - beta).argmin())
    split = [errors(b) for b in BETAS]
    data = {
        "beta": BETAS.round(4),
        "measured": measured.round(2),
        "wave": wave.round(2),
        "plain": [v.round(3) for v in plain],
        "corrected": [bias_corrected(v, b).round(3) for v, b in zip(plain, BETAS, strict=True)],
        "weights": [expansion_weights(b, len(measured)) for b in BETAS],
        "half_life": [half_life(b) for b in BETAS],
        "window": [window(b) for b in BETAS],
        "errors": [e._asdict() for e in split],
        "best": int(np.argmin([e.total for e in split])),
        "zones": zones(split),
        "regimes": {name: {"ink": colour, "says": says} for name, (colour, says) in REGIMES.items()},
    }
    return Explorer(
        kind="window",
        title="How far back should an average remember?",
        data=data,
        state={"beta": start, "day": day, "corrected": False},
        fallback=_fallback(measured, wave, start),
    )


def errors(beta: float) -> Errors:
    """What noise and lag do to the corrected average of the temperatures.

    An average is linear: the average of what was measured is that of the wave, which is late, plus that of the noise.
    """
    measured, wave = temperatures()
    late = bias_corrected(exponential_average(wave, beta), beta) - wave
    noisy = bias_corrected(exponential_average(measured - wave, beta), beta)
    return Errors(*(float(np.sqrt(np.mean(error**2))) for error in (noisy, late, noisy + late)))


def regime(split: Sequence[Errors], index: int) -> str:
    """What the average number ``index`` does, told by its error and the least of all."""
    totals = [e.total for e in split]
    if totals[index] <= NEAR * min(totals):
        return "follows"
    return "jumps about" if index < int(np.argmin(totals)) else "trails behind"


def zones(split: Sequence[Errors]) -> list[dict[str, Any]]:
    """The stretches of the slider whose averages do the same, and the best of them as a zone of its own name."""
    found = []
    for name, group in groupby(range(len(split)), key=lambda i: regime(split, i)):
        members = list(group)
        found.append({"name": name, "first": members[0], "last": members[-1]})
    return found


def _fallback(measured: np.ndarray, wave: np.ndarray, start: int) -> Figure:
    day = np.arange(1, len(measured) + 1)
    shown = ((3, "orange", "-"), (start, "green", "--"), (len(BETAS) - 3, "purple", "-."))
    told = "; ".join(f"with β = {BETAS[i]:g} it {regime([errors(b) for b in BETAS], i)}" for i, _, _ in shown)
    alt = f"Ninety noisy temperatures about a slow wave, and their corrected running average: {told}."
    with figure(alt) as drawing:
        drawing.ax.plot(day, measured, ".", color=ink("muted"))
        drawing.ax.plot(day, wave, color=ink("faint"), linewidth=4)
        for index, colour, line in shown:
            beta = BETAS[index]
            average = bias_corrected(exponential_average(measured, beta), beta)
            drawing.ax.plot(day, average, line, color=ink(colour), label=f"β = {beta:g}")
        drawing.ax.set(xlabel="day", ylabel="temperature")
        drawing.ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3)
    return drawing
