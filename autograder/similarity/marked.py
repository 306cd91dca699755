"""A pair's code side by side: each line cut into pieces that match, that match and are rare, and the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from copydetect import compare_files
from copydetect.utils import find_fingerprint_overlap, get_copied_slices

from autograder.similarity.answers import Answer
from autograder.similarity.symbols import Span, Symbol
from autograder.similarity.tokens import tokens
from autograder.similarity.work import Work


@dataclass(frozen=True)
class Piece:
    """``kind`` is "rare", "same" or ""."""

    text: str
    kind: str


@dataclass(frozen=True)
class Side:
    """One learner's code of one function; ``share`` of its fingerprints are in the other's too."""

    student: str
    share: float
    lines: tuple[tuple[Piece, ...], ...]


def sides(
    first: Work, second: Work, function: str, weight: Mapping[int, float], text_weight: Mapping[int, float]
) -> tuple[Side, Side]:
    """Both learners' code of one function, by copydetect's comparison of their fingerprints."""
    works = first, second
    parsed = all(function in work.trees for work in works)
    prints = [(work.trees if parsed else work.texts([function]))[function] for work in works]
    tells = weight if parsed else text_weight
    _, shares, same = compare_files(*prints)
    rare = _rare_slices(prints, tells)
    made = []
    for at, work in enumerate(works):
        answer = work.answers[function]
        symbols = answer.symbols if parsed else tokens(answer.code)
        kinds = _kinds(symbols, same[at], "same") | _kinds(symbols, rare[at], "rare")
        made.append(Side(work.student, min(1.0, float(shares[at])), _lines(answer, symbols, kinds)))
    return made[0], made[1]


def _rare_slices(prints: list[Any], tells: Mapping[int, float]) -> tuple[Any, Any]:
    """Where the fingerprints are that count: those that tell at least half."""
    rare = [{value for value in one.hashes if tells.get(value, 0.0) >= 0.5} for one in prints]
    places = find_fingerprint_overlap(*rare, *(one.hash_idx for one in prints))
    return tuple(get_copied_slices(place, one.k) for place, one in zip(places, prints, strict=True))


def _kinds(symbols: tuple[Symbol, ...], slices: Any, kind: str) -> dict[Span, str]:
    """The places in the text that lie in these stretches of symbols."""
    if len(np.ravel(slices)) == 0:
        return {}
    stretches = np.asarray(slices).astype(int).T
    inside = {at for start, end in stretches for at in range(start, min(end, len(symbols)))}
    return {span: kind for at in inside if (span := symbols[at].span)}


def _lines(answer: Answer, symbols: tuple[Symbol, ...], kinds: Mapping[Span, str]) -> tuple[tuple[Piece, ...], ...]:
    by_line: dict[int, list[Span]] = {}
    for symbol in symbols:
        if symbol.span:
            by_line.setdefault(symbol.span.line, []).append(symbol.span)
    return tuple(
        tuple(_pieces(line, sorted(set(by_line.get(number, ()))), kinds))
        for number, line in enumerate(answer.code.split("\n"), start=1)
    )


def _pieces(line: str, spans: list[Span], kinds: Mapping[Span, str]) -> list[Piece]:
    """Neighbours of one kind are one piece, and what lies between them belongs to it."""
    raw, pieces, done = line.encode(), list[Piece](), 0
    for kind, run in groupby(spans, key=lambda span: kinds.get(span, "")):
        together = list(run)
        if kind:
            start, end = max(together[0].start, done), max(together[-1].end, done)
            pieces += [Piece(raw[done:start].decode(errors="replace"), "")] if start > done else []
            pieces.append(Piece(raw[start:end].decode(errors="replace"), kind))
            done = end
    return [*pieces, Piece(raw[done:].decode(errors="replace"), "")] if done < len(raw) else pieces
