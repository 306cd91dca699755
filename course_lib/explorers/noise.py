"""A line fitted by mini-batches: what batch size and learning rate make of noise, and what that costs."""

import math
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from course_lib.data import batches, noisy_line
from course_lib.descent import minimize
from course_lib.explorers.base import Explorer
from course_lib.explorers.kept import kept
from course_lib.explorers.plane import level_lines, packed
from course_lib.optimizers import gd_init, gd_step
from course_lib.plotting import Figure, figure, ink
from course_lib.regression import line_gradient, linear_regression

POINTS = noisy_line(1000)
LINE = linear_regression(*POINTS)
LOWEST = float(LINE.f(np.array(LINE.minimum)))
BATCHES = 2 ** np.arange(6)
RATES = 2.0 ** np.arange(-6, 0)
READ = 256  # points that every run may read
EVERY = 8  # between two positions of the slider that reads on
DRAWS = 3  # runs to be looked at
RUNS = 400  # runs to be counted
VIEW = ((-0.4, 3.4), (-2.4, 1.4))
LEVELS = (0.05, 0.25, 0.7, 1.5, 3, 6, 11)  # heights above the minimum
MOST, POWER = 8.0, 32.0  # farther from 0 a path is not drawn; nor is a loss beyond 10 to this power
NINE_IN_TEN = math.sqrt(2 * math.log(10))  # standard deviations, for two coordinates of a normal distribution

# What many runs do, with the ink that shows it and the sentence that says so.
REGIMES = {
    "still on its way": ("blue", "Most of what is left is the way still to go: a larger rate would help."),
    "in its noise ball": ("purple", "It has arrived, and dances: only less noise would help now."),
    "thrown out": ("orange", "Its steps add more noise than they take away: it is thrown out again."),
}


class Outcome(NamedTuple):
    """Where ``RUNS`` runs of one setting end: their mean loss above the minimum, and the ellipse that holds most.

    ``ellipse`` is centre, half-axes and the angle of the first in degrees: nine in ten, were the ends normal.
    """

    regime: str
    loss: float
    ellipse: tuple[float, float, float, float, float]


