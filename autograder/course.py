"""One course on disk: nbgrader's folders, its configuration and its gradebook, found in one place."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any


class CourseError(Exception):
    """Something the instructor can mend; the message says what and how."""


@dataclass(frozen=True)
class Course:
    """An nbgrader course directory.

    Folder names are nbgrader's: ``source``, ``release``, ``submitted``, ``autograded``, ``feedback``, and
    ``gradebook.db``, unless ``c.CourseDirectory.db_url`` names a server. Ours stand beside them: ``marks``,
    ``reports``, ``journal.db``.
    """

    root: Path

    @classmethod
    def at(cls, root: Path) -> "Course":
        """The course in ``root``; ``CourseError`` where there is none."""
        root = root.resolve()
        if not (root / "source").is_dir():
            raise CourseError(
                f"{root} is no course: it has no folder 'source'. Run from the repository's root, or pass --course DIR."
            )
        return cls(root)

    @property
    def assignments(self) -> list[str]:
        """Names of the assignments: the folders of ``source`` that hold a notebook."""
        return sorted(path.parent.name for path in (self.root / "source").glob("*/*.ipynb"))

    def require(self, assignment: str) -> str:
        """``assignment`` if it exists, else ``CourseError`` with the known names."""
        known = self.assignments
        if assignment in known:
            return assignment
        close = get_close_matches(assignment, known, n=1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        raise CourseError(f"There is no assignment {assignment!r}.{hint} Known: {', '.join(known) or 'none'}.")

    def source_notebook(self, assignment: str) -> Path:
        """The one source notebook of an assignment."""
        found = sorted((self.root / "source" / assignment).glob("*.ipynb"))
        if len(found) != 1:
            raise CourseError(f"source/{assignment} must hold exactly one notebook; it holds {len(found)}.")
        return found[0]

    def release(self, assignment: str) -> Path:
        return self.root / "release" / assignment

    def submitted(self, student: str, assignment: str) -> Path:
        return self.root / "submitted" / student / assignment

    def autograded(self, student: str, assignment: str) -> Path:
        return self.root / "autograded" / student / assignment

    def feedback(self, student: str, assignment: str) -> Path:
        return self.root / "feedback" / student / assignment

    def marks(self, assignment: str) -> Path:
        return self.root / "marks" / f"{assignment}.csv"

    def report(self, assignment: str) -> Path:
        return self.root / "reports" / f"{assignment}.html"

    def book_url(self, page: Path) -> str:
        """Prefix of links into the book from ``page``.

        ``c.Autograder.book_url`` in ``nbgrader_config.py`` says where the book is published; without it links lead to
        the book built beside the course.
        """
        built = self.root.parent / "book" / "_build" / "html"
        beside = os.path.relpath(built, page.parent).replace(os.sep, "/")
        return str(self.config().Autograder.get("book_url", beside)).rstrip("/") + "/"

    @property
    def gradebook_place(self) -> Path | str:
        """The gradebook's file, ``gradebook.db`` unless configured; of one on a server, its address."""
        from autograder.database import place

        return place(self.coursedir().db_url)

    @property
    def journal_file(self) -> Path:
        return self.root / "journal.db"

    def students(self, assignment: str) -> list[str]:
        """Students with a folder for this assignment under ``submitted``, sorted.

        A folder name that cannot be a student id (hidden, or holding nbgrader's separators) is left out.
        """
        folder = self.root / "submitted"
        if not folder.is_dir():
            return []
        with os.scandir(folder) as entries:
            names = [
                entry.name for entry in entries if is_student_id(entry.name) and entry.is_dir(follow_symlinks=False)
            ]
        return sorted(name for name in names if os.path.lexists(folder / name / assignment))

    def config(self) -> Any:
        """nbgrader's own configuration (``nbgrader_config.py``) as a traitlets ``Config``."""
        from traitlets.config import Config
        from traitlets.config.loader import PyFileConfigLoader

        if not (self.root / "nbgrader_config.py").is_file():
            return Config()
        return PyFileConfigLoader("nbgrader_config.py", path=str(self.root)).load_config()

    def coursedir(self) -> Any:
        """nbgrader's ``CourseDirectory`` for this course."""
        from nbgrader.coursedir import CourseDirectory

        return CourseDirectory(config=self.config(), root=str(self.root))

    @contextmanager
    def gradebook(self) -> Iterator[Any]:
        """nbgrader's ``Gradebook``, closed afterwards; ``CourseError`` where it cannot be reached, or no longer."""
        from nbgrader.api import Gradebook

        from autograder.database import named, reached

        coursedir = self.coursedir()
        with reached():
            with named(), scripts_on_path():
                gradebook = Gradebook(coursedir.db_url, coursedir.course_id)
            with gradebook:
                yield gradebook


def is_student_id(name: str) -> bool:
    """Whether a folder name may be a student id: printable, not hidden, at most 128 characters (nbgrader's column)."""
    return bool(re.fullmatch(r"[^.\s/\\][^/\\]{0,127}", name)) and name.isprintable()


@contextmanager
def scripts_on_path() -> Iterator[None]:
    """nbgrader starts ``alembic`` by name when it makes a gradebook; this interpreter's scripts must be found."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before
