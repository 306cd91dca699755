"""``decayed_lr``: inverse-time decay. What is asked of it, and the ways it goes wrong."""

import math
from collections.abc import Callable

import numpy as np

from course_lib.checks.cases import between
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Draw, Misconception, Spec
from course_lib.schedules import inverse_time_decay

PAGE = "chapters/stochastic_descent.html#let-the-rate-fall"


def decayed_lr(lr: float, decay: float, t: int) -> float:
    """The learning rate of the step after ``t`` steps, as ``inverse_time_decay`` schedules it."""
    return inverse_time_decay(lr, decay=decay)(t)


def wrong_lr(ids: frozenset[str]) -> Callable[[float, float, int], float]:
    """``decayed_lr`` with the mistakes ``ids``; without any, the reference."""
    form = next((_FORMS[name] for name in _FORMS if name in ids), lambda lr, x, decay, t: lr / (1 + x))

    def decayed(lr: float, decay: float, t: int) -> float:
        t = t + 1 if "counts_from_one" in ids else t
        return form(lr, decay * t, decay, t)

    return decayed


# What a wrong formula makes of lr, decay · t, decay and t.
_FORMS: dict[str, Callable[[float, float, float, int], float]] = {
    "constant": lambda lr, x, decay, t: lr,
    "brackets": lambda lr, x, decay, t: lr / 1 + x,
    "straight_line": lambda lr, x, decay, t: lr * (1 - x),
    "exponential": lambda lr, x, decay, t: lr * math.exp(-x),
    "power": lambda lr, x, decay, t: lr * (1 - decay) ** t,
    "compounds": lambda lr, x, decay, t: lr / (1 + decay) ** t,
    "square_root": lambda lr, x, decay, t: lr / math.sqrt(1 + x),
    "grows": lambda lr, x, decay, t: lr * (1 + x),
}

MISCONCEPTIONS = {
    "constant": Misconception(
        "It returns lr unchanged.",
        "After t steps lr is divided by 1 + decay · t.",
    ),
    "brackets": Misconception(
        "It divides by 1 and then adds decay · t.",
        "Look at the brackets: lr / (1 + decay * t).",
    ),
    "straight_line": Misconception(
        "It falls in a straight line, and below zero in the end.",
        "Divide by 1 + decay · t instead of multiplying by 1 − decay · t.",
    ),
    "exponential": Misconception(
        "It falls exponentially, with e to the power −decay · t.",
        "That is another schedule, which falls too fast to reach the minimum; this one divides by 1 + decay · t.",
    ),
    "power": Misconception(
        "It takes away a share of lr at every step: (1 − decay) to the power t.",
        "That is an exponential schedule; this one divides by 1 + decay · t.",
    ),
    "compounds": Misconception(
        "It divides by 1 + decay again at every step.",
        "That is an exponential schedule; here t stands inside the brackets: 1 + decay · t.",
    ),
    "square_root": Misconception(
        "It takes a square root of the divisor.",
        "Divide by 1 + decay · t itself.",
    ),
    "grows": Misconception(
        "Its learning rate grows.",
        "Divide by 1 + decay · t instead of multiplying.",
    ),
    "counts_from_one": Misconception(
        "It counts one step too many.",
        "The first step comes after t = 0 steps and has the whole lr.",
    ),
}


def _after(*steps: int) -> Draw:
    def draw(rng: np.random.Generator) -> list[Tree]:
        calls = [[between(rng, 0.05, 0.6), between(rng, 0.1, 0.6), t] for t in steps]
        return [DECAYED_LR.case({"calls": calls, "settings": {}})]

    return draw


DECAYED_LR = Spec(
    function="decayed_lr",
    reference=decayed_lr,
    wrong=wrong_lr,
    criteria={
        "first_step": Criterion("The first step has the whole lr", _after(0, 0), ("value",)),
        "later_steps": Criterion("After t steps lr is divided by 1 + decay · t", _after(1, 2, 7, 40), ("value",)),
    },
    misconceptions=MISCONCEPTIONS,
    section=PAGE,
)
