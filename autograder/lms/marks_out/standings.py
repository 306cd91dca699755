"""Whether each mark of a class is final, from the gradebook, the journal and what lies in ``submitted/`` now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from autograder import submissions
from autograder.assignment import Assignment
from autograder.course import Course, CourseError
from autograder.journal import Journal
from autograder.lms.people import Person
from autograder.marks import ClassMarks, Mark, Standing, read_marks, standing_of

_UNGRADED = Standing("not graded", "Handed in and not graded yet.")


@dataclass(frozen=True)
class Class:
    """An assignment's marks, how each stands, and what the grader found, by student."""

    assignment: Assignment
    marks: ClassMarks
    standings: Mapping[str, Standing]
    results: Mapping[str, dict[str, Any]]

    @property
    def all(self) -> list[Mark]:
        """Everyone the gradebook or ``submitted/`` knows."""
        return [*self.marks.marks.values(), *self.marks.missing]


def read_class(course: Course, name: str) -> Class:
    """Read all that is known about the marks of ``name``.

    Raises
    ------
    CourseError
        If nothing has been graded.
    """
    from nbgrader.api import MissingEntry

    assignment = Assignment.load(course.root, name)
    try:
        marks = read_marks(course, assignment)
    except MissingEntry as error:
        raise CourseError(f"Nothing of {name} has been graded. Run: python -m autograder grade {name}") from error
    with Journal(course.journal_file) as journal:
        recorded = {student: entry.submission for student, entry in journal.records(name).items()}
        results = {student: result for student, result in journal.results(name) if student in marks.marks}
    now = _handed_in(course, assignment)
    standings = {
        student: _standing(mark, results.get(student), recorded.get(student), now.get(student))
        for student, mark in marks.marks.items()
    }
    others = {mark.student: mark for mark in marks.missing}
    others |= {s: Mark(s, "", "", "", None, 0.0) for s in now if s not in others and s not in standings}
    standings |= {student: _UNGRADED if student in now else Standing("not submitted") for student in others}
    return Class(assignment, replace(marks, missing=tuple(others.values())), standings, results)


def person(mark: Mark) -> Person:
    """A student as the gradebook knows them."""
    name = " ".join(filter(None, (mark.first_name, mark.last_name)))
    label = " · ".join(filter(None, (mark.student, name)))
    ids = {"student id": mark.student, "email": mark.email, "lms user id": mark.lms_user_id}
    return Person(label, ids, (), (mark.first_name, mark.last_name) if name else None)


def _handed_in(course: Course, assignment: Assignment) -> dict[str, str]:
    """The digest of everyone's submission as it lies there now."""
    read = (
        submissions.read(course, s, assignment.name, assignment.notebook_name) for s in course.students(assignment.name)
    )
    return {submission.student: submission.digest for submission in read}


def _standing(mark: Mark, result: dict[str, Any] | None, recorded: str | None, now: str | None) -> Standing:
    remark = " ".join(result["problems"]) if result else ""
    if recorded and now and recorded != now:
        return Standing("not graded", "Handed in anew since it was graded.")
    by_hand = any(cell.by_hand for cell in mark.cells.values())
    if result and not by_hand and not mark.needs_manual_grade and is_unreadable(result):
        return Standing("not readable", remark)
    return standing_of(mark, remark)


def is_unreadable(result: Mapping[str, Any]) -> bool:
    """Whether a result is that of a file that is no notebook, in which nothing was graded."""
    return all(cell["note"].startswith("Not graded: ") for cell in result["cells"])
