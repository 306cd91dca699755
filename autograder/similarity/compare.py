"""Which pairs of a class are alike throughout, in ways that chance does not explain; calibrated, never a verdict.

Two answers to one function are *the same* when 85 % of all their fingerprints are. What tells something is only what is
rare in them. A pair is shown when four things hold at once, each of which independent right answers often pass alone:

- two functions or more are the same, and not merely because everyone's are;
- they have at least ``RARE`` rare fingerprints in common there;
- that is 90 % of all that is rare in the work of the one who has less of it, or 75 % where four functions are the same;
- pairs as alike as this are expected by chance in fewer than ``CHANCE`` of classes of this size.

The numbers come from classes of 2 to 300 made of the right answers in ``tests/checks``: no pair of them is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx  # type: ignore[import-untyped]
import numpy as np
from numpy.typing import NDArray

from autograder.similarity.fingerprints import Alphabet, fingerprint
from autograder.similarity.handout import Handout
from autograder.similarity.rarity import common_weight, rarity
from autograder.similarity.tokens import tokens
from autograder.similarity.work import Work

SAME = 0.85  # share of all fingerprints of two answers, of those of either
TELLS = 4.0  # rare fingerprints that an answer must share to count as one of several functions
RARE = 30.0
THROUGHOUT = ((2, 0.9), (4, 0.75))  # so many functions the same, and that share of all that is rare
CHANCE = 1 / 32
PER_BIT = 5.0  # rare fingerprints that make an answer half as likely, where nobody else has it
RING = 10  # of every so many learners one may belong to the pair's own circle without making its work common

Matrix = NDArray[np.float64]
Prints = list[dict[str, Any]]


@dataclass(frozen=True)
class Alike:
    """One function of a pair: how much of it is the same (0 to 1) and how many rare fingerprints that makes."""

    function: str
    share: float
    rare: float


@dataclass(frozen=True)
class Pair:
    """Two learners, by their place in the class; ``chance`` is how many such pairs a class like this has by chance."""

    first: int
    second: int
    rare: float
    share: float
    chance: float
    functions: tuple[Alike, ...]


@dataclass(frozen=True)
class Comparison:
    """``groups`` hold pairs that are linked through one another, the most striking first.

    ``weight`` says of each fingerprint of parsed code how much it tells, from 0 to 1; ``text_weight`` of mere tokens.
    """

    groups: tuple[tuple[Pair, ...], ...]
    weight: Mapping[int, float]
    text_weight: Mapping[int, float]


@dataclass
class _Sums:
    """For each two learners: rare fingerprints in functions that are the same, how many such, and all rare ones."""

    rare: Matrix
    count: Matrix
    own: Matrix
    same: list[NDArray[np.bool_]]
    told: list[Matrix]
    share: list[Matrix]


def compare_class(works: Sequence[Work], handout: Handout, alphabet: Alphabet) -> Comparison:
    """Every two learners, function by function."""
    broken = {answer.function for work in works for answer in work.answers.values() if not answer.parsed}
    trees, texts = [work.trees for work in works], [work.texts(broken) for work in works]
    weight = rarity([_hashes(each) for each in trees], _known(handout, alphabet, lambda answer: answer.symbols))
    in_text = rarity([_hashes(each) for each in texts], _known(handout, alphabet, lambda answer: tokens(answer.code)))
    sums = _sums(handout.functions, trees, texts, weight, in_text)
    share = sums.rare / np.maximum(np.minimum(sums.own, sums.own.T), 1e-9)
    throughout = np.logical_or.reduce([(sums.count >= least) & (share >= part) for least, part in THROUGHOUT])
    bits = _bits(sums, throughout)
    number = len(works)
    chance = number * (number - 1) / 2 * np.exp2(-bits)
    shown = throughout & (sums.rare >= RARE) & (chance <= CHANCE)
    places = zip(*np.nonzero(np.triu(shown, 1)), strict=True)
    pairs = [_pair(int(i), int(j), handout.functions, sums, share, chance) for i, j in places]
    return Comparison(_groups(pairs), weight, in_text)


def _hashes(prints: Mapping[str, Any]) -> dict[str, set[int]]:
    return {name: one.hashes for name, one in prints.items()}


def _known(handout: Handout, alphabet: Alphabet, read: Callable[[Any], Any]) -> set[int]:
    """Fingerprints of what was handed out and of the course's own answers."""
    answers = [answer for source in (handout.skeleton, *handout.own) for answer in source.values()]
    return {value for answer in answers for value in fingerprint("", alphabet.write(read(answer))).hashes}


