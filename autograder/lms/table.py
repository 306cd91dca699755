"""A CSV file of which single cells can be replaced while every other byte stays as it was.

Encoding, byte order mark, separator, quoting and line ends are the file's own. The standard ``csv`` module reads the
file, too, and must read the same values.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from autograder.course import CourseError

MAX_BYTES = 64 * 2**20
_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


@dataclass
class Row:
    """A line's cells as written, quotes and all, and how the line ends."""

    cells: list[str]
    end: str
    values: list[str] = field(default_factory=list)


@dataclass
class Table:
    """A file's rows; ``rows[0]`` is the header. Change it through ``put``, write it with ``to_bytes``."""

    encoding: str
    mark: bytes
    separator: str
    rows: list[Row]

    @classmethod
    def read(cls, path: Path) -> "Table":
        """The table in the file at ``path``; ``CourseError`` where it is none."""
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise CourseError(f"{path} cannot be read ({error.strerror}).") from error
        if len(data) > MAX_BYTES:
            raise CourseError(f"{path} is larger than {MAX_BYTES // 2**20} MiB, so it is no export of marks.")
        try:
            return cls.of(data)
        except ValueError as error:
            raise CourseError(
                f"{path} cannot be read as CSV: {error}. Export it again, as CSV and not as a spreadsheet."
            ) from error

    @classmethod
    def of(cls, data: bytes) -> "Table":
        """The table in ``data``; ``ValueError`` where it is none."""
        encoding, mark = _encoding(data)
        text = data[len(mark) :].decode(encoding)
        if not text.strip():
            raise ValueError("it is empty")
        if text.encode(encoding) != data[len(mark) :]:
            raise ValueError(f"its {encoding} text has no one way to be written")
        separator = _separator(text)
        rows = _rows(text, separator)
        if [row.values for row in rows] != list(_lines(text, separator)):
            raise ValueError("a quotation mark is opened and not closed, or stands where none may")
        return cls(encoding, mark, separator, rows)

    def to_bytes(self) -> bytes:
        text = "".join(self.separator.join(row.cells) + row.end for row in self.rows)
        return self.mark + text.encode(self.encoding)

    @property
    def header(self) -> list[str]:
        return self.rows[0].values

    def value(self, row: int, column: int) -> str:
        """A cell's text, empty where the line is too short to have it."""
        values = self.rows[row].values
        return values[column] if column < len(values) else ""

    def put(self, row: int, column: int, value: str) -> None:
        """Replace a cell, quoted if it was quoted or has to be."""
        line = self.rows[row]
        line.cells += [""] * (column + 1 - len(line.cells))
        line.values += [""] * (column + 1 - len(line.values))
        quoted = line.cells[column].startswith('"') or any(mark in value for mark in (self.separator, '"', "\r", "\n"))
        line.cells[column] = '"' + value.replace('"', '""') + '"' if quoted else value
        line.values[column] = value


def _encoding(data: bytes) -> tuple[str, bytes]:
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return encoding, mark
    if b"\0" in data[:200]:
        return ("utf-16-le" if data[1:2] == b"\0" else "utf-16-be"), b""
    for encoding in ("utf-8", "cp1252"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding, b""
    return "latin-1", b""


def _separator(text: str) -> str:
    """Comma, semicolon or tab: what cuts the first lines into equally many cells, into most cells if several do."""

    def fitness(separator: str) -> tuple[bool, int]:
        widths = [len(line) for line in islice(_lines(text, separator), 20) if line]
        return len(set(widths)) == 1 and widths[0] > 1, widths[0] if widths else 0

    return max(",;\t", key=fitness)


def _rows(text: str, separator: str) -> list[Row]:
    cell = re.compile(rf'("(?:[^"]|"")*")?([^{re.escape(separator)}\r\n]*)')
    rows, cells, values, at = [], list[str](), list[str](), 0
    while at < len(text):
        found = cell.match(text, at)
        assert found, "the pattern also matches nothing"
        quoted, rest = found.group(1), found.group(2)
        cells.append(found.group())
        values.append((quoted[1:-1].replace('""', '"') if quoted else "") + rest)
        at = found.end()
        if text[at : at + 1] == separator:
            at += 1
            if at < len(text):
                continue
            cells.append("")  # the file ends in a separator: one more, empty cell
            values.append("")
        end = "\r\n" if text.startswith("\r\n", at) else text[at : at + 1]
        at += len(end)
        rows.append(Row(cells, end, [] if cells == [""] else values))
        cells, values = [], []
    return rows


def _lines(text: str, separator: str) -> Iterator[list[str]]:
    csv.field_size_limit(MAX_BYTES)  # Moodle's worksheet holds whole online texts
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error as error:
        raise ValueError(str(error)) from error
