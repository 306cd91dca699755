"""Two curvatures, one learning rate: what the condition number leaves of gradient descent's pace."""

import math
from itertools import groupby
from typing import Any

import numpy as np

from course_lib.descent import Trajectory, minimize
from course_lib.explorers.base import Explorer
from course_lib.explorers.kept import kept
from course_lib.explorers.parabola import REGIMES, regime
from course_lib.objectives import quadratic
from course_lib.optimizers import gd_init, gd_step
from course_lib.plotting import Figure, figure, ink

STEPS = 30
VIEW = ((-2.4, 2.4), (-2.4, 2.4))
CONDITIONS = 2.0 ** np.arange(8)


def best_rate(condition: float | np.floating) -> float:
    """The rate at which both directions of ``quadratic(condition)`` shrink alike."""
    return float(2 / (1 + condition))


# Powers of the fourth root of two, so that 1 / condition and 2 / condition are among them exactly, and the best rates.
RATES = np.unique([*2.0 ** (np.arange(-32, 6) / 4), *(best_rate(c) for c in CONDITIONS)])


@kept
def condition_explorer(condition: float = 16, lr: float = 1 / 32) -> Explorer:
    """Gradient descent on bowls of every condition number at every learning rate: the path, the map, both multipliers.

    Parameters
    ----------
    condition, lr : float
        Where the sliders stand at first, rounded to one of ``CONDITIONS`` and one of ``RATES``.

    Raises
    ------
    ValueError
        If one of them lies outside its slider.
    """
    for name, value, slider in (("condition", condition, CONDITIONS), ("lr", lr, RATES)):
        if not slider[0] <= value <= slider[-1]:
            raise ValueError(f"{name}={value}: the slider runs from {slider[0]:g} to {slider[-1]:g}")
    paths = [[_path(c, rate) for rate in RATES] for c in CONDITIONS]
    kept: dict[tuple[float, ...], int] = {}
    walks = [[[kept.setdefault(_shown(w), len(kept)) for w in path.w.T] for path in row] for row in paths]
    data = {
        "view": VIEW,
        "condition": CONDITIONS,
        "lr": RATES,
        "log_lr": np.log2(RATES),
        "best": [int(np.abs(RATES - best_rate(c)).argmin()) for c in CONDITIONS],
        "levels": [_levels(c) for c in CONDITIONS],
        "coordinate": list(kept),  # what a coordinate does; many bowls and rates share one
        "walk": walks,  # for every bowl and rate, which of them the flat and the stiff coordinate do
        "multiplier": [[path.w[1] / path.w[0] for path in row] for row in paths],
        "tenfold": [[steps_to_tenfold(path) for path in row] for row in paths],
        "flat": [regime(path.w[:, 0]) for path in paths[-1]],
        "zones": [zones(row) for row in paths],
        "regimes": {name: colour for name, (colour, _) in REGIMES.items()},
    }
    state = {"condition": _nearest(CONDITIONS, condition), "lr": _nearest(RATES, lr), "step": STEPS}
    return Explorer(
        kind="condition",
        title="What does the condition number leave of the pace?",
        data=data,
        state=state,
        fallback=_fallback(),
    )


def steps_to_tenfold(path: Trajectory) -> float | None:
    """After how many steps the slower coordinate is a tenth of what it was; None where it never will be."""
    slowest = float(np.abs(path.w[1] / path.w[0]).max())
    if slowest >= 1:
        return None
    return 1.0 if slowest <= 0.1 else math.log(10) / -math.log(slowest)


def zones(row: list[Trajectory]) -> list[dict[str, Any]]:
    """The stretches of ``RATES`` at which the stiff coordinate does the same, with the first and last index."""
    found = []
    for name, group in groupby(range(len(row)), key=lambda i: regime(row[i].w[:, 1])):
        members = list(group)
        found.append({"name": name, "first": members[0], "last": members[-1]})
    return found


def _path(condition: float | np.floating, lr: float | np.floating) -> Trajectory:
    return minimize(quadratic(float(condition)), gd_init, gd_step, steps=STEPS, lr=float(lr))


def _shown(w: np.ndarray) -> tuple[float, ...]:
    """One coordinate of a path in the digits that a screen can show, as far as it is anywhere near the picture."""
    near = np.abs(w) < 1e4
    return tuple(w[: len(w) if near.all() else int(near.argmin())].round(4).tolist())


def _levels(condition: float | np.floating) -> list[list[float]]:
    """Half-axes of the ellipses on which the bowl has one height each, the smallest first."""
    corner = math.sqrt(VIEW[0][1] ** 2 + condition * VIEW[1][1] ** 2)
    reach = np.geomspace(0.5, corner, 2 + int(math.log(corner / 0.5) / math.log(1.6)))[:-1]
    return [[float(r), float(r / math.sqrt(condition))] for r in reach.round(3)]


def _nearest(values: np.ndarray, value: float) -> int:
    return int(np.abs(np.log(values) - math.log(value)).argmin())


def _fallback() -> Figure:
    alt = """Steps to come ten times closer against the learning rate, both logarithmic, for condition numbers 1, 4, 16
    and 64. All start on one straight line, on which twice the rate means half the steps. Each leaves it at its own
    best rate, the larger the condition number the earlier, and shoots up at once: beyond it the run diverges."""
    with figure(alt) as drawing:
        ax = drawing.ax
        for condition, name, line in ((1, "blue", "-"), (4, "green", "--"), (16, "purple", "-."), (64, "orange", ":")):
            steps = [steps_to_tenfold(_path(condition, lr)) for lr in RATES]
            shown = [np.nan if count is None else count for count in steps]
            ax.plot(RATES, shown, line, color=ink(name), label=f"κ = {condition}")
        ax.set(xlabel="learning rate η", ylabel="steps to a tenth", xscale="log", yscale="log")
        ax.minorticks_off()
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=4)
    return drawing