@kept
def noise_explorer(batch_size: int = 2, lr: float = 1 / 8) -> Explorer:
    """Stochastic descent to a line for every batch size and rate: the crooked path, its noise ball, its loss, the map.

    Parameters
    ----------
    batch_size, lr : numbers
        Where the sliders stand at first, rounded to one of ``BATCHES`` and one of ``RATES``.

    Raises
    ------
    ValueError
        If one of them lies outside its slider.
    """
    for name, value, slider in (("batch_size", batch_size, BATCHES), ("lr", lr, RATES)):
        if not slider[0] <= value <= slider[-1]:
            raise ValueError(f"{name}={value}: the slider runs from {slider[0]:g} to {slider[-1]:g}")
    runs = [[walks(int(size), float(rate)) for rate in RATES] for size in BATCHES]
    outcomes = [[outcome(paths[-1]) for paths in row] for row in runs]
    data = {
        "view": VIEW,
        "levels": level_lines(LINE, [LOWEST + level for level in LEVELS], VIEW),
        "minimum": LINE.minimum,
        "points": len(POINTS[0]),
        "read": READ,
        "every": EVERY,
        "batch": BATCHES,
        "lr": RATES,
        "path": [[[packed(paths[:, :, d], MOST) for d in range(DRAWS)] for paths in row] for row in runs],
        "loss": [[[packed(losses(paths[:, :, d]), POWER) for d in range(DRAWS)] for paths in row] for row in runs],
        "exact": [packed(minimize(LINE, gd_init, gd_step, steps=READ, lr=float(rate)).w, MOST) for rate in RATES],
        "floor": [[math.log10(floor(int(size), float(rate))) for rate in RATES] for size in BATCHES],
        "outcome": [[o._asdict() for o in row] for row in outcomes],
        "regimes": {name: {"ink": colour, "says": says} for name, (colour, says) in REGIMES.items()},
    }
    state = {"batch": int(np.abs(BATCHES - batch_size).argmin()), "lr": int(np.abs(np.log(RATES / lr)).argmin())}
    return Explorer(
        kind="noise",
        title="What do batch size and learning rate make of noise?",
        data=data,
        state={**state, "read": READ // EVERY, "draw": 0},
        fallback=_fallback(outcomes),
    )


def walks(size: int, lr: float, runs: int = RUNS) -> np.ndarray:
    """Steps along the mean gradient of ``size`` points, shape ``(READ // size + 1, 2, runs)``; run d deals by seed d.

    Every batch size is dealt the same points in the same order.
    """
    x, y = POINTS
    order = np.stack([next(batches(len(x), READ, seed=seed)) for seed in range(runs)])
    w, state = np.zeros((2, runs)), gd_init(None)
    path = [w]
    with np.errstate(over="ignore", invalid="ignore"):
        for begin in range(0, READ, size):
            dealt = order[:, begin : begin + size]
            w, state = gd_step(w, line_gradient(w, x[dealt], y[dealt]), state, lr=float(lr))
            path.append(w)
    return np.stack(path)


def losses(path: np.ndarray) -> np.ndarray:
    """Logarithm to base 10 of the loss above the minimum, each time ``EVERY`` points or a whole batch are read."""
    steps = len(path) - 1
    with np.errstate(over="ignore", invalid="ignore"):
        above = LINE.f(path[:: max(1, steps * EVERY // READ)].T) - LOWEST
        return np.asarray(np.log10(above))


def floor(size: int, lr: float) -> float:
    r"""The loss above the minimum at which noise and descent balance at a small rate: :math:`\eta \tr \Sigma / 4m`."""
    return lr * _trace() / (4 * size)


@cache
def _trace() -> float:
    """The mean squared length of the gradient of one point, at the minimum."""
    x, y = (points[:, None] for points in POINTS)  # as many batches of one
    at = np.repeat(np.array(LINE.minimum)[:, None], len(x), axis=1)
    return float((line_gradient(at, x, y) ** 2).sum(axis=0).mean())


def outcome(ends: np.ndarray) -> Outcome:
    """What ends of shape ``(2, runs)`` have in common."""
    with np.errstate(over="ignore", invalid="ignore"):
        loss = float((LINE.f(ends) - LOWEST).mean())
        centre, start = ends.mean(axis=1), LINE.f(np.zeros(2)) - LOWEST
        if LINE.f(centre) - LOWEST > loss / 2:
            name = "still on its way"
        else:
            name = "in its noise ball" if loss < start / 4 else "thrown out"
        spread, axes = np.linalg.eigh(np.cov(ends))
    angle = math.degrees(math.atan2(axes[1, 1], axes[0, 1]))
    first, second = (NINE_IN_TEN * math.sqrt(max(0.0, float(s))) for s in spread[::-1])
    return Outcome(name, loss, (float(centre[0]), float(centre[1]), first, second, angle))


def _fallback(outcomes: list[list[Outcome]]) -> Figure:
    alt = f"""Mean loss above the minimum after {READ} points read, against the learning rate, both logarithmic, for
    batch sizes 1, 4 and 16. Each curve falls while the rate is too small to arrive and rises along its noise floor
    after that. The curves are one shape, moved: four times the batch wants four times the rate and ends as low."""
    looks: list[tuple[int, str, str]] = [(1, "orange", ":"), (4, "purple", "--"), (16, "blue", "-")]
    with figure(alt) as drawing:
        ax = drawing.ax
        for size, name, line in looks:
            row = outcomes[BATCHES.tolist().index(size)]
            shown: list[Any] = [o.loss if o.regime != "thrown out" else np.nan for o in row]
            ax.plot(RATES, shown, line, marker="o", color=ink(name), label=f"m = {size}")
        ax.set(xlabel="learning rate η", ylabel="loss above the minimum", xscale="log", yscale="log")
        ax.minorticks_off()
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3)
    return drawing
