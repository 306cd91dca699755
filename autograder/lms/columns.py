"""Which columns of a table say who somebody is: Canvas's, Moodle's, nbgrader's and class lists in general."""

import re

from autograder.lms.people import Person, plain, same_id, unquoted
from autograder.lms.table import Table

# What a column is called, letters and digits alone, by what it holds. In each group the ones that come first are the
# better student ids.
IDS = {
    "student id": ("studentid", "student id", "netid", "matriculation number", "matrikelnummer"),
    "login": ("username", "user name", "user", "login", "login id", "sis login id", "anmeldename", "nutzername"),
    "id number": ("id number", "sis user id", "sid", "id nummer", "numero didentification", "numero de id", "学号"),
    "other": ("integration id",),
    "lms number": ("lms user id", "identifier", "id"),
}
EMAIL = ("email", "e mail", "email address", "e mail adresse", "e mail address", "mail", "adresse de courriel", "邮箱")
NAME: tuple[str, ...] = ("name", "full name", "fullname", "student", "student name", "vollstandiger name")
NAME += ("nom complet", "nombre completo", "nome completo", "volledige naam", "姓名")
FIRST = ("first name", "firstname", "given name", "given names", "vorname", "prenom", "nombre", "nome", "voornaam")
LAST: tuple[str, ...] = ("last name", "lastname", "surname", "family name", "nachname", "nom", "nom de famille")
LAST += ("apellidos", "apellido s", "cognome", "achternaam", "sobrenome")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


class Columns:
    """The columns of one table that say who somebody is. ``ids`` maps a column's header to its index."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._names = [plain(header) for header in table.header]
        self.ids = {table.header[i].strip(): i for group in IDS.values() for i in self._all(group)}
        self.email = self._first(EMAIL) if self._first(EMAIL) is not None else self._by_contents()
        self.name, self.first, self.last = self._first(NAME), self._first(FIRST), self._first(LAST)
        if self.email is not None:
            self.ids["email"] = self.email

    def __bool__(self) -> bool:
        return bool(self.ids) or self.name is not None or (self.first is not None and self.last is not None)

    @property
    def all(self) -> set[int]:
        named = (self.name, self.first, self.last)
        return {*self.ids.values(), *(column for column in named if column is not None)}

    def person(self, row: int) -> Person:
        """Who a row is about."""
        value = self._table.value
        ids = {kind: value(row, column).strip() for kind, column in self.ids.items()}
        ids = {kind: text for kind, text in ids.items() if text}
        names = (unquoted(value(row, self.name)).strip(),) if self.name is not None else ()
        parts = None
        if self.first is not None and self.last is not None:
            parts = unquoted(value(row, self.first)).strip(), unquoted(value(row, self.last)).strip()
        named = next((name for name in (*names, " ".join(parts or ()).strip()) if name), "")
        contact = ids.get("email") or next(iter(ids.values()), "")
        label = " · ".join(part for part in (named, contact) if part) or f"line {row + 1}"
        return Person(label, ids, tuple(name for name in names if name), parts)

    def student_id(self, row: int) -> str:
        """What to call someone who has no student id yet: a login before a number, a number of the LMS last."""
        order = [*self._order("student id", "login", "id number"), self.email, *self._order("other", "lms number")]
        if "id" in self._names and "first name" in self._names and "student" not in self._names:
            order.insert(0, self._names.index("id"))  # the list that `nbgrader db student import` reads
        values = (self._table.value(row, column).strip() for column in order if column is not None)
        return next((value for value in values if value), "")

    def is_no_student(self, row: int) -> bool:
        """Canvas's row of points, and the pupil that it makes up to look at a course through their eyes."""
        first = self._table.value(row, 0)
        return "Points Possible" in first or plain(first) == "student test"

    def number(self, row: int) -> str:
        """The LMS's own number for someone: Canvas's "ID", the number in Moodle's "Identifier"."""
        columns = self._all(IDS["lms number"])
        return same_id(self._table.value(row, columns[0])) if columns else ""

    def _order(self, *groups: str) -> list[int]:
        return [index for group in groups for index in self._all(IDS[group])]

    def _all(self, names: tuple[str, ...]) -> list[int]:
        return [index for name in names for index, header in enumerate(self._names) if header == name]

    def _first(self, names: tuple[str, ...]) -> int | None:
        return next(iter(self._all(names)), None)

    def _by_contents(self) -> int | None:
        """The column of addresses under a header in a language that is not known here."""
        for column in range(len(self._names)):
            texts = [
                text for row in range(1, len(self._table.rows)) if (text := self._table.value(row, column).strip())
            ]
            if texts and sum(bool(_ADDRESS.fullmatch(text)) for text in texts) > len(texts) / 2:
                return column
        return None
