"""Schedules over a noisy bowl and a small network."""

from collections.abc import Sequence

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from course_lib.explorers import scheduled
from course_lib.optimizers import from_torch
from course_lib.race import TASKS
from tests.browser.explorers.base import Case, Lines, State


def expected(state: State) -> Lines:
    """Rates by asking the schedule step by step, and the walk or the training by taking its steps with them."""
    name, descent = list(scheduled.DESCENTS.items())[state["descent"]]
    peak, lines = descent.peaks[state["peak"]], {}
    for label, index, setting in (("walk", state["shape"], state["setting"]), ("constant", 0, 0)):
        shape = list(scheduled.SHAPES.values())[index]
        assert shape.make, "test_schedules.py moves the plateau, which has no plan"
        rate = shape.make(peak, shape.settings[setting], descent.steps)
        rates = np.array([rate(t) for t in range(descent.steps)])
        if label == "constant" and state["shape"] == 0:
            continue
        loss = _noisy_bowl(rates) if name == "bowl" else _network_losses(rates)
        lines[label] = np.stack([descent.seen, np.log10(loss[descent.seen])], axis=1)
        if label == "walk":
            lines["rate"] = np.stack([np.arange(descent.steps), rates / peak], axis=1)
            if name == "bowl":
                lines |= {
                    key: np.stack([descent.seen, np.log10(np.maximum(owed, 1e-4))], axis=1)
                    for key, owed in _debts(rates, descent.seen).items()
                }
    return lines


def _noisy_bowl(rates: np.ndarray) -> np.ndarray:
    noise, w = np.random.default_rng(5).standard_normal((len(rates), 2)), scheduled.START
    path = [w]
    for lr, error in zip(rates, noise, strict=True):
        w = w - lr * (scheduled.CURVATURES * w + error)
        path.append(w)
    return np.asarray((scheduled.CURVATURES * np.array(path) ** 2).sum(axis=1) / 2)


def _network_losses(rates: np.ndarray) -> np.ndarray:
    task, losses = TASKS["digits"](), []
    w = task.start(0)
    adam = from_torch("Adam")
    kept = adam.init(w)
    with threadpool_limits(1):  # as in the explorer: a sum in another order would grow apart at these rates
        for lr, (_, grad) in zip(rates, task.sights(0), strict=False):
            losses.append(task.judge(w))
            w, kept = adam.step(w, grad(w), kept, lr=float(lr))
        return np.array([*losses, task.judge(w)])


def _debts(rates: np.ndarray, seen: Sequence[int]) -> dict[str, np.ndarray]:
    """Products and sums written out for each drawn step, where the explorer goes from one step to the next."""
    h, shrink = scheduled.CURVATURES, 1 - rates[:, None] * scheduled.CURVATURES
    owed = []
    for t in seen:
        after = np.cumprod(np.concatenate([np.ones((1, 2)), shrink[:t][::-1]]), axis=0)  # what 0, 1, … steps leave
        put_in = ((rates[:t][::-1, None] * after[:-1]) ** 2).sum(axis=0)
        owed.append([(h * (after[-1] * scheduled.START) ** 2).sum() / 2, (h * put_in).sum() / 2])
    start, noise = np.array(owed).T
    return {"start": start, "noise": noise}


def says(state: State) -> str:
    lines = expected(state)
    if "start" not in lines:
        return "hidden units answer to no digit any more."
    bias, noise = 10 ** lines["start"][-1, 1], 10 ** lines["noise"][-1, 1]
    if max(bias, noise) <= 2 * min(bias, noise):
        return "Neither debt dwarfs the other."
    return "Most of what is left is the start" if bias > noise else "Most of what is left is noise"


CASE = Case("chapters/schedules.html", ("Peak rate",), expected, says)
