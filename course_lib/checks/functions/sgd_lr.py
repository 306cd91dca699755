"""``sgd_lr``: what is asked of it, and the ways it goes wrong."""

from collections.abc import Callable

import numpy as np

from course_lib.checks.cases import between
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Draw, Misconception, Spec
from course_lib.optimizers.ewa_momentum import sgd_lr

PAGE = "chapters/momentum.html#torch-form"


def wrong_lr(ids: frozenset[str]) -> Callable[..., float]:
    """``sgd_lr`` with the mistakes ``ids``; without any, the reference."""

    def converted(lr: float, beta: float, t: int, *, bias_correction: bool = False) -> float:
        share = beta if "takes_beta" in ids else 1 - beta
        share = 1.0 if "not_converted" in ids else 1 / share if "upside_down" in ids else share
        if (bias_correction or "correction_always" in ids) and "correction_ignored" not in ids:
            weight = _weight(ids, beta, t)
            share = share * weight if "correction_multiplies" in ids else share / weight
        return share if "forgets_lr" in ids else lr * share

    return converted


def _weight(ids: frozenset[str], beta: float, t: int) -> float:
    if "power_of_the_bracket" in ids:
        return float((1 - beta) ** t)
    return float(1 - beta ** (t + 1 if "counts_ahead" in ids else t))


MISCONCEPTIONS = {
    "not_converted": Misconception(
        "It leaves out the factor 1 − beta.",
        "Torch's buffer is the average divided by 1 − beta, so lr must make up for that factor.",
    ),
    "upside_down": Misconception(
        "It divides by 1 − beta instead of multiplying.",
        "Torch's buffer is larger than the average, so torch's lr must be smaller. Dividing converts the other way.",
    ),
    "takes_beta": Misconception(
        "It multiplies by beta where 1 − beta is due.",
        "A new gradient enters the average with weight 1 − beta and torch's sum with weight 1.",
    ),
    "forgets_lr": Misconception(
        "It leaves out the lr that is to be converted.",
        "Return lr times the factor, not the factor alone.",
    ),
    "correction_ignored": Misconception(
        "It does not correct although bias_correction is True.",
        "The corrected step is 1 / (1 − beta**t) times as long; torch has no such factor, so lr must carry it.",
    ),
    "correction_always": Misconception(
        "It corrects even when bias_correction is False.",
        "Without the correction the factor is 1 − beta at every step.",
    ),
    "correction_multiplies": Misconception(
        "It multiplies by 1 − betaᵗ instead of dividing.",
        "The correction makes the first steps longer, so lr must be larger there.",
    ),
    "power_of_the_bracket": Misconception(
        "It raises 1 − beta as a whole to the power t.",
        "Look at the brackets: the power belongs to beta alone.",
    ),
    "counts_ahead": Misconception(
        "Its correction counts one step too many.",
        "At the first step t is 1, and both factors cancel: torch's first buffer is the whole gradient too.",
    ),
}


def _cases(**settings: bool) -> Draw:
    def draw(rng: np.random.Generator) -> list[Tree]:
        calls = [[between(rng, 0.05, 0.6), between(rng, 0.55, 0.95), t] for t in (2, 1, 3, 17)]
        return [SGD_LR.case({"calls": calls, "settings": settings})]

    return draw


SGD_LR = Spec(
    function="sgd_lr",
    reference=sgd_lr,
    wrong=wrong_lr,
    criteria={
        "plain": Criterion("One lr makes up for sum against average", _cases(), ("value",)),
        "bias_correction": Criterion(
            "With the correction, lr changes from step to step", _cases(bias_correction=True), ("value",)
        ),
    },
    misconceptions=MISCONCEPTIONS,
    section=PAGE,
)
