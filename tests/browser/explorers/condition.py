"""Gradient descent on bowls of every condition number."""

import numpy as np

from course_lib.descent import minimize
from course_lib.explorers import condition
from course_lib.objectives import quadratic
from course_lib.optimizers import gd_init, gd_step
from tests.browser.explorers.base import Case, Lines, State


def expected(state: State) -> Lines:
    bowl, lr = quadratic(float(condition.CONDITIONS[state["condition"]])), float(condition.RATES[state["lr"]])
    return {"path": minimize(bowl, gd_init, gd_step, lr=lr, steps=condition.STEPS).w}


def says(state: State) -> str:
    """The forecast is held to a run that is long enough to see it come true."""
    bowl, lr = quadratic(float(condition.CONDITIONS[state["condition"]])), float(condition.RATES[state["lr"]])
    distance = np.abs(minimize(bowl, gd_init, gd_step, lr=lr, steps=700).w).max(axis=1)
    if not distance[-1] < distance[0]:
        return "the run diverges" if distance[1] > distance[0] else "never comes closer"
    steps = int((distance <= 0.1 * distance[0]).argmax())
    return "1 step to come" if steps == 1 else f"{steps} steps to come"


CASE = Case("chapters/learning_rate.html", ("Condition number", "Learning rate", "Step"), expected, says)
