"""Courses in temporary folders, and what their gradebooks say."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from autograder.course import Course
from tests.autograder.notebooks import NAME, ROOT

CLASS = 18  # the whole cast; the first 12 are the sample class of the course


def fresh_course(folder: Path) -> Course:
    """The repository's course as a clone has it, with one assignment: source and configuration, nothing made yet."""
    root = folder / "assignments"
    shutil.copytree(ROOT / "assignments" / "source" / NAME, root / "source" / NAME)
    shutil.copy(ROOT / "assignments" / "nbgrader_config.py", root)
    return Course.at(root)


def copy_of(course: Course, folder: Path, *leave_out: str) -> Course:
    """The course again, to be changed by a test."""
    root = folder / "assignments"
    shutil.copytree(course.root, root, ignore=lambda path, names: leave_out if Path(path) == course.root else ())
    return Course.at(root)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "autograder", *arguments]


def environment() -> dict[str, str]:
    """The environment of a user who never activated the virtual environment."""
    return {**os.environ, "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}


def run(course: Course, *arguments: str, **settings: Any) -> subprocess.CompletedProcess[str]:
    """``python -m autograder …`` on a course, from the folder above it."""
    settings = {"timeout": 300, "env": environment(), **settings}
    return subprocess.run(command(*arguments), cwd=course.root.parent, capture_output=True, text=True, **settings)


def gradebook_of(course: Course, assignment: str = NAME) -> dict[str, Any]:
    """Everything the gradebook says about an assignment's submissions, without the random ids."""
    with course.gradebook() as gradebook:
        return {
            submission.student.id: {
                "timestamp": submission.timestamp,
                "penalty": submission.late_submission_penalty,
                "grades": {grade.name: _grade(grade) for notebook in submission.notebooks for grade in notebook.grades},
                "comments": {
                    comment.name: (comment.auto_comment, comment.manual_comment)
                    for notebook in submission.notebooks
                    for comment in notebook.comments
                },
            }
            for submission in gradebook.assignment_submissions(assignment)
        }


def _grade(grade: Any) -> dict[str, Any]:
    fields = ("auto_score", "manual_score", "extra_credit", "needs_manual_grade", "max_score", "failed_tests", "score")
    return {field: getattr(grade, field) for field in fields}
