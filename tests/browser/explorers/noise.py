"""Steps by batches: the walk, its loss, and the exact descent beside it."""

from itertools import islice

import numpy as np

from course_lib.data import batches
from course_lib.descent import minimize
from course_lib.explorers import noise
from course_lib.optimizers import gd_init, gd_step
from course_lib.regression import sgd_epoch
from tests.browser.explorers.base import Case, Lines, State


def expected(state: State) -> Lines:
    (x, y), size, lr = noise.POINTS, int(noise.BATCHES[state["batch"]]), float(noise.RATES[state["lr"]])
    dealt = islice(batches(len(x), size, seed=state["draw"]), noise.READ // size)
    path = [np.zeros(2)]
    for batch in dealt:
        path.append(sgd_epoch(path[-1], x, y, batch, batch_size=size, lr=lr))
    seen = np.stack(path)[:: max(1, noise.EVERY // size)]
    reads = np.arange(len(seen)) * max(size, noise.EVERY)
    loss = np.stack([reads, np.log10(noise.LINE.f(seen.T) - noise.LINE.value)], axis=1)
    exact = minimize(noise.LINE, gd_init, gd_step, lr=lr, steps=noise.READ // size).w
    return {"path": np.stack(path), "loss": loss, "exact": exact}


def says(state: State) -> str:
    size = int(noise.BATCHES[state["batch"]])
    steps = state["read"] * noise.EVERY // size
    counted = "1 step" if steps == 1 else f"{steps} steps"
    return f"After {steps * size} points read, in {counted} of {size}, run {state['draw'] + 1}"


CASE = Case("chapters/stochastic_descent.html", ("Batch size", "Learning rate", "Points read"), expected, says)
