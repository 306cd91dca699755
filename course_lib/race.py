"""A race of optimizers under one protocol: the same rates to choose from, the same runs, everything written down.

This runs all of it, in minutes, and writes what it found beside this file::

    python -m course_lib.race

Each contestant has its ``torch.optim`` defaults but for lr, which it may choose among ``RATES`` by runs on
``TUNING_SEEDS``; it then races on ``RACE_SEEDS``. All are given the same number of gradients, from the same starts and
on the same batches. ``recorded()`` is what the command found last, with its date, versions and protocol.
"""

import json
import platform
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from itertools import islice, repeat
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from course_lib.data import batches, digits, noisy_line
from course_lib.descent import takes_closure
from course_lib.network import cross_entropy, forward, initial_weights, network_gradient
from course_lib.objectives import Objective, rosenbrock, two_wells
from course_lib.optimizers import from_torch
from course_lib.racing import band, best_setting
from course_lib.regression import linear_regression

RECORD = Path(__file__).with_suffix(".json")
RATES = tuple(float(f"{rate:.3g}") for rate in np.logspace(-4, 2, 13))  # two to each factor of ten
TUNING_SEEDS, RACE_SEEDS = tuple(range(5)), tuple(range(100, 110))  # raced on seeds that no rate was chosen by
HUGE = 1e300  # stands for an infinite loss where quantiles are interpolated
MARKS = 24  # how many points of each curve are kept, besides its start

# The names of this course, and what torch is told besides lr.
CONTESTANTS: dict[str, tuple[str, dict[str, Any]]] = {
    "SGD": ("SGD", {}),
    "momentum": ("SGD", {"momentum": 0.9}),
    "Nesterov": ("SGD", {"momentum": 0.9, "nesterov": True}),
    "Adagrad": ("Adagrad", {}),
    "RMSprop": ("RMSprop", {}),
    "Adadelta": ("Adadelta", {}),
    "Adam": ("Adam", {}),
    "AdamW": ("AdamW", {}),
    "Adamax": ("Adamax", {}),
    "NAdam": ("NAdam", {}),
    "RAdam": ("RAdam", {}),
    "Adafactor": ("Adafactor", {}),
    "ASGD": ("ASGD", {}),
    "Rprop": ("Rprop", {}),
    "LBFGS": ("LBFGS", {"max_iter": 1}),  # one gradient a step, like everyone
}
FOUR = ("SGD", "momentum", "RMSprop", "Adam")
ABSENT = {
    "SparseAdam": "takes sparse gradients alone, and these are dense",
    "Muon": "takes matrices alone, and all weights stand in one vector here",
}

Loss = Callable[[np.ndarray], Any]


class Task(NamedTuple):
    """Something to race on: where a seed starts, what each step sees, and by which losses it is chosen and judged."""

    about: str
    steps: int  # each may ask for one gradient
    start: Callable[[int], np.ndarray]
    sights: Callable[[int], Iterator[tuple[Loss, Loss]]]  # for each step of a seed's run: a loss and its gradient
    choose: Loss  # of the weights in the end, for tuning
    judge: Loss  # of the weights, for the race


class Outcome(NamedTuple):
    """What a contestant made of a task."""

    lr: float  # the one it chose
    tuning: np.ndarray  # shape (rates, tuning seeds): the loss to choose by, ``inf`` where a run diverged
    curves: np.ndarray  # shape (race seeds, MARKS + 1): the loss to judge by, the start's first


def marks(steps: int) -> np.ndarray:
    """After how many steps the points of a curve are taken: evenly, with the start and the end."""
    return np.unique(np.linspace(0, steps, MARKS + 1).round().astype(int))


