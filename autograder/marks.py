"""What the gradebook says now, manual grades included, and the marks as a CSV file."""

import csv
import io
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

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
        missing = tuple(_mark(student) for student in gradebook.students if student.id not in marks)
        return ClassMarks(assignment.name, entry.duedate, sum(points.values()), points, marks, missing)


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
        .order_by(api.Student.id)
    )
    return {student.id: _mark(student, row.timestamp, penalties[row.id]) for row, student in found}


def _mark(student: Any, timestamp: datetime | None = None, penalty: float = 0.0) -> Mark:
    names = (student.first_name or "", student.last_name or "", student.email or "")
    return Mark(student.id, *names, timestamp, penalty)


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


def write_marks(course: Course, marks: ClassMarks, remarks: dict[str, str]) -> None:
    """Write ``marks/<assignment>.csv``: nbgrader's columns, a status, remarks, and one column per graded cell.

    ``remarks`` says per student what was wrong with the submission (a cell repaired, a file that cannot be read). The
    status is "graded", "needs manual grading" or "not submitted", so that no 0 goes unexplained.
    """
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    table.writerow([*_COLUMNS, *marks.points])
    for mark in marks.marks.values():
        status = "needs manual grading" if mark.needs_manual_grade else "graded"
        table.writerow(_row(marks, mark, status, remarks.get(mark.student, "")))
    for mark in marks.missing:
        table.writerow(_row(marks, mark, "not submitted", ""))
    write_atomically(course.marks(marks.assignment), text.getvalue())


def _row(marks: ClassMarks, mark: Mark, status: str, remark: str) -> list[Any]:
    values = [
        *(marks.assignment, marks.duedate or "", mark.timestamp or "", mark.student),
        *(mark.last_name, mark.first_name, mark.email),
        *(f"{points:g}" for points in (mark.score, mark.late_penalty, mark.total, marks.max_score)),
        *(status, remark),
        *(f"{mark.cells[name].score:g}" if name in mark.cells else "" for name in marks.points),
    ]
    return [_inert(value) for value in values]


def _inert(value: Any) -> Any:
    """A spreadsheet runs text that begins like a formula; an apostrophe makes it text."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value
