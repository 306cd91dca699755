"""An instructor's own export file, understood: whose row is whose, and which column takes the marks."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from autograder.course import CourseError
from autograder.lms.columns import Columns
from autograder.lms.people import Person, plain
from autograder.lms.table import Table

_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
_NO_MARK = {"", "-", "–"}


@dataclass(frozen=True)
class Sheet:
    """``people`` stand in ``rows``, one each; ``column`` takes the marks. Points where a maximum is known.

    ``locked`` maps a row whose mark the system will not take to why.
    """

    table: Table
    people: list[Person]
    rows: list[int]
    column: int
    out_of: dict[int, float] = field(default_factory=dict)
    locked: dict[int, str] = field(default_factory=dict)

    @property
    def header(self) -> str:
        return self.table.header[self.column].strip()

    def mark(self, row: int) -> str:
        """What stands in the column now; empty for Moodle's dash."""
        text = self.table.value(row, self.column).strip()
        return "" if text in _NO_MARK else text

    def written(self, points: float) -> str:
        """Points as this file writes numbers."""
        text = f"{points:.5f}".rstrip("0").rstrip(".")
        return text.replace(".", ",") if self._decimal_comma else text

    @cached_property
    def _decimal_comma(self) -> bool:
        texts = [self.table.value(row, column) for row in self.rows for column in range(len(self.table.header))]
        return any(re.fullmatch(r"\d+,\d+", text.strip()) for text in texts)


def number(text: str) -> float | None:
    """The number that a cell holds, with a decimal point or comma; None where it holds none."""
    text = text.strip()
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def students(table: Table, rows: Iterable[int]) -> tuple[Columns, list[int], list[Person]]:
    """The columns that say who is who, and the rows that are about people."""
    columns = Columns(table)
    if not columns:
        raise CourseError(
            f"No column says who the students are: there is none for an id, a login, an e-mail address or a name among "
            f"{listed(table.header)}. Is this the file that was exported?"
        )
    kept = [row for row in rows if any(table.value(row, column).strip() for column in columns.all)]
    kept = [row for row in kept if not columns.is_no_student(row)]
    return columns, kept, [columns.person(row) for row in kept]


def choose_column(table: Table, candidates: dict[int, str], assignment: str, wanted: str | None) -> int:
    """The index among ``candidates`` (index → what it is called) that is named ``wanted``, or like the assignment."""
    names = [wanted] if wanted is not None else [assignment, assignment.partition("_")[2]]
    for name in filter(None, names):
        exact = [index for index in candidates if table.header[index].strip() == name.strip()]
        alike = [index for index, title in candidates.items() if plain(title) == plain(name)]
        for found in (exact, alike):
            if len(found) == 1:
                return found[0]
    what = f"No single column is called {wanted!r}" if wanted else f"No single column is called like {assignment!r}"
    headers = listed([table.header[index].strip() for index in candidates]) if candidates else "none"
    raise CourseError(f"{what}. Columns that can take marks: {headers}. Choose one with --column.")


def listed(headers: list[str]) -> str:
    return ", ".join(repr(header) for header in headers)
