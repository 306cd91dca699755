"""Averages of a year of temperatures: how long a window one remembers, and what its start at 0 holds."""

import numpy as np

from course_lib.averages import bias_corrected, exponential_average
from course_lib.data import temperatures
from course_lib.explorers import window
from tests.browser.explorers.base import Case, Lines, State


def expected(state: State) -> Lines:
    measured, _ = temperatures()
    beta = float(window.BETAS[state["beta"]])
    plain = exponential_average(measured, beta)
    days = np.arange(1, len(measured) + 1)
    lines = {"plain": plain, "corrected": bias_corrected(plain, beta)}
    return {name: np.stack([days, values], axis=1) for name, values in lines.items()}


def says(state: State) -> str:
    start = round(100 * window.BETAS[state["beta"]] ** state["day"])
    return f"The start at 0 {'held' if state['corrected'] else 'holds'} {start} %"


CASE = Case("chapters/averages.html", ("Beta", "Day"), expected, says)
