"""What Adagrad and RMSprop make of the same gradients."""

import numpy as np

from course_lib.averages import exponential_average
from course_lib.explorers import effective_rates
from tests.browser.explorers.base import Case, Lines, State


def expected(state: State) -> Lines:
    """By the sum and the average themselves, where the explorer runs the steps."""
    g = effective_rates.PAIRS[state["pair"]].gradients
    squares = {
        "Adagrad": np.cumsum(g**2, axis=0),
        "RMSprop": exponential_average(g**2, effective_rates.ALPHAS[state["alpha"]]),
    }
    steps = 1 + np.arange(len(g))
    return {
        f"{rule}, {weight}": np.stack([steps, -0.5 * np.log10(s[:, i])], axis=1)
        for rule, s in squares.items()
        for i, weight in enumerate(("first", "second"))
    }


def says(state: State) -> str:
    seen = np.count_nonzero(effective_rates.PAIRS[state["pair"]].gradients[: state["step"]], axis=0)
    return f"weight has seen {seen[0]} gradients and the {effective_rates.PAIRS[state['pair']].names[1]} one {seen[1]}."


CASE = Case("chapters/rmsprop.html", ("Alpha", "Step"), expected, says)
