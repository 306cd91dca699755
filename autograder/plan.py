"""What a run has to do: which submissions are new or changed, and which merely count as late now."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder import submissions
from autograder.assignment import Assignment
from autograder.course import Course
from autograder.journal import Entry, result_key
from autograder.submissions import Submission


@dataclass(frozen=True)
class Grading:
    """What every result of a run depends on besides the submission."""

    course: Course
    assignment: Assignment
    seed: int
    tier: str

    def read(self, student: str) -> Submission:
        return submissions.read(self.course, student, self.assignment.name, self.assignment.notebook_name)

    def key(self, submission: Submission) -> str:
        return result_key(submission.digest, self.assignment.fingerprint, self.tier, self.seed)

    def page(self, student: str) -> Path:
        """The student's feedback page."""
        return self.course.feedback(student, self.assignment.name) / f"{self.assignment.notebook_name}.html"


@dataclass(frozen=True)
class Plan:
    """``grade``: to be graded. ``changed``: those of them whose old scores are about other work.
    ``moved``: students whose hand-in time or due date alone is new, with the new time."""

    grade: list[str]
    changed: list[str]
    moved: dict[str, datetime | None]
    unchanged: int


def plan(grading: Grading, students: list[str], entries: dict[str, Entry], due: dict[str, datetime | None]) -> Plan:
    """Compare what is submitted with what the journal and the gradebook (``due``) know."""
    grade, changed, moved = [], [], {}
    for student in students:
        submission, entry = grading.read(student), entries.get(student)
        same = entry is not None and entry.submission == submission.digest
        if entry is None or student not in due or entry.key != grading.key(submission) or _lost(grading, student):
            grade.append(student)
            changed += [student] if student in due and not same else []
        elif entry.standing != standing(submission.timestamp, due[student]):
            moved[student] = submission.timestamp
    return Plan(grade, changed, moved, len(students) - len(grade))


def standing(timestamp: datetime | None, due: datetime | None) -> str:
    """When a submission was handed in and when it was due, as one text."""
    return json.dumps([str(timestamp), str(due)])


def _lost(grading: Grading, student: str) -> bool:
    """Whether the autograded notebook is gone."""
    folder = grading.course.autograded(student, grading.assignment.name)
    return not (folder / f"{grading.assignment.notebook_name}.ipynb").is_file()
