"""The parabola: one path down it, and the map of learning rates."""

import numpy as np

from course_lib.descent import minimize
from course_lib.explorers.parabola import RATES, STEPS, VIEW, regime
from course_lib.objectives import parabola
from course_lib.optimizers import gd_init, gd_step
from tests.browser.explorers.base import Case, Lines, State


def expected(state: State) -> Lines:
    path = minimize(parabola, gd_init, gd_step, lr=float(RATES[state["lr"]]), steps=STEPS)
    points = np.stack([path.w, path.loss], axis=1)
    return {"path": points[(path.w >= VIEW[0]) & (path.w <= VIEW[1])]}


def says(state: State) -> str:
    path = minimize(parabola, gd_init, gd_step, lr=float(RATES[state["lr"]]), steps=STEPS)
    return regime(path.w).replace("lands in one step", "lands")


CASE = Case("chapters/gradient_descent.html", ("Learning rate", "Step"), expected, says)
