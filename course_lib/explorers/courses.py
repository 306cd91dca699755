"""What the race of the explorers is run on: a valley, a saddle and a ravine, the rates chosen there, and the runs."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from course_lib.data import noisy_line
from course_lib.descent import takes_closure
from course_lib.objectives import Objective, rosenbrock, two_wells
from course_lib.optimizers.torch_rules import RULES
from course_lib.race import CONTESTANTS, RATES, TUNING_SEEDS, recorded
from course_lib.racing import best_setting
from course_lib.regression import linear_regression

FACTORS = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)
LEAST = 1e-10  # losses below are drawn here
MOST = 1e8  # and those above, here
FAR = 100.0  # a coordinate this large, and the run is lost
TOGETHER = ("Adafactor", "LBFGS")  # these look at both coordinates at once, the others at each by itself


@dataclass(frozen=True)
class Course:
    """A surface to race on.

    ``starts`` are points, the first being the one that rates were chosen from, or close to it. ``steps`` are those that
    are drawn, from 0 to the race's length. ``levels`` are the losses of its level lines.
    """

    title: str
    objective: Objective
    starts: tuple[tuple[float, float], ...]
    steps: tuple[int, ...]
    view: tuple[tuple[float, float], tuple[float, float]]
    levels: tuple[float, ...]
    minima: tuple[tuple[float, float], ...]
    axes: tuple[str, str] = ("x", "y")


def _spread(length: int, count: int) -> tuple[int, ...]:
    """Steps from 0 to ``length``, closer to each other where a run begins."""
    return tuple(int(t) for t in np.unique(np.geomspace(1, length + 1, count).round()) - 1)


def _ravine() -> Objective:
    """The loss of the line through all points of the race on batches (condition number 54), as the bowl that it is."""
    x, y = noisy_line(1000)
    line = linear_regression(x + 3, y)
    assert line.hess is not None
    lowest = np.array(line.minimum)
    (steep, mixed), (_, flat) = line.hess(lowest).tolist()

    def grad(w: np.ndarray) -> np.ndarray:
        slope, intercept = w[0] - lowest[0], w[1] - lowest[1]
        return np.stack([steep * slope + mixed * intercept, mixed * slope + flat * intercept])

    def f(w: np.ndarray) -> np.ndarray:
        along = grad(w)
        return np.asarray(((w[0] - lowest[0]) * along[0] + (w[1] - lowest[1]) * along[1]) / 2)

    return replace(line, f=f, grad=grad, value=0.0)


RAVINE = _ravine()

COURSES = {
    "valley": Course(
        title="Rosenbrock's valley",
        objective=rosenbrock,
        starts=((-1.2, 1.0), (-0.5, 2.2)),
        steps=_spread(500, 44),
        view=((-2.0, 2.0), (-0.9, 2.9)),
        levels=(20.0, 80.0, 250.0, 700.0),
        minima=((1, 1),),
    ),
    "saddle": Course(
        title="two wells and a saddle",
        objective=two_wells,
        starts=((1.5, 0.001),),
        steps=_spread(50, 34),
        view=((-1.7, 1.7), (-1.5, 1.5)),
        levels=(0.06, 0.25, 0.8, 2.0),
        minima=((0, 1), (0, -1)),
    ),
    "ravine": Course(
        title="a line through points",
        objective=RAVINE,
        starts=((0.0, 0.0),),
        steps=_spread(100, 36),
        view=((-2.0, 4.5), (-9.0, 1.5)),
        levels=(0.2, 1.0, 5.0, 20.0),
        minima=(RAVINE.minimum,),  # type: ignore[arg-type]
        axes=("slope", "intercept"),
    ),
}

# What ``choose`` finds there, kept since it takes seconds; a test runs it again.
RAVINE_RATES = {
    "SGD": 0.1,
    "ASGD": 0.1,
    "momentum": 0.1,
    "Nesterov": 0.1,
    "Adagrad": 3.16,
    "RMSprop": 0.316,
    "Adadelta": 31.6,
    "Adafactor": 0.316,
    "Adam": 1.0,
    "AdamW": 0.316,
    "Adamax": 1.0,
    "NAdam": 0.316,
    "RAdam": 0.316,
    "Rprop": 0.1,
    "LBFGS": 1.0,
}


def chosen_rates(course: str) -> dict[str, float]:
    """The rate that each contestant chose among ``RATES`` before the race.

    On the valley and the saddle those of the recorded race. The ravine, whose gradients are exact here and on record
    are not, has a choice of its own: see ``choose``.
    """
    if course == "ravine":
        return RAVINE_RATES
    return {name: kept["lr"] for name, kept in recorded()["outcomes"][course].items()}


def choose(course: Course, contestant: str) -> float:
    """The rate that a contestant chooses under the race's protocol, by runs from as many starts around the first."""
    starts = np.stack([course.starts[0] + np.random.default_rng(seed).normal(0, 0.3, 2) for seed in TUNING_SEEDS])
    w, lr = np.tile(starts.T, len(RATES)), np.repeat(RATES, len(starts))
    ends = losses(course, runs(course, contestant, w, lr)[-1:])
    return best_setting(RATES, ends.reshape(len(RATES), -1))


