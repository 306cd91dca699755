"""A saddle and a valley: gradient descent, momentum and Nesterov's look-ahead from several starts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from course_lib.descent import Trajectory, minimize
from course_lib.explorers.base import Explorer
from course_lib.explorers.kept import kept
from course_lib.explorers.momentum import step_matrix
from course_lib.explorers.plane import level_lines, packed
from course_lib.objectives import Objective, rosenbrock, two_wells
from course_lib.optimizers import sgd_init, sgd_step
from course_lib.plotting import Figure, figure, ink

RULES: Mapping[str, Mapping[str, Any]] = {
    "gradient descent": {},
    "momentum 0.9": {"momentum": 0.9},
    "Nesterov 0.9": {"momentum": 0.9, "nesterov": True},
}
INKS = ("blue", "orange", "green")
MOST = 4.0  # a path is drawn up to the first coordinate larger than this
LEAST = 1e-8  # losses below are drawn here
DONE = 1e-3  # a loss that counts as having arrived


@dataclass(frozen=True)
class Terrain:
    """A surface with what the controls offer on it.

    ``starts`` maps what a start is called to the point; ``steps`` are those that are drawn, equally many for each
    surface, on a logarithmic axis where ``log_steps``. ``curvature`` is that of the direction that keeps everyone
    waiting: away from the saddle, or along the valley's floor at its minimum. ``left`` tells from the points of a path,
    shape (steps + 1, 2), which of them lie off the saddle, or beyond the valley's bend for good.
    """

    objective: Objective
    starts: Mapping[str, tuple[float, float]]
    rates: tuple[float, ...]
    steps: tuple[int, ...]
    view: tuple[tuple[float, float], tuple[float, float]]
    levels: tuple[float, ...]
    minima: tuple[tuple[float, float], ...]
    curvature: float
    left: Callable[[np.ndarray], np.ndarray]
    log_steps: bool


def _flattest(objective: Objective, at: tuple[float, float]) -> float:
    """The least curvature there."""
    assert objective.hess is not None, objective.name
    return float(np.linalg.eigvalsh(objective.hess(np.array(at)))[0])


TERRAINS = {
    "saddle": Terrain(
        objective=two_wells,
        starts={f"{y:g} beside the ridge": (1.5, y) for y in (0.1, 0.01, 1e-3, 1e-6)} | {"on the ridge": (1.5, 0.0)},
        rates=(0.02, 0.05, 0.1, 0.2, 0.4),
        steps=(*range(20), *range(20, 161, 5)),
        view=((-1.7, 1.7), (-1.5, 1.5)),
        levels=(0.05, 0.25, 0.6, 1.2, 2.2),
        minima=((0, 1), (0, -1)),
        curvature=_flattest(two_wells, (0.0, 0.0)),
        left=lambda w: np.abs(w[:, 1]) >= 0.5,
        log_steps=False,
    ),
    "valley": Terrain(
        objective=rosenbrock,
        starts={
            f"({x:g}, {y:g})".replace("-", "−"): (x, y)
            for x, y in ((-1.2, 1), (-1.7, 2.7), (-0.5, 2.2), (0, -0.7), (1.6, 2.2))
        },
        rates=(0.0001, 0.0002, 0.0005, 0.001, 0.002),
        steps=tuple(int(t) for t in np.unique(np.geomspace(1, 2001, 57).round() - 1)),
        view=((-2.0, 2.0), (-0.9, 2.9)),
        levels=(3.0, 15.0, 60.0, 200.0, 600.0),
        minima=((1, 1),),
        curvature=_flattest(rosenbrock, (1.0, 1.0)),
        left=lambda w: np.logical_and.accumulate(w[::-1, 0] > 0)[::-1],
        log_steps=True,
    ),
}


@kept
def terrain_explorer(surface: str = "saddle") -> Explorer:
    """Two surfaces that make a loss stand still, walked by three rules.

    Parameters
    ----------
    surface : str
        Which of ``TERRAINS`` is shown at first.

    Raises
    ------
    ValueError
        If there is no such surface.
    """
    if surface not in TERRAINS:
        raise ValueError(f"no surface {surface!r}; there are: {', '.join(TERRAINS)}")
    data = {
        "rules": [{"name": name, "ink": colour} for name, colour in zip(RULES, INKS, strict=True)],
        "done": DONE,
        "surfaces": [_surface(name) for name in TERRAINS],
    }
    at = list(TERRAINS).index(surface)
    last = len(TERRAINS[surface].steps) - 1
    return Explorer(
        kind="terrain",
        title="Where does a loss stand still?",
        data=data,
        state={"surface": at, "rule": 0, "start": 2, "lr": 2, "step": last},
        fallback=_fallback(),
    )


def run(terrain: Terrain, start: int, lr: int, rule: int) -> Trajectory:
    """The whole run that the controls point at, by their indices."""
    w = np.array(list(terrain.starts.values())[start], dtype=float)
    settings = list(RULES.values())[rule]
    return minimize(
        terrain.objective, sgd_init, sgd_step, w=w, steps=terrain.steps[-1], lr=terrain.rates[lr], **settings
    )


def seen(terrain: Terrain, path: Trajectory) -> tuple[np.ndarray, np.ndarray]:
    """Points and logarithms of losses at the steps that are drawn."""
    steps = list(terrain.steps)
    with np.errstate(invalid="ignore"):
        return path.w[steps], np.log10(np.maximum(path.loss[steps], LEAST))


def left_at(terrain: Terrain, path: Trajectory) -> int | None:
    """The step at which a run has left the saddle, or come round the valley's bend for good; None if it has not."""
    return _first(terrain.left(path.w))


