"""Result → gradebook and ``autograded/``: nbgrader's own schema, through nbgrader's own ``Gradebook``.

One process writes, a batch in one transaction. Recording a result twice leaves the gradebook as recording it once.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
from nbgrader import utils

from autograder.course import Course, CourseError
from autograder.result import CellResult, Result


@dataclass(frozen=True)
class Graded:
    """A result on its way into the gradebook.

    ``changed`` says that these bytes have not been recorded for this student before: what a person graded by hand was
    then something else, and must be looked at again. ``result`` is None when grading itself failed.
    """

    student: str
    result: Result | None
    timestamp: datetime | None
    changed: bool


class Recorder:
    """Writes the results of one assignment; see ``recorder``."""

    def __init__(self, course: Course, assignment: str, gradebook: Any) -> None:
        self._course, self._assignment, self._gradebook = course, assignment, gradebook
        (self._notebook,) = gradebook.find_assignment(assignment).notebooks
        self._name: str = self._notebook.name
        graded = [*self._notebook.grade_cells, *self._notebook.task_cells]
        self._cells = {cell.id: cell.name for cell in [*graded, *self._notebook.solution_cells]}
        self._checksums = {cell.name: cell.checksum for cell in self._notebook.source_cells}
        self._late = _late_penalties(course)

    def record(self, batch: list[Graded]) -> dict[str, datetime | None]:
        """Write notebooks, then grades and comments in one transaction; gives each student's due date."""
        for graded in batch:
            if graded.result is not None:
                self._write_notebook(graded.student, graded.result, graded.timestamp)
        with one_transaction(self._gradebook):
            for graded in batch:
                self._gradebook.update_or_create_student(graded.student)
            self._gradebook.db.flush()  # from here on they are found
            return {graded.student: self._write_grades(graded) for graded in batch}

    def due(self) -> dict[str, datetime | None]:
        """When each student's submission is due, extensions counted; only students the gradebook has one of."""
        assignment = self._gradebook.find_assignment(self._assignment)
        return {row.student_id: _due(row) for row in assignment.submissions}

    def record_standing(self, student: str, timestamp: datetime | None) -> None:
        """Take a new hand-in time, due date or extension into account; the grades stay."""
        with one_transaction(self._gradebook):
            submission = self._submission(student, timestamp)
            self._write_penalty(submission, *submission.notebooks)

    def mark_stale(self, students: list[str]) -> None:
        """Flag every grade of submissions that changed, before they are graded.

        If the run is killed, or grading fails, formgrader shows that the old scores are not to be trusted.
        """
        with one_transaction(self._gradebook):
            for student in students:
                for grade in self._submission(student, None).notebooks[0].grades:
                    grade.needs_manual_grade = True

    def _write_notebook(self, student: str, result: Result, timestamp: datetime | None) -> None:
        folder = self._course.autograded(student, self._assignment)
        text = json.dumps(result.notebook, indent=1, ensure_ascii=False, sort_keys=True)
        write_atomically(folder / f"{self._name}.ipynb", text + "\n")
        if timestamp:  # nbgrader copies it too, and compares it to see whether a submission is newer
            write_atomically(folder / "timestamp.txt", f"{timestamp.isoformat(sep=' ')} UTC\n")

    def _submission(self, student: str, timestamp: datetime | None) -> Any:
        times = {"timestamp": timestamp} if timestamp else {}
        return self._gradebook.update_or_create_submission(self._assignment, student, **times)

    def _write_grades(self, graded: Graded) -> datetime | None:
        submission = self._submission(graded.student, graded.timestamp)
        (notebook,) = submission.notebooks
        cells = {cell.grade_id: cell for cell in graded.result.cells} if graded.result else {}
        if unknown := set(cells) - set(self._cells.values()):
            raise CourseError(
                f"The gradebook does not know the cells {', '.join(sorted(unknown))} of {self._assignment}. "
                f"Run: python -m autograder release {self._assignment}"
            )
        for grade in notebook.grades:
            _write_grade(grade, cells.get(self._cells[grade.cell_id]), graded.changed)
        if graded.result:
            self._write_comments(notebook, graded.result)
        self._write_penalty(submission, notebook)
        return _due(submission)

    def _write_comments(self, notebook: Any, result: Result) -> None:
        """nbgrader's "No response." where the learner's cell is still the released stub."""
        submitted = {
            cell.metadata.nbgrader["grade_id"]: cell
            for cell in map(nbformat.from_dict, result.notebook["cells"])
            if cell.metadata.get("nbgrader", {}).get("grade_id")
        }
        for comment in notebook.comments:
            name = self._cells[comment.cell_id]
            cell = submitted.get(name)
            untouched = cell is None or utils.compute_checksum(cell) == self._checksums.get(name)
            comment.auto_comment = "No response." if untouched and not (cell and utils.is_task(cell)) else None

    def _write_penalty(self, submission: Any, notebook: Any) -> None:
        """What the course's late-submission plugin says, as nbgrader's ``AssignLatePenalties`` does it."""
        notebook.late_submission_penalty = None
        late = submission.total_seconds_late
        if late > 0:
            self._gradebook.db.flush()
            self._gradebook.db.refresh(notebook, ["score"])
            penalty = self._late.plugin_inst.late_submission_penalty(submission.student_id, notebook.score, late)
            if penalty is not None:
                notebook.late_submission_penalty = self._late._check_late_penalty(notebook, penalty)


def _due(submission: Any) -> datetime | None:
    due: datetime | None = submission.duedate if submission.assignment.duedate else None
    return due


@contextmanager
def recorder(course: Course, assignment: str) -> Iterator[Recorder]:
    """The one writer of an assignment's results; ``CourseError`` if another machine's run writes now."""
    from autograder.database import only_writer

    coursedir = course.coursedir()
    with only_writer(coursedir.db_url, coursedir.course_id), course.gradebook() as gradebook:
        yield Recorder(course, assignment, gradebook)


def _write_grade(grade: Any, cell: CellResult | None, changed: bool) -> None:
    """Set what the autograder knows, which is nothing when grading failed (``cell`` is None).

    ``manual_score`` and ``extra_credit`` are a person's and stay; the person is asked again when what they were given
    for has changed.
    """
    score = cell.score if cell else None
    moved = grade.auto_score != score
    grade.auto_score = score
    by_hand = grade.manual_score is not None
    if by_hand:
        grade.needs_manual_grade = changed or moved or grade.needs_manual_grade
    else:
        grade.needs_manual_grade = score is None


@contextmanager
def one_transaction(gradebook: Any) -> Iterator[None]:
    """Inside, ``Gradebook``'s methods write nothing where they would commit; all is committed at the end, or nothing.

    Nor does a query write what waits: it would send each new row twice, half built and finished.
    """
    session = gradebook.db
    session.commit = lambda: None
    try:
        with session.no_autoflush:
            yield
    except BaseException:
        session.rollback()
        raise
    finally:
        del session.commit
    session.commit()


def _late_penalties(course: Course) -> Any:
    from nbgrader.preprocessors import AssignLatePenalties

    preprocessor = AssignLatePenalties(config=course.config())
    preprocessor.init_plugin()
    return preprocessor


def write_atomically(path: Path, text: str) -> None:
    """The whole file or the old one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
