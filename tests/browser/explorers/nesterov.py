"""Momentum and Nesterov's look-ahead, side by side on a long bowl."""

import numpy as np

from course_lib.explorers import nesterov
from tests.browser.explorers.base import Case, Lines, State


def expected(state: State) -> Lines:
    """Both as the papers have them: the gradient at the weights, and at the point to which the buffer carries them."""
    lr, mu = nesterov.RATES[state["rate"]] / nesterov.CONDITION, nesterov.MOMENTA[state["mu"]]
    lines = {}
    for name, ahead in (("momentum", 0.0), ("Nesterov", lr * mu)):
        w, b = np.array(nesterov.BOWL.start), np.zeros(2)
        path = [w]
        for _ in range(nesterov.STEPS):
            b = mu * b + nesterov.BOWL.grad(w - ahead * b)
            w = w - lr * b
            path.append(w)
        lines[name] = np.stack(path)
    return lines


def says(state: State) -> str:
    rate, mu = nesterov.RATES[state["rate"]], nesterov.MOMENTA[state["mu"]]
    return f"Nesterov {nesterov.behaviour(rate, mu, nesterov=True).name}"


CASE = Case("chapters/nesterov.html", ("Learning rate × 20", "Momentum", "Step"), expected, says)
