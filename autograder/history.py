"""How each student's work moved: what every submission came to, not only the last one.

An attempt is one submission's bytes: grading the same bytes again brings its row up to date, other bytes begin a new
one. Rows are written in the same transaction as the record that they are about.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from autograder.tables import Attempt, Record

KEPT = 20  # attempts of one student at one assignment: the first and the latest ones


class Function(NamedTuple):
    """How one function of an attempt was judged."""

    met: int
    judged: int
    mistakes: frozenset[str]

    @property
    def right(self) -> bool:
        return self.met == self.judged


class Standing(NamedTuple):
    """What one attempt came to."""

    number: int
    handed_in: str
    score: float
    max_score: float
    functions: dict[str, Function]


def note(session: Session, record: Record, before: Record | None) -> None:
    """Enter ``record`` into its student's attempts; ``before`` is the record that it replaces.

    A journal from before there were attempts has ``before`` alone, which then counts as the first.
    """
    last = _last(session, record)
    if last is None and before is not None:
        last = _attempt(before, 1)
        session.add(last)
    if last is not None and last.submission == record.submission:
        session.merge(_attempt(record, last.number, last.handed_in))
        return
    number = last.number + 1 if last else 1
    session.add(_attempt(record, number))
    if number > KEPT:
        _drop_between(session, record, number - KEPT + 1)


def standings(session: Session, assignment: str) -> Iterator[tuple[str, list[Standing]]]:
    """Each student's attempts in order, by student id; one student at a time is in memory."""
    query = select(Attempt).where(Attempt.assignment == assignment).order_by(Attempt.student, Attempt.number)
    rows = session.scalars(query.execution_options(yield_per=200))
    for student, attempts in groupby(rows, key=lambda row: row.student):
        yield student, [_standing(attempt) for attempt in attempts]


def _last(session: Session, record: Record) -> Attempt | None:
    mine = (Attempt.assignment == record.assignment) & (Attempt.student == record.student)
    return session.scalars(select(Attempt).where(mine).order_by(Attempt.number.desc()).limit(1)).first()


def _drop_between(session: Session, record: Record, oldest: int) -> None:
    """Keep the first attempt and those from ``oldest`` on."""
    mine = (Attempt.assignment == record.assignment) & (Attempt.student == record.student)
    session.execute(delete(Attempt).where(mine & (Attempt.number > 1) & (Attempt.number <= oldest)))


def _attempt(record: Record, number: int, known_time: str = "") -> Attempt:
    graded = [cell for cell in record.result["cells"] if cell["kind"] != "manual"]
    return Attempt(
        assignment=record.assignment,
        student=record.student,
        number=number,
        submission=record.submission,
        handed_in=_handed_in(record.standing) or known_time or f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}",
        score=sum(cell["score"] or 0.0 for cell in graded),
        max_score=sum(cell["max_score"] for cell in graded),
        functions=_functions(record.result),
    )


def _handed_in(standing: str) -> str:
    """The hand-in time in a record's ``standing``; empty where it knows none."""
    try:
        time = json.loads(standing)[0]
    except (ValueError, LookupError):
        return ""
    return "" if time == "None" else str(time)


def _functions(result: dict[str, Any]) -> dict[str, Any]:
    judged: dict[str, Any] = {}
    for verdict in (verdict for cell in result["cells"] for verdict in cell["verdicts"]):
        met, of, mistakes = judged.get(verdict["function"], (0, 0, []))
        known = sorted({*mistakes, *verdict["misconceptions"]})
        judged[verdict["function"]] = [met + bool(verdict["passed"]), of + 1, known]
    return judged


def _standing(row: Attempt) -> Standing:
    functions = {name: Function(met, of, frozenset(known)) for name, (met, of, known) in row.functions.items()}
    return Standing(row.number, row.handed_in, row.score, row.max_score, functions)
