"""Grade a class: what is new or changed goes through the pool, one writer records; feedback, marks, report follow."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from autograder.assignment import Assignment
from autograder.course import Course, CourseError
from autograder.feedback import FeedbackTask, deliver, feedback_task
from autograder.journal import Journal, only_grader
from autograder.ledger import Ledger
from autograder.marks import ClassMarks, read_marks, write_marks
from autograder.plan import Grading, plan
from autograder.pool import Hire, Lost, Workers
from autograder.record import Recorder, recorder
from autograder.release import release
from autograder.report import write_report
from autograder.result import Result
from autograder.submissions import Submission
from autograder.uninterrupted import uninterrupted
from autograder.worker import Page, Post, worker

BATCH = 32  # results in one transaction, and so what a killed run has to grade again
PATIENCE = 2.0  # seconds that a result waits for its batch to fill

Watch = Callable[[str, int, int], None]
"""Called with what is being done ("grading", "feedback"), how much of it is done, and how much there is."""


@dataclass
class Summary:
    """What a run did."""

    tier: str
    marks: ClassMarks
    graded: int = 0
    unchanged: int = 0
    rendered: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    """Students whose submission could not be graded, or whose feedback could not be rendered, and why."""
    seconds: float = 0.0


def grade_class(
    course: Course, name: str, *, tier: str, hire: Hire, seed: int | None, students: list[str] | None, watch: Watch
) -> Summary:
    """Grade what is new or changed in ``submitted/`` and bring gradebook, feedback, marks and report up to date.

    Parameters
    ----------
    course : Course
    name : str
        The assignment.
    tier : str
        The sandbox tier to use.
    hire : callable
        Gives the workers, each with a sandbox of its own: ``partial(Pool, jobs)``, or those of a cluster.
    seed : int or None
        What hidden inputs are drawn from; None takes the course's own secret seed.
    students : list of str or None
        Only these; None grades the class.
    watch : callable
        See ``Watch``.

    Raises
    ------
    CourseError
        For an unknown assignment or student, when another run holds the course, or when the release cannot be made.
    """
    begun = time.monotonic()
    assignment = Assignment.load(course.root, name)
    students = _wanted(course, name, students)
    with only_grader(course.root), Journal(course.journal_file) as journal:
        release(course, name, journal)
        grading = Grading(course, assignment, journal.seed() if seed is None else seed, tier)
        with hire(partial(worker, Post.of(grading))) as pool:
            stage = _Stages(grading, journal, pool, watch)
            with recorder(course, name) as writer:
                graded, unchanged = stage.grade(students, writer)
            marks = read_marks(course, assignment)
            rendered = stage.feedback(marks)
        results = journal.results(name)
        remarks = {student: " ".join(result["problems"]) for student, result in results if result["problems"]}
        write_marks(course, marks, remarks | stage.failed)
        write_report(course, assignment, marks, journal.results(name), stage.failed)
    return Summary(tier, marks, graded, unchanged, rendered, stage.failed, time.monotonic() - begun)


def _wanted(course: Course, name: str, students: list[str] | None) -> list[str]:
    present = course.students(name)
    for student in students or []:
        if student not in present:
            raise CourseError(f"{student!r} has handed in nothing for {name}: there is no submitted/{student}/{name}.")
    return present if students is None else students


class _Stages:
    """Grade and record, then render; what failed is noted on the way."""

    def __init__(self, grading: Grading, journal: Journal, pool: Workers, watch: Watch) -> None:
        self._grading, self._journal, self._pool, self._watch = grading, journal, pool, watch
        self._name = grading.assignment.name
        self.failed: dict[str, str] = {}

    def grade(self, students: list[str], writer: Recorder) -> tuple[int, int]:
        """How many were graded, and how many were found as they were."""
        ledger, due = Ledger(self._grading, self._journal, writer), writer.due()
        todo = plan(self._grading, students, ledger.entries, due)
        for student, timestamp in todo.moved.items():
            ledger.move(student, timestamp, due[student])
        writer.mark_stale(todo.changed)
        self._grade(todo.grade, ledger)
        return len(todo.grade) - len(self.failed), todo.unchanged

    def _grade(self, students: list[str], ledger: Ledger) -> None:
        batch: list[tuple[Submission, Result | None]] = []
        since = time.monotonic()
        self._watch("grading", 0, len(students))
        answers = self._pool.run(map(self._grading.read, students))
        try:
            for done, (submission, answer) in enumerate(answers, start=1):
                batch.append((submission, self._result(submission, answer)))
                if len(batch) >= BATCH or time.monotonic() - since > PATIENCE:
                    _record(batch, ledger)
                    since = time.monotonic()
                self._watch("grading", done, len(students))
        except (KeyboardInterrupt, CourseError):  # the second: a cluster that went away
            _record(batch, ledger)  # what has been answered is not lost
            raise
        _record(batch, ledger)

    def _result(self, submission: Submission, answer: bytes | Lost) -> Result | None:
        outcome = _outcome(answer)
        if "failure" in outcome:
            self.failed[submission.student] = outcome["failure"]
            return None
        return Result.from_dict(outcome)

    def feedback(self, marks: ClassMarks) -> int:
        """Render the pages that are not what the gradebook says now; gives their number."""
        pages = self._stale_pages(marks)
        written: dict[str, str] = {}
        self._watch("feedback", 0, len(pages))
        answers = self._pool.run(self._pages(task for task, _ in pages.values()))
        for done, (page, answer) in enumerate(answers, start=1):
            outcome, student = _outcome(answer), page.task.student
            if "failure" in outcome:
                self.failed[student] = f"feedback: {outcome['failure']}"
            else:
                deliver(page.task, outcome["page"])
                written[student] = pages[student][1]
            self._watch("feedback", done, len(pages))
        self._journal.rendered(self._name, written)
        return len(written)

    def _pages(self, tasks: Iterable[FeedbackTask]) -> Iterator[Page]:
        """Each with its notebook, read only when a worker is free for it."""
        for task in tasks:
            try:
                yield Page(task, task.notebook.read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                self.failed[task.student] = f"feedback: {error}"

    def _stale_pages(self, marks: ClassMarks) -> dict[str, tuple[FeedbackTask, str]]:
        pages = {}
        for student, entry in self._journal.records(self._name).items():
            if student in marks.marks:
                task = feedback_task(self._grading.course, self._grading.assignment, marks.marks[student])
                fingerprint = task.fingerprint(entry.key)
                if entry.feedback != fingerprint or not task.page.is_file():
                    pages[student] = task, fingerprint
        return pages


def _record(batch: list[tuple[Submission, Result | None]], ledger: Ledger) -> None:
    """Record all of ``batch`` and empty it; Ctrl-C waits, since half a transaction can be neither kept nor repeated."""
    with uninterrupted():
        ledger.record(batch)
        batch.clear()


def _outcome(answer: bytes | Lost) -> dict[str, Any]:
    outcome: dict[str, Any] = {"failure": answer.reason} if isinstance(answer, Lost) else json.loads(answer)
    return outcome
