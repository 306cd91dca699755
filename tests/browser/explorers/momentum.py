"""Learning rate and momentum, and the regimes that they make."""

import numpy as np

from course_lib.descent import minimize
from course_lib.explorers import momentum
from course_lib.objectives import parabola
from course_lib.optimizers import sgd_init, sgd_step
from tests.browser.explorers.base import Case, Lines, State, until


def expected(state: State) -> Lines:
    """Only learning rate times curvature counts, so 4x² stands for every curvature."""
    lr, mu = float(momentum.RATES[state["lr"]]), float(momentum.MOMENTA[state["momentum"]])
    lines = {}
    for name, h in zip(("steep", "flat"), list(momentum.BOWLS.values())[state["bowl"]], strict=False):
        x = minimize(parabola, sgd_init, sgd_step, lr=lr * h / 8, momentum=mu, steps=momentum.STEPS).w
        lines[name] = until(np.abs(x) > momentum.MOST, np.stack([np.arange(len(x)), x], axis=1))
    return lines


def says(state: State) -> str:
    """The regime by the discriminant of the characteristic equation, where the explorer asks for eigenvalues."""
    s, mu = 8 * float(momentum.RATES[state["lr"]]), float(momentum.MOMENTA[state["momentum"]])
    if s > 2 * (1 + mu) + 1e-9:
        return "diverges"
    if abs(s - 2 * (1 + mu)) < 1e-9:
        return "bounces forever"
    if (s, mu) == (1, 0):
        return "lands in one step"
    if (1 + mu - s) ** 2 - 4 * mu < -1e-9:
        return "rings in"
    return "walks in" if s < 1 + mu else "zigzags in"


CASE = Case("chapters/momentum.html", ("Learning rate", "Momentum"), expected, says)
