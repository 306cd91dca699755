"""Where everything that ``make course`` made is."""

from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course


@dataclass(frozen=True)
class Place:
    """Something the course should have, and the command that makes it."""

    what: str
    path: Path
    made_by: str

    @property
    def exists(self) -> bool:
        return self.path.is_file() or (self.path.is_dir() and any(self.path.iterdir()))


def places(course: Course) -> list[Place]:
    """The book, then per course what is handed out and what comes back."""
    book = course.root.parent / "book" / "_build" / "html" / "index.html"
    return [
        Place("the book", book, "make book"),
        *(
            Place(f"release of {name}", course.release(name), f"python -m autograder release {name}")
            for name in course.assignments
        ),
        Place("the gradebook", course.gradebook_file, "python -m autograder release --all"),
        *(place for name in course.assignments if course.students(name) for place in _graded(course, name)),
    ]


def _graded(course: Course, name: str) -> list[Place]:
    command = f"python -m autograder grade {name}"
    return [
        Place("feedback", course.root / "feedback", command),
        Place(f"marks of {name}", course.marks(name), command),
        Place(f"class report of {name}", course.report(name), command),
    ]
