"""One parameter, one curvature: what a learning rate does to gradient descent on 4x²."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from typing import Any

import numpy as np

from course_lib.descent import Trajectory, minimize
from course_lib.explorers.base import Explorer
from course_lib.explorers.kept import kept
from course_lib.objectives import parabola
from course_lib.optimizers import gd_init, gd_step
from course_lib.plotting import Figure, plot_curve

STEPS = 12
RATES = np.arange(1, 61) / 200  # 1/8 and 1/4 are among them, exactly
VIEW = (-2.6, 2.6)

# What a trajectory can do, with the sentence that says so and the ink that shows it.
REGIMES = {
    "walks in": ("blue", "x keeps its sign and shrinks: it walks in from one side."),
    "lands in one step": ("green", "x lands on the minimum in a single step and stays."),
    "zigzags in": ("purple", "x changes sign at every step and shrinks: it zigzags in."),
    "bounces forever": ("gold", "x changes sign at every step and keeps its size: it bounces forever."),
    "diverges": ("orange", "x changes sign at every step and grows: it diverges."),
}


@kept
def parabola_explorer(lr: float = 0.05) -> Explorer:
    """Gradient descent on 4x² from x = 2: the curve, the steps one under another, and the map of learning rates.

    Parameters
    ----------
    lr : float
        Where the slider stands at first, rounded to one of ``RATES``.

    Raises
    ------
    ValueError
        If ``lr`` lies outside the slider.
    """
    if not RATES[0] <= lr <= RATES[-1]:
        raise ValueError(f"lr={lr}: the slider runs from {RATES[0]} to {RATES[-1]}")
    paths = [minimize(parabola, gd_init, gd_step, steps=STEPS, lr=float(rate)) for rate in RATES]
    start = int(np.abs(RATES - lr).argmin())
    x = np.linspace(*VIEW, 105)
    data = {
        "view": VIEW,
        "curve": {"x": x, "y": parabola.f(x)},
        "lr": RATES,
        "x": [path.w for path in paths],
        "loss": [path.loss for path in paths],
        "grad": [path.grad for path in paths],
        "zones": zones(paths),
        "regimes": {name: {"ink": colour, "says": says} for name, (colour, says) in REGIMES.items()},
    }
    return Explorer(
        kind="parabola",
        title="What does this learning rate do?",
        data=data,
        state={"lr": start, "step": 0},
        fallback=_fallback(paths, start),
    )


def regime(x: np.ndarray) -> str:
    """What the iterates ``x`` (shape ``(steps + 1,)``) do, read from their signs and sizes alone.

    >>> regime(np.array([2.0, -1.0, 0.5]))
    'zigzags in'
    """
    before, after = x[:-1], x[1:]
    if not after.any():
        return "lands in one step"
    if (before * after > 0).all():
        return "walks in"
    if (np.abs(after) < np.abs(before)).all():
        return "zigzags in"
    return "bounces forever" if (np.abs(after) == np.abs(before)).all() else "diverges"


def zones(paths: Sequence[Trajectory]) -> list[dict[str, Any]]:
    """The stretches of learning rates whose trajectories do the same: first and last index, and a label's fraction."""
    found = []
    for name, group in groupby(range(len(paths)), key=lambda i: regime(paths[i].w)):
        members = list(group)
        found.append({"name": name, "first": members[0], "last": members[-1], "label": _fraction(members)})
    return found


def _fraction(members: list[int]) -> str | None:
    """A zone of a single rate is a border: it is named by that number."""
    return str(Fraction(float(RATES[members[0]])).limit_denominator(1000)) if len(members) == 1 else None


def _fallback(paths: Sequence[Trajectory], start: int) -> Figure:
    wide = [zone for zone in zones(paths) if zone["name"] in ("zigzags in", "diverges")]
    shown = sorted({start, *((zone["first"] + zone["last"]) // 2 for zone in wide)})
    told = ", ".join(f"with lr = {RATES[i]:g} it {regime(paths[i].w)}" for i in shown)
    labels = {f"lr = {RATES[i]:g}": paths[i] for i in shown}
    return plot_curve(parabola, labels, alt=f"Gradient descent on 4x² from x = 2, {STEPS} steps: {told}.", domain=VIEW)
