"""Where everything that ``make course`` made is."""

from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course


@dataclass(frozen=True)
class Place:
    """Something the course should have, and the command that makes it."""

    what: str
    path: Path | str
    """A text where it is no file: a gradebook on a server."""
    made_by: str
    exists: bool


def _on_disk(what: str, path: Path, made_by: str) -> Place:
    return Place(what, path, made_by, path.is_file() or (path.is_dir() and any(path.iterdir())))


def places(course: Course) -> list[Place]:
    """The book, then per course what is handed out and what comes back."""
    book = course.root.parent / "book" / "_build" / "html" / "index.html"
    return [
        _on_disk("the book", book, "make book"),
        *(
            _on_disk(f"release of {name}", course.release(name), f"python -m autograder release {name}")
            for name in course.assignments
        ),
        _gradebook(course),
        *(place for name in course.assignments if course.students(name) for place in _graded(course, name)),
    ]


def _gradebook(course: Course) -> Place:
    from autograder.database import is_made

    made = is_made(course.coursedir().db_url)
    return Place("the gradebook", course.gradebook_place, "python -m autograder release --all", made)


def _graded(course: Course, name: str) -> list[Place]:
    command = f"python -m autograder grade {name}"
    return [
        _on_disk("feedback", course.root / "feedback", command),
        _on_disk(f"marks of {name}", course.marks(name), command),
        _on_disk(f"class report of {name}", course.report(name), command),
    ]