def run(task: Task, contestant: str, lr: float, seed: int) -> list[np.ndarray]:
    """The weights at the ``marks`` of one run; once they are not finite they stay so.

    Raises
    ------
    ValueError
        For a contestant that is not in ``CONTESTANTS``.
    """
    if contestant not in CONTESTANTS:
        raise ValueError(f"no contestant {contestant!r}; known: {', '.join(CONTESTANTS)}")
    name, settings = CONTESTANTS[contestant]
    rule = from_torch(name, lr=lr, **settings)
    w, by_closure = task.start(seed), takes_closure(rule.step)
    state, kept, at = rule.init(w), [w], set(marks(task.steps).tolist())
    with np.errstate(all="ignore"):  # a run may diverge, and then it counts as infinitely bad
        for t, (f, grad) in enumerate(islice(task.sights(seed), task.steps), start=1):
            if np.isfinite(w).all():
                w, state = rule.step(w, _closure(f, grad) if by_closure else grad(w), state)
            if t in at:
                kept.append(w)
    return kept


def _closure(f: Loss, grad: Loss) -> Callable[[np.ndarray], tuple[Any, np.ndarray]]:
    return lambda w: (f(w), grad(w))


def compete(
    task: Task,
    contestant: str,
    *,
    rates: Sequence[float] = RATES,
    tuning_seeds: Iterable[int] = TUNING_SEEDS,
    race_seeds: Iterable[int] = RACE_SEEDS,
) -> Outcome:
    """Let one contestant choose its lr and then race with it.

    Raises
    ------
    ValueError
        For an unknown contestant, or if at every rate the median run diverges.
    """
    go = partial(run, task, contestant)
    ends = [[go(lr, seed)[-1] for seed in tuning_seeds] for lr in rates]
    tuning = np.array([[_loss(task.choose, w) for w in row] for row in ends])
    lr = best_setting(rates, tuning)
    paths = [go(lr, seed) for seed in race_seeds]
    curves = np.array([[_loss(task.judge, w) for w in path] for path in paths])
    return Outcome(lr, tuning, curves)


def _loss(of: Loss, w: np.ndarray) -> float:
    with np.errstate(all="ignore"):
        loss = float(of(w))
    return loss if np.isfinite(loss) else np.inf


def _valley_start(seed: int) -> np.ndarray:
    return np.asarray(rosenbrock.start + np.random.default_rng(seed).uniform(-0.2, 0.2, 2))


def _saddle_start(seed: int) -> np.ndarray:
    return np.asarray(two_wells.start) * (1, np.random.default_rng(seed).standard_normal())


def _always(objective: Objective) -> Callable[[int], Iterator[tuple[Loss, Loss]]]:
    return lambda seed: repeat((objective.f, objective.grad))


def _above(objective: Objective) -> Loss:
    least = objective.value or 0.0
    return lambda w: objective.f(w) - least  # a rounding below 0 is possible at the minimum itself


def _valley(steps: int = 500) -> Task:
    about = f"{rosenbrock.name}, from about {rosenbrock.start}; exact gradients"
    above = _above(rosenbrock)
    return Task(about, steps, _valley_start, _always(rosenbrock), above, above)


def _saddle(steps: int = 50) -> Task:
    about = "a saddle between two wells, from a thousandth beside its ridge; exact gradients"
    above = _above(two_wells)
    return Task(about, steps, _saddle_start, _always(two_wells), above, above)


def _regression(steps: int = 300) -> Task:
    x, y = noisy_line(1000)
    x = x + 3  # off centre, so that the condition number is 54
    whole = linear_regression(x, y)

    def sights(seed: int) -> Iterator[tuple[Loss, Loss]]:
        for batch in batches(len(x), 10, seed=seed):
            part = linear_regression(x[batch], y[batch])
            yield part.f, part.grad

    above = _above(whole)
    return Task("a line through 1000 points, in batches of 10", steps, lambda seed: np.zeros(2), sights, above, above)


SIZES = (64, 32, 10)


