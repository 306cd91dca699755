"""A class of awkward names, its marks, and what Canvas and Moodle would export of it."""

import csv
import io
import random
from dataclasses import dataclass
from datetime import datetime

from autograder.lms.marks_out.standings import Class
from autograder.marks import CellMark, ClassMarks, Mark, Standing
from tests.autograder.notebooks import NAME, assignment

FIRST = (
    "Ada",
    "Émilie",
    "José",
    "Łukasz",
    "Søren",
    "Anne-Marie",
    "D'Arcy",
    'Jim "Jimmy"',
    "明",
    "پریسا",
    "יעל",
    "Nguyễn Thị",
)
LAST = (
    "O'Neil, Jr.",
    "Noether",
    "García-Márquez",
    "Żółć",
    "van der Berg",
    "Zhang",
    "کاظمی",
    "כהן",
    "Müller",
    "de la Cruz",
)
ALONE = ("Madonna", "Suharto", "Björk", "علي")


@dataclass(frozen=True)
class Learner:
    """``marked``: is in our gradebook; ``listed``: is in the LMS; ``with_ids``: the LMS tells login and address."""

    id: str
    first: str
    last: str
    marked: bool
    listed: bool
    with_ids: bool
    points: float | None

    @property
    def email(self) -> str:
        return f"{self.id}@example.org"

    @property
    def sortable(self) -> str:
        return f"{self.last}, {self.first}" if self.first else self.last


def learners(number: int = 300, seed: int = 1) -> list[Learner]:
    """Some share a name, some have one name only, some are on one side only, some have no ids in the LMS."""
    chance = random.Random(seed)
    made: list[Learner] = []
    for i in range(number):
        first, last = chance.choice(FIRST), f"{chance.choice(LAST)} {_numeral(i)}"
        if i % 25 == 7:
            first, last = "", f"{chance.choice(ALONE)} {_numeral(i)}"
        if i % 20 == 13:
            first, last = made[i - 3].first, made[i - 3].last
        marked, listed = i % 30 != 4, i % 30 != 9
        points = None if i % 15 == 2 else chance.randrange(0, 401) / 4
        made.append(Learner(f"s{i:03}", first, last, marked, listed, i % 3 != 0, points))
    return made


def _numeral(i: int) -> str:
    """Letters that make a name its bearer's own."""
    return "".join(chr(ord("a") + int(digit)) for digit in f"{i:03}")


def graded(people: list[Learner], max_score: float = 100.0) -> Class:
    """Their marks; who has no points waits for a person."""
    marks, standings = {}, {}
    for who in people:
        if who.marked:
            cell = CellMark(who.points or 0.0, max_score, who.points is None, False)
            marks[who.id] = Mark(who.id, who.first, who.last, who.email, datetime(2026, 9, 14), 0.0, {"cell": cell})
            standings[who.id] = Standing("graded" if who.points is not None else "needs manual grading")
    whole = ClassMarks(NAME, None, max_score, {"cell": max_score}, marks, ())
    return Class(assignment(), whole, standings, {})


def canvas_export(people: list[Learner], encoding: str = "utf-8-sig") -> bytes:
    """Canvas's gradebook; the encoding has to have all letters."""
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "PS1 Gradient Descent (99)", "Final Score"]
    rows = [header, ["    Points Possible", "", "", "", "", "100.00", "(read only)"]]
    for number, who in enumerate(people):
        if who.listed:
            ids = ["", who.id] if who.with_ids else ["", ""]
            rows.append([who.sortable, str(9000 + number), *ids, "Monday, 9:00", "", "12.5"])
    return _written(rows, csv.QUOTE_MINIMAL, ",").encode(encoding)


def moodle_worksheet(people: list[Learner], encoding: str = "utf-8") -> bytes:
    header = ["Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade", "Grade can be changed"]
    rows = [[*header, "Last modified (submission)", "Last modified (grade)", "Feedback comments"]]
    for number, who in enumerate(people):
        if who.listed:
            name = f"{who.first} {who.last}".strip()
            email = who.email.upper() if who.with_ids else ""
            row = [f"Participant {9000 + number}", name, email, "Submitted for grading", "", "100.00", "Yes"]
            rows.append([*row, "Monday, 14 September 2026, 8:05 AM", "-", "a\nb"])
    return _written(rows, csv.QUOTE_MINIMAL, ",").encode(encoding)


def _written(rows: list[list[str]], quoting: int, separator: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=quoting, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return text.getvalue()
