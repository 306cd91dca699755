"""What a student handed in: the one notebook to grade, and when."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder.course import Course
from autograder.intake import Rejected, read_submission
from autograder.journal import digest


@dataclass(frozen=True)
class Submission:
    """The bytes of a notebook, or why there are none; ``note`` is a sentence on what was odd about the folder."""

    student: str
    data: bytes | Rejected
    timestamp: datetime | None
    note: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of what was handed in; two unreadable submissions are alike if the reason is."""
        data = self.data.reason.encode() if isinstance(self.data, Rejected) else self.data
        return digest(self.note.encode() + b"\0" + data)


def read(course: Course, student: str, assignment: str, notebook: str) -> Submission:
    """Read ``submitted/<student>/<assignment>/<notebook>.ipynb``, or the one notebook there under another name."""
    folder = course.submitted(student, assignment)
    if folder.is_symlink() or not folder.is_dir():
        reason = f"{assignment} is not a folder. Hand in a folder {assignment} that holds {notebook}.ipynb."
        return Submission(student, Rejected(reason), None)
    path, note = _choose(folder, notebook)
    timestamp, remark = _timestamp(folder)
    return Submission(student, read_submission(path), timestamp, " ".join(filter(None, (note, remark))))


def _choose(folder: Path, notebook: str) -> tuple[Path, str]:
    expected = folder / f"{notebook}.ipynb"
    others = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".ipynb" and path != expected)
    if expected.exists() or expected.is_symlink() or len(others) != 1:
        return expected, ""
    return others[0], f"The notebook was handed in as {others[0].name}; it was graded as {expected.name}."


def _timestamp(folder: Path) -> tuple[datetime | None, str]:
    """nbgrader's ``timestamp.txt``: UTC unless it names a time zone."""
    from nbgrader.utils import parse_utc

    if not (folder / "timestamp.txt").exists():
        return None, ""
    text = read_submission(folder / "timestamp.txt")
    try:
        if isinstance(text, bytes):
            return parse_utc(text.decode().strip()), ""
    except (ValueError, OverflowError):
        pass
    return None, "Its timestamp.txt holds no date and time, so it counts as handed in on time."
