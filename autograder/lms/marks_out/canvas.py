"""Canvas's gradebook export: "Student, ID, SIS User ID, SIS Login ID, Section, …, Title (12345), …".

Below the header may stand a row on posting ("Manual Posting") and one that begins with "Points Possible"; columns that
say "(read only)" there are computed by Canvas and never imported.
"""

import re

from autograder.course import CourseError
from autograder.lms.columns import Columns
from autograder.lms.marks_out.sheet import Sheet, choose_column, number, students
from autograder.lms.table import Table

_COMPUTED = re.compile(r"\b(Current|Final|Override) (Score|Points|Grade|Status)\b")
_TITLE = re.compile(r"(?P<title>.*\S)\s*\((?P<id>\d+)\)", re.DOTALL)
_NOT_ASSIGNED = "Canvas says N/A: the assignment is not given to this student"


def read(table: Table, assignment: str, wanted: str | None) -> Sheet:
    """The gradebook in ``table`` with the column for ``assignment``.

    Raises
    ------
    CourseError
        If this is no gradebook of Canvas, or if no single column is named like the assignment (or ``wanted``).
    """
    header = [text.strip() for text in table.header]
    if "Section" not in header or not {"Student", "LastName"} & set(header[:1]):
        raise CourseError(
            'This is no gradebook of Canvas: it must begin with "Student, ID" and have a column "Section". In Canvas '
            "choose Grades, Export, Export Entire Gradebook."
        )
    possible = _points_possible_row(table)
    columns, rows, people = students(table, _student_rows(table, possible))
    column = _column(table, columns, possible, assignment, wanted)
    out_of = number(table.value(possible, column)) if possible else None
    locked = {row: _NOT_ASSIGNED for row in rows if table.value(row, column).strip() == "N/A"}
    return Sheet(table, people, rows, column, dict.fromkeys(rows, out_of) if out_of is not None else {}, locked)


def _points_possible_row(table: Table) -> int | None:
    rows = (row for row in range(1, min(4, len(table.rows))) if "Points Possible" in table.value(row, 0))
    return next(rows, None)


def _student_rows(table: Table, possible: int | None) -> range:
    first = 1 if possible is None else possible + 1
    posting = re.compile(r"\s*(Muted|Manual Posting.*)?\s*", re.IGNORECASE)
    while first < len(table.rows) and all(posting.fullmatch(value) for value in table.rows[first].values):
        first += 1
    return range(first, len(table.rows))


def _column(table: Table, columns: Columns, possible: int | None, assignment: str, wanted: str | None) -> int:
    """Assignments stand after "Section"; of custom columns between, only those with points can take marks."""
    section = [text.strip() for text in table.header].index("Section")
    titles = {}
    for index, text in enumerate(table.header):
        computed = _COMPUTED.search(text) or (possible and "read only" in table.value(possible, index))
        if index > section and text.strip() and not computed and index not in columns.all:
            named = _TITLE.fullmatch(text.strip())
            titles[index] = named["title"] if named else text
            if wanted is not None and named and wanted == named["id"]:
                return index
    return choose_column(table, titles, assignment, wanted)
