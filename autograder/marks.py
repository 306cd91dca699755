"""What the gradebook says now, manual grades included, and the marks as a CSV file."""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Literal

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.record import write_atomically


@dataclass(frozen=True, slots=True)
class CellMark:
    """One graded cell as it counts: a person's score before the autograder's, extra credit added."""

    score: float
    max_score: float
    needs_manual_grade: bool
    by_hand: bool


@dataclass(slots=True)
class Mark:
    """One student's marks for an assignment. Points throughout; the late penalty is taken off in ``total``."""

    student: str
    first_name: str
    last_name: str
    email: str
    timestamp: datetime | None
    late_penalty: float
    cells: dict[str, CellMark] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    lms_user_id: str = ""

    @property
    def score(self) -> float:
        return sum(cell.score for cell in self.cells.values())

    @property
    def total(self) -> float:
        return max(0.0, self.score - self.late_penalty)

    @property
    def needs_manual_grade(self) -> bool:
        return any(cell.needs_manual_grade for cell in self.cells.values())


@dataclass(frozen=True)
class ClassMarks:
    """The marks of a class, by student id, in order."""

    assignment: str
    duedate: datetime | None
    max_score: float
    points: dict[str, float]
    """What each graded cell is worth, in the notebook's order."""
    marks: dict[str, Mark]
    missing: tuple[Mark, ...]
    """Students of the gradebook who have handed in nothing."""


def read_marks(course: Course, assignment: Assignment) -> ClassMarks:
    """The marks of everyone, in a handful of queries however large the class."""
    from nbgrader import api

    points = {cell.grade_id: cell.points for cell in assignment.cells if cell.graded}
    with course.gradebook() as gradebook:
        entry = gradebook.find_assignment(assignment.name)
        (notebook,) = entry.notebooks
        names = {cell.id: cell.name for cell in notebook._base_cells}
        marks = _submissions(gradebook, api, entry)
        cell_mark = cache(CellMark)  # a class has few different ones: its size costs little memory
        for student, cell_id, score, needs, manual in _grades(gradebook, api, entry):
            name = names[cell_id]
            marks[student].cells[name] = cell_mark(score, points[name], needs, manual is not None)
        for student, cell_id, comment in _comments(gradebook, api, entry):
            marks[student].comments[names[cell_id]] = comment
        absent = sorted((_mark(s) for s in gradebook.students if s.id not in marks), key=_by_name)
        return ClassMarks(assignment.name, entry.duedate, sum(points.values()), points, marks, tuple(absent))


def _by_name(mark: Mark) -> tuple[str, str, str]:
    return mark.last_name, mark.first_name, mark.student


def _submissions(gradebook: Any, api: Any, entry: Any) -> dict[str, Mark]:
    penalties: dict[str, float] = defaultdict(float)
    rows = (
        gradebook.db.query(api.SubmittedNotebook.assignment_id, api.SubmittedNotebook.late_submission_penalty)
        .join(api.SubmittedAssignment, api.SubmittedAssignment.id == api.SubmittedNotebook.assignment_id)
        .filter(api.SubmittedAssignment.assignment_id == entry.id)
    )
    for submission, penalty in rows:
        penalties[submission] += penalty or 0.0
    found = (
        gradebook.db.query(api.SubmittedAssignment, api.Student)
        .join(api.Student, api.Student.id == api.SubmittedAssignment.student_id)
        .filter(api.SubmittedAssignment.assignment_id == entry.id)
    )
    in_order = sorted(found, key=lambda pair: str(pair[1].id))  # each database has an order of its own
    return {student.id: _mark(student, row.timestamp, penalties[row.id]) for row, student in in_order}


def _mark(student: Any, timestamp: datetime | None = None, penalty: float = 0.0) -> Mark:
    names = (student.first_name or "", student.last_name or "", student.email or "")
    return Mark(student.id, *names, timestamp, penalty, lms_user_id=student.lms_user_id or "")


def _grades(gradebook: Any, api: Any, entry: Any) -> Any:
    columns = (api.Grade.cell_id, api.Grade.score, api.Grade.needs_manual_grade, api.Grade.manual_score)
    return _of_assignment(gradebook, api, entry, api.Grade, columns)


def _comments(gradebook: Any, api: Any, entry: Any) -> Any:
    query = _of_assignment(gradebook, api, entry, api.Comment, (api.Comment.cell_id, api.Comment.comment))
    return query.filter(api.Comment.comment.is_not(None))


def _of_assignment(gradebook: Any, api: Any, entry: Any, table: Any, columns: tuple[Any, ...]) -> Any:
    return (
        gradebook.db.query(api.SubmittedAssignment.student_id, *columns)
        .select_from(table)
        .join(api.SubmittedNotebook, api.SubmittedNotebook.id == table.notebook_id)
        .join(api.SubmittedAssignment, api.SubmittedAssignment.id == api.SubmittedNotebook.assignment_id)
        .filter(api.SubmittedAssignment.assignment_id == entry.id)
    )


_COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score", "status", "remarks"),
)
Status = Literal["graded", "needs manual grading", "not graded", "not readable", "not submitted"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a mark is final, which it is when its status is "graded"; ``remark`` says what a person should know."""

    status: Status
    remark: str = ""

    @property
    def final(self) -> bool:
        return self.status == "graded"


def standing_of(mark: Mark, remark: str = "") -> Standing:
    """How the mark of a submission stands, as far as the gradebook knows."""
    return Standing("needs manual grading" if mark.needs_manual_grade else "graded", remark)


def write_marks(course: Course, marks: ClassMarks, remarks: dict[str, str]) -> None:
    """Write ``marks/<assignment>.csv``: nbgrader's columns, a status, remarks, and one column per graded cell.

    ``remarks`` says per student what was wrong with the submission (a cell repaired, a file that cannot be read).
    """
    standings = {name: standing_of(mark, remarks.get(name, "")) for name, mark in marks.marks.items()}
    scores = {name: mark.total for name, mark in marks.marks.items() if standings[name].final}
    standings |= {mark.student: Standing("not submitted") for mark in marks.missing}
    write_atomically(course.marks(marks.assignment), marks_table(marks, standings, scores))


def marks_table(marks: ClassMarks, standings: Mapping[str, Standing], scores: Mapping[str, float | None]) -> str:
    """The marks as CSV. ``scores`` holds final marks: no 0 and no half mark must pass for one in the column "score"."""
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    table.writerow([*_COLUMNS, *marks.points])
    for mark in (*marks.marks.values(), *marks.missing):
        table.writerow(_row(marks, mark, standings[mark.student], scores.get(mark.student)))
    return text.getvalue()


def _row(marks: ClassMarks, mark: Mark, standing: Standing, score: float | None) -> list[Any]:
    handed_in = mark.student in marks.marks
    values = [
        *(marks.assignment, marks.duedate or "", mark.timestamp or "", mark.student),
        *(mark.last_name, mark.first_name, mark.email),
        *(f"{points:g}" if handed_in else "" for points in (mark.score, mark.late_penalty)),
        "" if score is None else f"{score:g}",
        f"{marks.max_score:g}",
        *(standing.status, standing.remark),
        *(f"{mark.cells[name].score:g}" if name in mark.cells else "" for name in marks.points),
    ]
    return [_inert(value) for value in values]


def _inert(value: Any) -> Any:
    """A spreadsheet runs text that begins like a formula; an apostrophe makes it text."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value
