"""What two learners share that normalisation throws away: comments, names, texts, whole lines. Shown, never counted."""

from __future__ import annotations

import builtins
import keyword
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.similarity.handout import Handout
from autograder.similarity.work import Work

SHOWN = 12
_WORD = re.compile(r"[^\W\d]\w{2,}")


@dataclass(frozen=True)
class Traces:
    """What one learner's code holds besides its meaning."""

    comments: frozenset[str]
    names: frozenset[str]
    texts: frozenset[str]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Evidence:
    """``comments``, ``names`` and ``texts`` that two learners have and hardly anybody else; ``lines`` of ``of_lines``,
    the fewer of the two, are the same letter for letter, spaces included."""

    comments: tuple[str, ...]
    names: tuple[str, ...]
    texts: tuple[str, ...]
    lines: int
    of_lines: int


class Witness:
    """Knows the traces of the whole class, so that it can tell what is rare."""

    def __init__(self, works: Sequence[Work], handout: Handout) -> None:
        own = "\n".join(answer.code for source in handout.own for answer in source.values())
        self._known = _traces([own, handout.words])
        self._words = f"{handout.words}\n{own}".lower()
        self._traces = [_traces(answer.code for answer in work.answers.values()) for work in works]
        self._having = Counter(
            trace for each in self._traces for kind in (each.comments, each.names, each.texts) for trace in kind
        )
        self._few = max(2, len(works) // 20)

    def evidence(self, first: int, second: int) -> Evidence:
        """What these two share and at most one in twenty has; in a small class, what nobody else has."""
        a, b = self._traces[first], self._traces[second]
        return Evidence(
            comments=self._rare(a.comments & b.comments),
            names=self._rare((a.names & b.names) - self._known.names),
            texts=self._rare(a.texts & b.texts),
            lines=sum((Counter(a.lines) & Counter(b.lines)).values()),
            of_lines=min(len(a.lines), len(b.lines)),
        )

    def _rare(self, shared: Iterable[str]) -> tuple[str, ...]:
        rare = [each for each in shared if self._having[each] <= self._few and each.lower() not in self._words]
        return tuple(sorted(rare, key=lambda each: (self._having[each], -len(each), each))[:SHOWN])


def _traces(codes: Iterable[str]) -> Traces:
    from pygments.lexers import PythonLexer  # type: ignore[import-untyped]
    from pygments.token import Comment, Name, String  # type: ignore[import-untyped]

    comments, names, texts, lines = set[str](), set[str](), set[str](), []
    lexer = PythonLexer()
    for code in codes:
        lines += [line.rstrip() for line in code.split("\n") if len(line.strip()) > 3]
        for kind, value in lexer.get_tokens(code):
            plain = " ".join(value.strip("# \t\n\"'").split())
            if kind in Comment and len(plain) > 5:
                comments.add(plain)
            elif kind in String and len(plain) > 5:
                texts.add(plain)
            elif kind in Name and _WORD.fullmatch(value) and not keyword.iskeyword(value):
                names.add(value)
    return Traces(frozenset(comments), frozenset(names - set(dir(builtins))), frozenset(texts), tuple(lines))
