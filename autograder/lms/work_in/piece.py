"""One file of a download, and whose it is."""

from dataclasses import dataclass
from datetime import datetime

from autograder.lms.people import Person
from autograder.lms.work_in.download import Entry


@dataclass(frozen=True)
class Piece:
    """A file and whose it is, as far as its path says; several people hand in together on Gradescope.

    ``file`` is the name that the learner gave it; ``order`` tells pieces of the same name apart where the system
    counts, later ones being larger; ``when`` is in UTC, without a zone, as nbgrader has it.
    """

    entry: Entry
    people: tuple[Person, ...]
    file: str
    when: datetime | None = None
    order: int = 0
    note: str = ""
