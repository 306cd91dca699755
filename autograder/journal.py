"""The journal: what has been graded, from which bytes, by which grader, so that nothing is done twice or lost.

A row is written only after the gradebook and the autograded notebook stand. A run killed at any moment therefore
leaves submissions either recorded or still to do, never half believed; the next run takes up the rest.
"""

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import Session

from autograder import history
from autograder.course import CourseError
from autograder.tables import Base, Release, Setting
from autograder.tables import Record as Record

# These come after a result or before a submission: changing them changes no score and no autograded notebook.
_NOT_GRADING = {
    *("__main__", "batch", "cli", "cluster", "console", "database", "doctor", "feedback"),
    *("feedback_summary", "formulas"),
    *("history", "journal", "ledger", "marks", "nbgrader_export", "plan", "pool", "record", "release", "report"),
    *("sample_class", "samples", "similarity", "tables", "where", "options", "lms", "marks_out", "work_in"),
}


class Entry(NamedTuple):
    """What ``Record`` knows of a submission, without the result."""

    submission: str
    key: str
    standing: str
    feedback: str


class Journal:
    """``journal.db`` of a course."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._engine = create_engine(f"sqlite:///{path}")
        event.listen(self._engine, "connect", _write_ahead)
        Base.metadata.create_all(self._engine)

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def seed(self) -> int:
        """The course's secret seed for hidden inputs, drawn once: the same submission always meets the same inputs."""
        with Session(self._engine) as session, session.begin():
            setting = session.get(Setting, "seed")
            if setting is None:
                setting = Setting(name="seed", value=str(secrets.randbits(63)))
                session.add(setting)
            return int(setting.value)

    def records(self, assignment: str) -> dict[str, Entry]:
        """What is known of every recorded submission of an assignment, by student; without the results."""
        columns = [getattr(Record, name) for name in Entry._fields]
        with Session(self._engine) as session:
            rows = session.execute(select(Record.student, *columns).where(Record.assignment == assignment))
            return {student: Entry(*values) for student, *values in rows}

    def results(self, assignment: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each student's result as ``Result.to_dict()`` gave it, without the notebook; by student id."""
        query = select(Record.student, Record.result).where(Record.assignment == assignment).order_by(Record.student)
        with Session(self._engine) as session:
            yield from (tuple(row) for row in session.execute(query.execution_options(yield_per=100)))

    def write(self, records: list[Record]) -> None:
        """Insert or replace records, and enter them into the history, all in one transaction."""
        with Session(self._engine) as session, session.begin():
            for record in records:
                history.note(session, record, session.get(Record, (record.assignment, record.student)))
                session.merge(record)

    def attempts(self, assignment: str) -> Iterator[tuple[str, list[history.Standing]]]:
        """What each student's submissions came to, the first to the last; by student id.

        A student whose only submission was graded before there was a history is left out.
        """
        with Session(self._engine) as session:
            yield from history.standings(session, assignment)

    def set_standing(self, assignment: str, student: str, standing: str) -> None:
        """Note a new hand-in time or due date."""
        with Session(self._engine) as session, session.begin():
            session.get_one(Record, (assignment, student)).standing = standing

    def rendered(self, assignment: str, fingerprints: dict[str, str]) -> None:
        """Note from what each student's feedback page was rendered."""
        with Session(self._engine) as session, session.begin():
            for student, fingerprint in fingerprints.items():
                session.get_one(Record, (assignment, student)).feedback = fingerprint

    def forget(self, assignment: str, student: str) -> None:
        """Drop a record, so that the next run grades the submission again."""
        with Session(self._engine) as session, session.begin():
            if row := session.get(Record, (assignment, student)):
                session.delete(row)

    def released(self, assignment: str) -> str | None:
        """What the release was last made from."""
        with Session(self._engine) as session:
            row = session.get(Release, assignment)
            return row.fingerprint if row else None

    def set_released(self, assignment: str, fingerprint: str) -> None:
        with Session(self._engine) as session, session.begin():
            session.merge(Release(assignment=assignment, fingerprint=fingerprint))


def _write_ahead(connection: Any, _: Any) -> None:
    # A reader (`report`) may look while a run writes.
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def result_key(submission: str, assignment: str, tier: str, seed: int) -> str:
    """What a result depends on: the submission, the source assignment, the sandbox tier, the seed and this code."""
    return digest(json.dumps([submission, assignment, tier, seed, grader_version()]).encode())


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def tree_digest(files: list[Path], root: Path) -> str:
    """One hash over files and their places under ``root``."""
    return digest(json.dumps([(str(path.relative_to(root)), digest(path.read_bytes())) for path in files]).encode())


@cache
def grader_version() -> str:
    """A hash of the code that decides scores: all of ``course_lib``, and ``autograder`` up to the result."""
    packages = Path(__file__).resolve().parents[1]
    files = [*packages.glob("course_lib/**/*.py"), *packages.glob("autograder/**/*.py")]
    grading = [path for path in files if _NOT_GRADING.isdisjoint((path.stem, path.parent.name))]
    shown = [packages / "autograder" / "templates" / f"{name}.html.j2" for name in ("verdict", "note")]
    return tree_digest(sorted([*grading, *shown]), packages)


@contextmanager
def only_grader(root: Path) -> Iterator[None]:
    """Hold the course for one run; ``CourseError`` at once if another run holds it.

    SQLite's own lock is used because it works on every system and ends with the process, however it ends.
    """
    holder = sqlite3.connect(root / "journal.db.lock", timeout=0, isolation_level=None)
    try:
        try:
            holder.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise CourseError(
                f"Another run is grading the course in {root} right now. Wait for it to end, or stop it; "
                "this one has changed nothing."
            ) from error
        yield
    finally:
        holder.close()