def _digits(steps: int = 228) -> Task:
    x, labels = digits()
    training, validation, test = np.split(np.random.default_rng(0).permutation(len(x)), [1197, 1497])

    def loss_on(part: np.ndarray) -> Loss:
        return lambda w: cross_entropy(forward(w, x[part], SIZES)[1], labels[part])

    def slope_on(part: np.ndarray) -> Loss:
        return lambda w: network_gradient(w, x[part], labels[part], SIZES)

    def sights(seed: int) -> Iterator[tuple[Loss, Loss]]:
        for batch in batches(len(training), 64, seed=seed):
            yield loss_on(training[batch]), slope_on(training[batch])

    about = "1197 digits, a network 64-32-10, batches of 64, 12 epochs; chosen on 300 others, judged on 300 more"
    start = lambda seed: initial_weights(SIZES, seed=seed)  # noqa: E731 - one line among its neighbours
    return Task(about, steps, start, sights, loss_on(validation), loss_on(test))


TASKS: dict[str, Callable[..., Task]] = {
    "valley": cache(_valley),
    "saddle": cache(_saddle),
    "regression": cache(_regression),
    "digits": cache(_digits),
}
"""What there is to race on; each takes another number of ``steps``."""


def report(
    tasks: Iterable[str] = tuple(TASKS), contestants: Iterable[str] = tuple(CONTESTANTS)
) -> dict[str, dict[str, dict[str, Any]]]:
    """What every contestant made of every task, in numbers that JSON can hold: see ``summary``."""
    names = tuple(contestants)
    return {task: {name: summary(compete(TASKS[task](), name)) for name in names} for task in tasks}


def summary(outcome: Outcome) -> dict[str, Any]:
    """An outcome in six digits: ``lr``, ``tuning``, each race's ``ends``, and the ``band`` of its curves.

    A run that diverged is ``None``, and so is an edge of the band that it pulls along.
    """
    middle_half = band(np.minimum(outcome.curves, HUGE))
    arrays = {"tuning": outcome.tuning, "ends": outcome.curves[:, -1], "band": middle_half}
    return {"lr": outcome.lr, **{name: _short(array.tolist()) for name, array in arrays.items()}}


def _short(numbers: Any) -> Any:
    if isinstance(numbers, list):
        return [_short(one) for one in numbers]
    return float(f"{numbers:.6g}") if numbers < HUGE / 100 else None


def protocol() -> dict[str, Any]:
    """All that was decided before the race."""
    tasks = {name: make() for name, make in TASKS.items()}
    return {
        "rates": RATES,
        "tuning_seeds": TUNING_SEEDS,
        "race_seeds": RACE_SEEDS,
        "contestants": {name: {"torch": torch, **settings} for name, (torch, settings) in CONTESTANTS.items()},
        "absent": ABSENT,
        "tasks": {name: {"about": task.about, "steps": task.steps} for name, task in tasks.items()},
    }


def recorded() -> dict[str, Any]:
    """The last full race: ``made`` (when, with what), its ``protocol``, and its ``outcomes`` by task and contestant."""
    found: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return found


def write_record(path: Path | None = None) -> None:
    """Run the whole race and write it to ``path``."""
    began = time.perf_counter()
    outcomes = report()
    made = {
        "date": datetime.now(UTC).date().isoformat(),
        "command": "python -m course_lib.race",
        "seconds": round(time.perf_counter() - began),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "machine": f"{platform.system()} {platform.machine()}",
    }
    found = {"made": made, "protocol": protocol(), "outcomes": outcomes}
    text = json.dumps(found, separators=(",", ":")).replace('"},"', '"},\n"').replace(']]},"', ']]},\n"')
    (path or RECORD).write_text(text + "\n", encoding="utf-8")


def _command_line() -> None:
    """The command line."""
    try:
        import typer
    except ModuleNotFoundError as missing:
        raise SystemExit("the command line takes Typer: pip install 'optimizers-step-by-step[grade]'") from missing

    def race(out: Path = typer.Option(RECORD, help="Where the figures go, as JSON.")) -> None:  # noqa: B008 - Typer's way
        """Race all optimizers on all tasks, each with the same budget for choosing its lr."""
        write_record(out)
        typer.echo(f"written: {out}")

    typer.run(race)


if __name__ == "__main__":
    _command_line()
