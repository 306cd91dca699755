"""``startup_factor``: what becomes of Adam's step without the bias correction, as a learner derives it.

Kingma, D. P., Ba, J. (2015), "Adam: a method for stochastic optimization", ICLR, section 3.
"""

import math
from collections.abc import Callable

import numpy as np

from course_lib.checks.cases import between
from course_lib.checks.functions.adam_mistakes import PAGE
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Misconception, Spec


def startup_factor(t: int, beta1: float, beta2: float) -> float:
    r"""How many times too long step t is without the correction: :math:`(1 - \beta_1^t) / \sqrt{1 - \beta_2^t}`.

    Parameters
    ----------
    t : int
        The step, from 1.
    beta1, beta2 : float
        The shares of the averages of the gradient and of its square that survive a step, between 0 and 1.

    Examples
    --------
    >>> round(startup_factor(1, 0.9, 0.999), 4)
    3.1623
    """
    return (1 - beta1**t) / math.sqrt(1 - beta2**t)


def wrong_factor(ids: frozenset[str]) -> Callable[[int, float, float], float]:
    """``startup_factor`` with the mistakes ``ids``; without any, the reference."""

    def factor(t: int, beta1: float, beta2: float) -> float:
        if "betas_swapped" in ids:
            beta1, beta2 = beta2, beta1
        above, below = _collected(ids, beta1, t), _collected(ids, beta2, t)
        if "mean_alone" in ids:
            return above
        if "square_alone" in ids:
            return 1 / math.sqrt(below)
        if "root_of_both" in ids:
            return math.sqrt(above / below)
        if "root_forgotten" in ids:
            return above / below
        return math.sqrt(below) / above if "upside_down" in ids else above / math.sqrt(below)

    return factor


def _collected(ids: frozenset[str], beta: float, t: int) -> float:
    if "share_lost" in ids:
        return beta**t
    if "power_outside" in ids:
        return float((1 - beta) ** t)
    return 1 - beta ** (1 if "power_forgotten" in ids else t + 1 if "t_late" in ids else t)


_COLLECTED = "After t steps an average with share β has collected the weight 1 − β**t."
MISCONCEPTIONS = {
    "upside_down": Misconception(
        "It is upside down: it gives what the correction multiplies the step by.",
        "Divide the uncorrected step by the corrected one.",
    ),
    "root_forgotten": Misconception(
        "It leaves out the root.",
        "The step is divided by the root of v, so v's share stands under a root.",
    ),
    "root_of_both": Misconception(
        "It takes the root of both shares.",
        "Only v stands under a root; m does not.",
    ),
    "betas_swapped": Misconception(
        "It takes the two betas the wrong way round.",
        "The first, β₁, belongs to m, above the line; β₂ to v, below it.",
    ),
    "mean_alone": Misconception(
        "It looks at m alone.",
        "The uncorrected v is too small as well, and the step is divided by its root.",
    ),
    "square_alone": Misconception(
        "It looks at v alone.",
        "The uncorrected m is too small as well, and the step is proportional to it.",
    ),
    "power_forgotten": Misconception(
        "It gives the first step's factor for every step.",
        _COLLECTED,
    ),
    "power_outside": Misconception(
        "It raises 1 − β to the power t.",
        f"{_COLLECTED} The power belongs to β.",
    ),
    "share_lost": Misconception(
        "It takes what is still missing, β**t, for what has been collected.",
        _COLLECTED,
    ),
    "t_late": Misconception(
        "It is one step ahead.",
        "The first step is t = 1, with the powers β**1.",
    ),
}


def _calls(rng: np.random.Generator, *steps: int) -> list[Tree]:
    calls = [[t, between(rng, 0.5, 0.75), between(rng, 0.8, 0.95)] for t in steps]
    return [STARTUP_FACTOR.case({"calls": calls, "settings": {}}, repeat=True)]


def _first_step(rng: np.random.Generator) -> list[Tree]:
    return _calls(rng, 1, 1, 1)


def _any_step(rng: np.random.Generator) -> list[Tree]:
    return _calls(rng, 2, int(rng.integers(3, 6)), int(rng.integers(6, 20)))


STARTUP_FACTOR = Spec(
    function="startup_factor",
    reference=startup_factor,
    wrong=wrong_factor,
    criteria={
        "first_step": Criterion("In the first step, one gradient has been collected", _first_step, ("value",)),
        "any_step": Criterion("In every later step, the shares collected so far count", _any_step, ("value",)),
    },
    misconceptions=MISCONCEPTIONS,
    section=f"{PAGE}#what-the-correction-corrects",
)
