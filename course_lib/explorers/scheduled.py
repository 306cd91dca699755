"""What the explorer of schedules runs: the shapes with their settings, a noisy bowl, and a network under Adam."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from course_lib import schedules
from course_lib.data import digits
from course_lib.network import forward
from course_lib.optimizers import adam_init, adam_step, gd_init, gd_step
from course_lib.race import SIZES, TASKS
from course_lib.schedules import Schedule

CURVATURES, START = np.array([0.05, 1.0]), np.array([10.0, 10.0])
LOOK = 10  # steps between two looks at the loss, where the loss decides
RISE_FROM = 0.01  # the share of the rate at which a warm-up begins
RISE = "share of the steps that rise"


@dataclass(frozen=True)
class Descent:
    """What a schedule is tried on: its ``peaks``, of which the one numbered ``first`` is shown first.

    ``seen`` are the counts of steps after which the loss is drawn, ``view`` the powers of ten on its axis.
    """

    title: str
    steps: int
    peaks: tuple[float, ...]
    first: int
    every: int
    view: tuple[float, float]

    @property
    def seen(self) -> list[int]:
        return list(range(0, self.steps + 1, self.every))


DESCENTS = {
    "bowl": Descent(
        "gradient descent in a noisy bowl",
        300,
        (0.02, 0.05, 0.1, 0.16, 0.25, 0.42, 0.8, 1.6),
        5,
        10,
        (-2.6, 2.3),
    ),
    "network": Descent("Adam on the digits", 114, (0.01, 0.03, 0.1, 0.3), 3, 3, (-1.7, 1.4)),
}


@dataclass(frozen=True)
class Shape:
    """A schedule with one setting of its own.

    ``asks`` is what the setting is, ``settings`` its choices; ``make(peak, setting, steps)`` gives the schedule. A
    shape without a plan is lowered by the losses instead, and its setting is how patient it is.
    """

    asks: str
    settings: tuple[float, ...]
    make: Callable[[Any, Any, int], Schedule] | None

    @property
    def planned(self) -> bool:
        return self.make is not None

    def offered(self, descent: str) -> tuple[float, ...]:
        """The settings to choose from: on the network, whose trainings take time, those of how the rate rises alone."""
        return self.settings if descent == "bowl" or self.asks == RISE else self.settings[:1]


def _cosine(peak: Any, end: float, steps: int) -> Schedule:
    return schedules.cosine(peak, T_max=steps, eta_min=end * peak)


def _rising(share: float, then: Schedule, steps: int) -> Schedule:
    return schedules.warm_up(then, total_iters=round(share * steps), start_factor=RISE_FROM)


SHAPES = {
    "constant": Shape("", (1.0,), lambda peak, _, steps: schedules.constant(peak)),
    "warm-up": Shape(
        RISE,
        (0.1, 0.25, 0.5),
        lambda peak, share, steps: _rising(share, schedules.constant(peak), steps),
    ),
    "step": Shape(
        "cuts to a tenth",
        (2, 1, 3),
        lambda peak, cuts, steps: schedules.step_decay(peak, step_size=-(-steps // (cuts + 1))),
    ),
    "exponential": Shape(
        "left at the end",
        (0.01, 0.1, 0.001),
        lambda peak, left, steps: schedules.exponential_decay(peak, gamma=left ** (1 / steps)),
    ),
    "inverse time": Shape(
        "left at the end",
        (0.1, 0.3, 0.03),
        lambda peak, left, steps: schedules.inverse_time_decay(peak, decay=(1 / left - 1) / steps),
    ),
    "cosine": Shape("left at the end", (0.0, 0.1, 0.3), _cosine),
    "warm-up, cosine": Shape(
        RISE,
        (0.1, 0.25, 0.5),
        lambda peak, share, steps: _rising(share, _cosine(peak, 0.0, steps - round(share * steps)), steps),
    ),
    "one cycle": Shape(
        RISE,
        (0.3, 0.1, 0.5),
        lambda peak, share, steps: schedules.one_cycle(peak, total_steps=steps, pct_start=share),
    ),
    "plateau": Shape("patience, in looks at the loss", (2, 0, 5), None),
}


def schedule(shape: Shape, descent: str, setting: float) -> np.ndarray:
    """The rates of a planned shape at each step and each of the descent's peaks, shape ``(steps, peaks)``."""
    assert shape.make is not None, "a shape without a plan has no rates before its losses"
    peaks, steps = np.array(DESCENTS[descent].peaks), DESCENTS[descent].steps
    rate = shape.make(peaks, setting, steps)
    return np.stack([np.asarray(rate(t)) for t in range(steps)])