def _sums(
    functions: Sequence[str], trees: Prints, texts: Prints, weight: Mapping[int, float], in_text: Mapping[int, float]
) -> _Sums:
    shape = (len(trees), len(trees))
    sums = _Sums(np.zeros(shape), np.zeros(shape), np.zeros(shape), [], [], [])
    for name in functions:
        told, own, share = _function(name, trees, weight)
        if any(name in each for each in texts):  # somebody's does not parse
            parsed = np.array([name in each for each in trees])
            both = np.logical_and.outer(parsed, parsed)
            as_text = _function(name, texts, in_text)
            told, own, share = (np.where(both, a, b) for a, b in zip((told, own, share), as_text, strict=True))
        same = share >= SAME
        sums.rare += np.where(same, told, 0.0)
        sums.count += same & (told >= TELLS)
        sums.own += own
        sums.same.append(same)
        sums.told.append(told)
        sums.share.append(share)
    return sums


def _function(name: str, prints: Prints, weight: Mapping[int, float]) -> tuple[Matrix, Matrix, Matrix]:
    """For each two learners: rare fingerprints in common, those of the first, and the share of all that is common."""
    hashes = [each[name].hashes if name in each else frozenset() for each in prints]
    told = common_weight(hashes, weight)
    all_of_them = common_weight(hashes, dict.fromkeys(set[int]().union(*hashes), 1.0))
    size = np.diag(all_of_them)
    share = all_of_them / np.maximum(size[:, None] + size[None, :] - all_of_them, 1e-9)
    return told, np.broadcast_to(np.diag(told)[:, None], told.shape), share


def _bits(sums: _Sums, throughout: NDArray[np.bool_]) -> Matrix:
    """How unlikely it is that a second learner writes the same functions the same way: minus log₂ of the chance.

    A function that k others write in this way too is met with chance (k + 1) / n. Where nobody else does, its length
    counts as well, for in a small class everything is rare. The pair's own circle, as alike throughout, is not "others"
    as long as it is small.
    """
    number = len(throughout)
    circle = _others(throughout)
    circle = np.where(circle <= number // RING, circle, 0.0)
    bits = np.zeros(throughout.shape)
    for same, told in zip(sums.same, sums.told, strict=True):
        others = np.maximum(_others(same) - circle, 0.0)
        by_class = np.log2(number / (others + 1))
        by_length = np.where(others == 0, told / PER_BIT, 0.0)
        bits += np.where(same, np.minimum(np.maximum(by_class, by_length), told), 0.0)
    return bits


def _others(same: NDArray[np.bool_]) -> Matrix:
    """How many others stand in this relation to both, for each two who stand in it themselves."""
    one = same.astype(np.float64)
    np.fill_diagonal(one, 0.0)
    return one @ one


def _pair(i: int, j: int, functions: Sequence[str], sums: _Sums, share: Matrix, chance: Matrix) -> Pair:
    alike = (
        Alike(name, float(sums.share[at][i, j]), float(sums.told[at][i, j]) if sums.same[at][i, j] else 0.0)
        for at, name in enumerate(functions)
    )
    found = tuple(one for one in alike if one.share > 0)
    return Pair(i, j, float(sums.rare[i, j]), min(1.0, float(share[i, j])), float(chance[i, j]), found)


def _groups(pairs: list[Pair]) -> tuple[tuple[Pair, ...], ...]:
    graph = nx.Graph((pair.first, pair.second) for pair in pairs)
    groups = [
        tuple(sorted((pair for pair in pairs if pair.first in members), key=lambda pair: (pair.chance, pair.first)))
        for members in nx.connected_components(graph)
    ]
    return tuple(sorted(groups, key=lambda group: (group[0].chance, group[0].first)))
