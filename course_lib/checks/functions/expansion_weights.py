"""``expansion_weights``: what is asked of it, and the ways it goes wrong."""

from collections.abc import Callable

import numpy as np

from course_lib.averages import expansion_weights
from course_lib.checks.cases import between
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Misconception, Spec

PAGE = "chapters/averages.html#unrolled-who-weighs-what"


def wrong_weights(ids: frozenset[str]) -> Callable[[float, int], list[float]]:
    """``expansion_weights`` with the mistakes ``ids``; without any, the reference."""

    def weights(beta: float, steps: int) -> list[float]:
        kept, fresh = (1 - beta, beta) if "weights_swapped" in ids else (beta, 1 - beta)
        fresh = 1.0 if "not_scaled" in ids else fresh
        late = 1 if "one_power_too_many" in ids else 0
        count = steps + ("one_too_many" in ids) - ("one_too_few" in ids)
        found = [fresh / steps if "all_equal" in ids else fresh * kept ** (k + late) for k in range(count)]
        if "newest_whole" in ids:
            found[:1] = [x / fresh for x in found[:1]]
        if "oldest_whole" in ids and ("newest_whole" not in ids or count > 1):
            found[-1:] = [x / fresh for x in found[-1:]]
        if "normalised" in ids:
            found = [x / sum(found) for x in found]
        return found[::-1] if "oldest_first" in ids else found

    return weights


MISCONCEPTIONS = {
    "weights_swapped": Misconception(
        "It takes beta for 1 − beta and 1 − beta for beta.",
        "The newest value weighs 1 − beta, and every step back multiplies by beta.",
    ),
    "not_scaled": Misconception(
        "It leaves out the factor 1 − beta.",
        "Each value entered the average with weight 1 − beta before beta began to shrink it.",
    ),
    "one_power_too_many": Misconception(
        "Its powers of beta start at 1.",
        "The newest value has not been shrunk yet: its power of beta is 0.",
    ),
    "all_equal": Misconception(
        "It gives all values the same weight.",
        "Every step back multiplies the weight by beta once more.",
    ),
    "newest_whole": Misconception(
        "It gives the newest value a weight without the factor 1 − beta.",
        "The newest value enters like all others, with weight 1 − beta.",
    ),
    "oldest_whole": Misconception(
        "It gives the oldest value a weight without the factor 1 − beta.",
        "That would be an average that starts at its first value; this one starts at 0.",
    ),
    "normalised": Misconception(
        "It scales the weights so that they add up to 1.",
        "They fall short of 1 by betaᵗ, the weight of the start at 0; leave them as they are.",
    ),
    "oldest_first": Misconception(
        "It lists the oldest value's weight first.",
        "The newest comes first; its weight is the largest.",
    ),
    "one_too_many": Misconception(
        "It lists one weight too many.",
        "There is one weight for each value: as many as steps.",
    ),
    "one_too_few": Misconception(
        "It lists one weight too few.",
        "There is one weight for each value: as many as steps.",
    ),
}


def _case(rng: np.random.Generator, *steps: int) -> Tree:
    return EXPANSION_WEIGHTS.case({"calls": [[between(rng, 0.55, 0.95), n] for n in steps], "settings": {}})


def _three(rng: np.random.Generator) -> list[Tree]:
    return [_case(rng, 3, 3)]


def _any_number(rng: np.random.Generator) -> list[Tree]:
    return [_case(rng, 4, 1, 2, 12)]


EXPANSION_WEIGHTS = Spec(
    function="expansion_weights",
    reference=expansion_weights,
    wrong=wrong_weights,
    criteria={
        "three_values": Criterion("The last three values weigh what the unrolled sum says", _three, ("value",)),
        "any_number": Criterion("So do any number of values, the newest first", _any_number, ("value",)),
    },
    misconceptions=MISCONCEPTIONS,
    section=PAGE,
)