def debts(rates: np.ndarray) -> np.ndarray:
    """Expected loss in the bowl before each step and in the end, shape ``(steps + 1, 2, peaks)``.

    The two rows are what is left of the start, and what the noise has put in.
    """
    h = CURVATURES[:, None]
    b, v, owed = START[:, None] + 0 * rates[0], 0 * h * rates[0], []
    for lr in (*rates, 0 * rates[0]):
        owed.append([(h * b**2).sum(axis=0) / 2, (h * v).sum(axis=0) / 2])
        b, v = (1 - lr * h) * b, (1 - lr * h) ** 2 * v + lr**2
    return np.array(owed)


def walk(shape: Shape, setting: float) -> tuple[np.ndarray, np.ndarray]:
    """A noisy walk in the bowl for each peak, all in the same noise.

    Returns
    -------
    rates, losses : arrays, shapes ``(steps, peaks)`` and ``(steps + 1, peaks)``
    """
    descent = DESCENTS["bowl"]
    noise = np.random.default_rng(5).standard_normal((descent.steps, 2, 1))
    rates, w, state = [], np.repeat(START[:, None], len(descent.peaks), axis=1), gd_init(None)
    losses = [_bowl_loss(w)]
    next_rate = _rates_of(shape, np.array(descent.peaks), setting, descent.steps)
    for t in range(descent.steps):
        lr: Any = next_rate(t, losses[-1])
        w, state = gd_step(w, CURVATURES[:, None] * w + noise[t], state, lr=lr)
        rates.append(lr)
        losses.append(_bowl_loss(w))
    return np.stack(rates), np.stack(losses)


def _bowl_loss(w: np.ndarray) -> np.ndarray:
    return np.asarray((CURVATURES[:, None] * w**2).sum(axis=0) / 2)


def _rates_of(shape: Shape, peaks: np.ndarray, setting: float, steps: int) -> Callable[[int, np.ndarray], np.ndarray]:
    """What gives the rates of step ``t``, told the losses before it, one for each peak."""
    if shape.make is not None:
        planned = shape.make(peaks, setting, steps)
        return lambda t, losses: np.asarray(planned(t)) + 0 * peaks
    states = [schedules.plateau_init(float(peak)) for peak in peaks]

    def looked(t: int, losses: np.ndarray) -> np.ndarray:
        if t and t % LOOK == 0:
            states[:] = [
                schedules.plateau_step(float(loss), state, patience=int(setting))[1]
                for loss, state in zip(losses, states, strict=True)
            ]
        return np.array([state.lr for state in states])

    return looked


class Training(NamedTuple):
    """The rates of a run, its losses on test digits at the drawn steps, and how many hidden units no digit wakes."""

    rates: np.ndarray
    losses: np.ndarray
    dead: int


@cache
def network_run(shape: Shape, setting: float, peak: float, steps: int | None = None) -> Training:
    """Adam on the network of the race, from the same weights, on the same batches; ``steps`` stops it early."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # scikit-learn brings it, as it does the digits

    with threadpool_limits(1):  # for matrices as small as these a second thread is one to wait for
        return _trained(shape, setting, peak, steps or DESCENTS["network"].steps)


def _trained(shape: Shape, setting: float, peak: float, steps: int) -> Training:
    descent, task = DESCENTS["network"], TASKS["digits"]()
    w, rates, losses = task.start(0), [], []
    state, validation = adam_init(w), np.zeros(1)
    next_rate = _rates_of(shape, np.array([peak]), setting, descent.steps)
    for t, (_, grad) in enumerate(islice(task.sights(0), steps)):
        if t % descent.every == 0:
            losses.append(task.judge(w))
        if not shape.planned and t % LOOK == 0:
            validation = np.array([task.choose(w)])
        rates.append(next_rate(t, validation)[0])
        w, state = adam_step(w, grad(w), state, lr=float(rates[-1]))
    return Training(np.array(rates), np.array([*losses, task.judge(w)]), _dead(w))


def _dead(w: np.ndarray) -> int:
    hidden = forward(w, digits()[0], SIZES)[0][1]
    return int((hidden <= 0).all(axis=0).sum())