def runs(course: Course, contestant: str, w: np.ndarray, lr: np.ndarray) -> np.ndarray:
    """One contestant's runs, side by side.

    Parameters
    ----------
    w, lr : arrays of floats, shapes ``(2, n)`` and ``(n,)``
        A start and a rate for each run.

    Returns
    -------
    array of floats, shape ``(steps + 1, 2, n)``
        All weights of the runs, up to the last of ``course.steps``; ``inf`` and ``nan`` where one diverged.

    Notes
    -----
    Most rules treat each weight by itself, so that their runs are one array and one step. Those in ``TOGETHER`` are
    run one after the other.
    """
    if contestant not in TOGETHER:
        return _run(course, contestant, w, lr)
    return np.stack([_run(course, contestant, w[:, i], float(lr[i])) for i in range(len(lr))], axis=-1)


def _run(course: Course, contestant: str, w: np.ndarray, lr: Any) -> np.ndarray:
    torch_name, settings = CONTESTANTS[contestant]
    rule, f, grad = RULES[torch_name], course.objective.f, course.objective.grad
    by_closure, state, path = takes_closure(rule.step), rule.init(w), [w]
    with np.errstate(all="ignore"):  # a run may diverge
        while len(path) <= course.steps[-1] and np.isfinite(w).all(axis=0).any():
            seen = (lambda at: (f(at), grad(at))) if by_closure else grad(w)
            w, state = rule.step(w, seen, state, lr=lr, **settings)
            path.append(w)
            if by_closure and np.array_equal(path[-1], path[-2]):
                break  # LBFGS has arrived, by its own tolerance
    return np.stack(path + [w] * (course.steps[-1] + 1 - len(path)))


def losses(course: Course, w: np.ndarray) -> np.ndarray:
    """Losses above the minimum at points of shape ``(steps, 2, ...)``, between ``LEAST`` and ``MOST``."""
    with np.errstate(all="ignore"):
        above = course.objective.f(np.moveaxis(w, 1, 0)) - (course.objective.value or 0.0)
    return np.asarray(np.clip(np.where(np.isfinite(above), above, MOST), LEAST, MOST))


def drawn(course: Course, path: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of one run, shape ``(steps + 1, 2)``: points and logarithms of losses at the drawn steps, until it is lost."""
    seen = path[list(course.steps)]
    lost = ~(np.abs(seen) <= FAR).all(axis=1)
    seen = seen[: int(lost.argmax())] if lost.any() else seen
    return seen, np.log10(losses(course, seen))


def starts_and_rates(course: Course, lr: float) -> tuple[np.ndarray, np.ndarray]:
    """A column for each start and, within it, for each of ``FACTORS``."""
    w = np.repeat(np.array(course.starts, dtype=float).T, len(FACTORS), axis=1)
    return w, np.tile(np.array(FACTORS) * lr, len(course.starts))
