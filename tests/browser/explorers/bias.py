"""Adam's two averages, with and without their corrections."""

import numpy as np

from course_lib.averages import bias_corrected, exponential_average
from course_lib.checks.functions.startup_factor import startup_factor
from course_lib.explorers import bias
from tests.browser.explorers.base import Case, Lines, State


def _betas(state: State) -> tuple[float, float]:
    return bias.BETA1S[state["beta1"]], bias.BETA2S[state["beta2"]]


def expected(state: State) -> Lines:
    beta1, beta2 = _betas(state)
    m, v = exponential_average(bias.GRADIENTS, beta1), exponential_average(bias.GRADIENTS**2, beta2)
    m_hat, v_hat = bias_corrected(m, beta1), bias_corrected(v, beta2)
    lines = {"mean": m, "mean_hat": m_hat, "root": np.sqrt(v), "root_hat": np.sqrt(v_hat)}
    lines |= {"uncorrected": np.log10(m / np.sqrt(v)), "corrected": np.log10(m_hat / np.sqrt(v_hat))}
    return {name: np.stack([np.arange(1, bias.STEPS + 1), values], axis=1) for name, values in lines.items()}


def says(state: State) -> str:
    beta1, beta2 = _betas(state)
    return f"as long as it should be: {bias.verdict(startup_factor(state['step'], beta1, beta2))}."


CASE = Case("chapters/adam.html", ("Beta 1", "Beta 2", "Step"), expected, says)
