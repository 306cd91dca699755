"""From what the grader found and what the gradebook says to the content of the page."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from autograder.assignment import Assignment
from autograder.marks import ClassMarks
from autograder.report.content import Learner, Mistake, Report
from autograder.report.examples import Gallery
from autograder.report.movement import Attempts, Moves, told
from autograder.report.paths import paths
from autograder.report.scores import ranges, standing
from autograder.report.tally import UNNAMED, Tally
from autograder.report.times import times
from autograder.report.words import NOTHING, words

Results = Iterable[tuple[str, dict[str, Any]]]
EXAMPLES = 10  # mistakes that are shown with an example


def class_report(
    assignment: Assignment,
    marks: ClassMarks,
    results: Results,
    failed: dict[str, str],
    book: str,
    *,
    attempts: Attempts = (),
    gallery: Gallery | None = None,
) -> Report:
    """Gather the page's content.

    Parameters
    ----------
    assignment : Assignment
    marks : ClassMarks
        What the gradebook says, manual grades included.
    results : iterable of (student, result dict)
        What the grader found.
    failed : dict
        Students whom the grader could not grade, and why.
    book : str
        Prefix of links into the book.
    attempts : iterable of (student, standings)
        What each student's submissions came to, the first to the last.
    gallery : Gallery, optional
        Makes the examples; without one there are none.
    """
    tally, moves = Tally(assignment, marks), Moves()
    for student, result in results:
        if student in marks.marks:
            tally.add(student, result)
    for student, reason in failed.items():
        tally.look_at(student, f"could not be graded: {reason}")
    for student, tried in attempts:
        if student in marks.marks:
            moves.add(student, tried)
    for learner in tally.help:
        learner.attempts = moves.attempts.get(learner.student, 1)
        learner.still = told(moves.still.get(learner.student, frozenset()))
    mistakes = _mistakes(tally, book, gallery)
    return Report(
        assignment=assignment.name,
        title=_title(assignment.name),
        made=f"{datetime.now():%d %B %Y, %H:%M}".lstrip("0"),
        standing=standing(marks, failed),
        scores=ranges(marks),
        times=times(marks),
        outcomes=tally.outcomes(),
        mistakes=[mistake for mistake in mistakes if mistake.name != UNNAMED],
        unknown=[mistake for mistake in mistakes if mistake.name == UNNAMED],
        help=sorted(tally.help, key=lambda learner: (learner.score, learner.student)),
        shared=[(said, count) for said, count in tally.shared.most_common(5) if count > 1],
        by_hand=dict(tally.by_hand.most_common()),
        look=sorted(tally.look.values(), key=lambda learner: learner.student),
        movement=moves.movement(),
        stuck=_stuck(tally, moves),
        tiers=dict(tally.tiers.most_common()),
    )


def _stuck(tally: Tally, moves: Moves) -> list[Learner]:
    stuck = []
    for student, mistakes in moves.still.items():
        if still := told(mistakes):
            stuck.append(replace(tally.learner(student), attempts=moves.attempts[student], still=still))
    return sorted(stuck, key=lambda learner: (-learner.attempts, learner.student))


def _title(name: str) -> str:
    """``ps1_gradient_descent`` → ``Problem set 1: gradient descent``."""
    number = re.fullmatch(r"ps(\d+)_(.+)", name)
    said = f"Problem set {number[1]}: {number[2]}" if number else name
    return said.replace("_", " ")


def _mistakes(tally: Tally, book: str, gallery: Gallery | None) -> list[Mistake]:
    """What was recognised, commonest first, and what was not; what is merely not written is no mistake."""
    found = [(pair, students) for pair, students in tally.mistaken.items() if pair[1] not in NOTHING]
    found.sort(key=lambda item: (-item[1], item[0]))
    shown = {pair for pair, _ in found[:EXAMPLES]} | {pair for pair, _ in found if pair[1] == UNNAMED}
    return [_mistake(tally, pair, students, book, gallery if pair in shown else None) for pair, students in found]


def _mistake(tally: Tally, pair: tuple[str, str], students: int, book: str, gallery: Gallery | None) -> Mistake:
    function, name = pair
    headline, hint = words(function, name)
    example = gallery.example(function, tally.candidates.of(pair)) if gallery else None
    seen = paths(function, name) if gallery else None
    return Mistake(function, name, headline, hint, book + tally.links[pair], students, example, seen)