def arrived_at(path: Trajectory) -> int | None:
    """The first step with a loss of ``DONE`` or less; None if there is none."""
    return _first(path.loss <= DONE)


def growth(lr: float, settings: Mapping[str, Any], h: float) -> float:
    """What a step multiplies a small distance by along the curvature ``h``: the larger eigenvalue's size.

    >>> round(growth(0.05, {"momentum": 0.9}, -1.0), 6)
    1.2
    """
    matrix = step_matrix(lr, settings.get("momentum", 0.0), h, nesterov=settings.get("nesterov", False))
    return float(np.abs(np.linalg.eigvals(matrix)).max())


def _first(reached: np.ndarray) -> int | None:
    return int(reached.argmax()) if reached.any() else None


@cache
def _surface(name: str) -> dict[str, Any]:
    """What is drawn and said of one surface; some hundred runs, so they are made once."""
    terrain = TERRAINS[name]
    shape = (len(terrain.starts), len(terrain.rates), len(RULES))
    runs = [run(terrain, *index) for index in np.ndindex(*shape)]
    drawn = [seen(terrain, path) for path in runs]
    return {
        "name": name,
        "view": terrain.view,
        "minima": terrain.minima,
        "levels": level_lines(terrain.objective, terrain.levels, terrain.view),
        "starts": list(terrain.starts),
        "lr": terrain.rates,
        "steps": terrain.steps,
        "log_steps": terrain.log_steps,
        "curvature": terrain.curvature,
        "growth": [[growth(lr, settings, terrain.curvature) for settings in RULES.values()] for lr in terrain.rates],
        "points": packed(np.stack([w for w, _ in drawn]), MOST),
        "loss": packed(np.stack([loss for _, loss in drawn]), 2 * MOST),
        "left": [left_at(terrain, path) for path in runs],
        "arrived": [arrived_at(path) for path in runs],
    }


def _fallback() -> Figure:
    terrain = TERRAINS["saddle"]
    paths = {name: run(terrain, 3, 2, rule) for rule, name in enumerate(RULES)}
    told = "; ".join(f"{name} until step {left_at(terrain, path)}" for name, path in paths.items())
    alt = f"""Loss on two wells from a millionth beside the ridge at learning rate {terrain.rates[2]}. All three rules
    fall to a plateau at a quarter and stay there, {told}, before they fall to a minimum."""
    with figure(alt, height=200) as drawing:
        for (name, path), colour, line in zip(paths.items(), INKS, ("-", "--", ":"), strict=True):
            drawing.ax.plot(path.loss, line, color=ink(colour), label=name)
        drawing.ax.set(xlabel="step", ylabel="loss", ylim=(0, 1))
        drawing.ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3)
    return drawing
