"""A notebook into ``submitted/STUDENT/ASSIGNMENT/``: only what is older is overwritten, and kept elsewhere."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Literal

from autograder.course import Course
from autograder.lms.files import write_new

Outcome = Literal["new", "unchanged", "replaced", "older", "differs", "blocked"]


@dataclass(frozen=True)
class Placer:
    """Puts files of one assignment into their places; with ``dry_run`` it only says what it would do."""

    course: Course
    assignment: str
    notebook: str
    replace: bool
    dry_run: bool

    @property
    def aside(self) -> Path:
        """Where what is not graded is kept."""
        return self.course.root / "set_aside" / self.assignment

    def place(self, student: str, data: bytes, when: datetime | None) -> Outcome:
        """Put a notebook in its place, unless what is there is the same, or newer, or nothing tells which is newer."""
        folder = self.course.submitted(student, self.assignment)
        target = folder / f"{self.notebook}.ipynb"
        if folder.is_symlink() or folder.parent.is_symlink() or (os.path.lexists(target) and not _is_plain(target)):
            return "blocked"
        outcome = self._compare(target, data, when)
        if outcome in ("new", "replaced") and not self.dry_run:
            if outcome == "replaced":
                self._keep(target, student)
            write_new(target, data, replace=True)
            _write_time(folder, when)
        if outcome == "unchanged" and when and not self.dry_run and not os.path.lexists(folder / "timestamp.txt"):
            _write_time(folder, when)  # it was collected without its time
        return outcome

    def _compare(self, target: Path, data: bytes, when: datetime | None) -> Outcome:
        if not target.exists():
            return "new"
        if target.read_bytes() == data:
            return "unchanged"
        before = _read_time(target.parent)
        if when and before:
            return "replaced" if when > before or self.replace else "older"
        return "replaced" if self.replace else "differs"

    def _keep(self, target: Path, student: str) -> None:
        """The submission that is replaced, with its time."""
        before = _read_time(target.parent)
        name = f"{before:%Y-%m-%d-%H-%M-%S}" if before else "before"
        self.set_aside(PurePosixPath("replaced", student, name, target.name), target.read_bytes())

    def set_aside(self, inside: PurePosixPath, data: bytes) -> Path:
        """Keep a file under ``set_aside/ASSIGNMENT``, under another name if its own is taken by something else."""
        place = self.aside / inside
        number = 1
        while place.exists() and place.read_bytes() != data:
            number += 1
            place = self.aside / inside.with_name(f"{inside.stem} ({number}){inside.suffix}")
        if not self.dry_run:
            write_new(place, data)
        return place


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _read_time(folder: Path) -> datetime | None:
    from nbgrader.utils import parse_utc

    path = folder / "timestamp.txt"
    if not _is_plain(path):
        return None
    try:
        when: datetime = parse_utc(path.read_text(encoding="utf-8").strip())
    except (ValueError, OverflowError):
        return None
    return when


def _write_time(folder: Path, when: datetime | None) -> None:
    """nbgrader's ``timestamp.txt``; an old one that is about other work goes."""
    path = folder / "timestamp.txt"
    if when is None:
        path.unlink(missing_ok=True)
    elif not os.path.lexists(path) or _is_plain(path):
        write_new(path, f"{when.isoformat(sep=' ')} UTC\n".encode(), replace=True)
