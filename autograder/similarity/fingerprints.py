"""Fingerprints of answers, by copydetect: runs of ``K`` symbols, hashed.

copydetect compares texts letter by letter. Each symbol is made one letter, so that what it counts are symbols. Its
winnowing keeps one hash of every window, to save time on long files; with a window of one it keeps them all. A ten-line
function has few, and which of them winnowing keeps depends on Python's secret hash seed.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from copydetect import CodeFingerprint

from autograder.similarity.symbols import Symbol

K = 6
_FIRST, _LETTERS = 0x10000, 0xF0000  # Unicode's planes above the first hold nothing but letters that may be used here


class Alphabet:
    """One letter for each symbol met so far."""

    def __init__(self) -> None:
        self._letters: dict[str, str] = {}

    def write(self, symbols: Iterable[Symbol]) -> str:
        """The symbols as a text of as many letters."""
        return "".join(self._letter(symbol.text) for symbol in symbols)

    def _letter(self, text: str) -> str:
        if text not in self._letters:
            self._letters[text] = chr(_FIRST + len(self._letters) % _LETTERS)
        return self._letters[text]


def fingerprint(name: str, text: str) -> Any:
    """copydetect's ``CodeFingerprint`` of a text that an ``Alphabet`` wrote."""
    return CodeFingerprint(name, K, 1, filter=False, fp=io.StringIO(text))
