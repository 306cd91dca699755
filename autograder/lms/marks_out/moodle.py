"""Moodle's files: the grading worksheet of an assignment, and the export of the gradebook.

The worksheet: "Identifier, Full name, Email address, Status, Grade, Maximum Grade, Grade can be changed, Last modified
(submission), Last modified (grade), Feedback comments". The gradebook: "First name, Surname, ID number, …, Email
address, Assignment: Title (Real), …, Last downloaded from this course".
"""

import re

from autograder.lms.columns import Columns
from autograder.lms.marks_out.sheet import Sheet, choose_column, number, students
from autograder.lms.people import plain
from autograder.lms.table import Table

_GRADE = ("grade", "bewertung", "note", "calificacion", "nota", "valutazione", "beoordeling", "成绩")
_MAXIMUM = ("maximum grade", "hochste bewertung", "bestwertung", "note maximale", "calificacion maxima", "nota maxima")
_CHANGEABLE = "grade can be changed"
_ITEM = re.compile(r"(?:Assignment|Aufgabe|Devoir|Tarea):\s*(?P<title>.*?)(?:\s*\([^()]*\))?", re.IGNORECASE)


def read(table: Table, assignment: str, wanted: str | None) -> Sheet:
    """The worksheet or gradebook in ``table`` with the column for ``assignment``.

    Raises
    ------
    CourseError
        If no column says who is who, or if no single column takes this assignment's marks (or is called ``wanted``).
    """
    columns, rows, people = students(table, range(1, len(table.rows)))
    headers = [plain(text) for text in table.header]
    column = _column(table, columns, headers, assignment, wanted)
    return Sheet(table, people, rows, column, _out_of(table, headers, rows), _locked(table, headers, rows))


def _column(table: Table, columns: Columns, headers: list[str], assignment: str, wanted: str | None) -> int:
    grades = [index for index, header in enumerate(headers) if header in _GRADE]
    if wanted is None and len(grades) == 1:
        return grades[0]
    items = {
        index: found["title"] for index, text in enumerate(table.header) if (found := _ITEM.fullmatch(text.strip()))
    }
    others = {index: text for index, text in enumerate(table.header) if index not in columns.all}
    return choose_column(table, others if wanted is not None else items or others, assignment, wanted)


def _out_of(table: Table, headers: list[str], rows: list[int]) -> dict[int, float]:
    column = next((index for index, header in enumerate(headers) if header in _MAXIMUM), None)
    if column is None:
        return {}
    found = {row: number(table.value(row, column)) for row in rows}
    return {row: points for row, points in found.items() if points}


def _locked(table: Table, headers: list[str], rows: list[int]) -> dict[int, str]:
    if _CHANGEABLE not in headers:
        return {}
    column = headers.index(_CHANGEABLE)
    why = "Moodle says that this grade cannot be changed"
    return {row: why for row in rows if table.value(row, column).strip().casefold() == "no"}
