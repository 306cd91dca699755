"""Gradebook and journal, kept in step: the gradebook first, so that what the journal knows is safely recorded."""

from dataclasses import replace
from datetime import datetime

from autograder.journal import Entry, Journal, Record
from autograder.plan import Grading, standing
from autograder.record import Graded, Recorder
from autograder.result import Result
from autograder.submissions import Submission


class Ledger:
    """Takes the results of one assignment, each with the submission that it is about.

    ``entries`` is what the journal knew before.
    """

    def __init__(self, grading: Grading, journal: Journal, writer: Recorder) -> None:
        self._grading, self._journal, self._writer = grading, journal, writer
        self._name = grading.assignment.name
        self.entries: dict[str, Entry] = journal.records(self._name)

    def record(self, batch: list[tuple[Submission, Result | None]]) -> None:
        """Record a batch; None stands for a submission that could not be graded."""
        due = self._writer.record([Graded(s.student, result, s.timestamp, self._is_new(s)) for s, result in batch])
        for submission, result in batch:
            if result is None:
                self._journal.forget(self._name, submission.student)
                self._grading.page(submission.student).unlink(missing_ok=True)  # it would tell of other work
        self._journal.write([self._row(s, result, due[s.student]) for s, result in batch if result])

    def move(self, student: str, timestamp: datetime | None, due: datetime | None) -> None:
        """Only the time of handing in, or when it was due, is new; the grades stay."""
        self._writer.record_standing(student, timestamp)
        self._journal.set_standing(self._name, student, standing(timestamp, due))

    def _is_new(self, submission: Submission) -> bool:
        entry = self.entries.get(submission.student)
        return entry is None or entry.submission != submission.digest

    def _row(self, submission: Submission, result: Result, due: datetime | None) -> Record:
        return Record(
            assignment=self._name,
            student=submission.student,
            submission=submission.digest,
            key=self._grading.key(submission),
            standing=standing(submission.timestamp, due),
            feedback="",
            result=replace(result, notebook={}).to_dict(),
        )
