"""What two answers have in common that few others have, in every pair of a class at once."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

BLOCK = 2048  # fingerprints looked at together: what bounds memory, with the square of the class


def rarity(answers: Sequence[Mapping[str, Collection[int]]], known: Collection[int] = frozenset()) -> dict[int, float]:
    """How much each fingerprint tells, from 0 to 1.

    One that a pair alone has tells 1; one that the whole class has, or that is ``known`` to all, tells 0; between
    them it falls with the logarithm of the number who have it.

    Parameters
    ----------
    answers : sequence of mappings
        For each learner the fingerprints of each function.
    known : collection of int
        Those of the skeleton and of the course's own answers.
    """
    having = Counter(value for each in answers for value in set[int]().union(*each.values()))
    everyone = max(len(answers), 3)
    return {
        value: 0.0 if value in known else min(1.0, log(everyone / number) / log(everyone / 2))
        for value, number in having.items()
        if number > 1 or value not in known
    }


def common_weight(answers: Sequence[Collection[int]], weight: Mapping[int, float]) -> NDArray[np.float64]:
    """The weight of what each two answers have in common, shape (n, n); the diagonal is each answer's own."""
    shared = np.zeros((len(answers), len(answers)))
    columns = {value: column for column, value in enumerate(sorted(set[int]().union(*answers)))}
    told = np.array([weight.get(value, 0.0) for value in columns])
    rows = [np.array(sorted(columns[value] for value in answer), dtype=np.int64) for answer in answers]
    for start in range(0, len(columns), BLOCK):
        block = np.zeros((len(answers), min(BLOCK, len(columns) - start)))
        for row, places in zip(block, rows, strict=True):
            row[places[(places >= start) & (places < start + BLOCK)] - start] = 1.0
        shared += (block * told[start : start + BLOCK]) @ block.T
    return shared
