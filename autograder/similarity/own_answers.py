"""Who hands in the course's own solution: named, for it may have leaked, or be the only way to write it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.similarity.answers import Answer
from autograder.similarity.handout import Handout
from autograder.similarity.work import Work


@dataclass(frozen=True)
class OwnAnswer:
    """A function, how many answered it, and how many as the course itself does, in other names or in the same."""

    function: str
    answered: int
    equal: int


@dataclass(frozen=True)
class Holder:
    """A learner: functions that equal the course's, and those of them that do so word for word, local names and all."""

    student: str
    answered: int
    equal: tuple[str, ...]
    verbatim: tuple[str, ...]


def own_answers(works: Sequence[Work], handout: Handout) -> tuple[list[OwnAnswer], list[Holder]]:
    """How many answer each function as the course does, and who does so everywhere."""
    holders = [_holder(work, handout) for work in works]
    counts = [
        OwnAnswer(
            name,
            sum(name in work.answers for work in works),
            sum(name in holder.equal for holder in holders),
        )
        for name in handout.functions
    ]
    throughout = [holder for holder in holders if len(holder.equal) == holder.answered > 1]
    return counts, sorted(throughout, key=lambda holder: (-len(holder.verbatim), -len(holder.equal), holder.student))


def equals_own(answer: Answer, handout: Handout) -> bool:
    """Whether an answer is the course's, whatever its names, comments and order of lines."""
    return any(answer.texts == own[answer.function].texts for own in handout.own if answer.function in own)


def _holder(work: Work, handout: Handout) -> Holder:
    equal = [name for name, answer in work.answers.items() if equals_own(answer, handout)]
    verbatim = [name for name in equal if _verbatim(work.answers[name], handout)]
    return Holder(work.student, len(work.answers), tuple(equal), tuple(verbatim))


def _verbatim(answer: Answer, handout: Handout) -> bool:
    return any(answer.verbatim == own[answer.function].verbatim for own in handout.own if answer.function in own)
