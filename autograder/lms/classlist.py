"""Who is in the class: the gradebook's students and those of a list, each under one student id."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from autograder.course import Course, CourseError, is_student_id
from autograder.lms.columns import Columns
from autograder.lms.matching import match
from autograder.lms.people import Person, plain
from autograder.lms.table import Table

_HANDED_IN = "last modified submission"


@dataclass(frozen=True)
class Student:
    """Someone of the class; ``person`` is everything that is known about who they are.

    ``new`` says that the gradebook does not have them yet; ``handed_in`` is when, in UTC, if the list tells; ``number``
    is the LMS's own for them.
    """

    id: str
    person: Person
    new: bool = False
    handed_in: datetime | None = None
    number: str = ""


def known_students(course: Course) -> list[Student]:
    """The gradebook's students, by id."""
    with course.gradebook() as gradebook:
        return [_known(student) for student in sorted(gradebook.students, key=lambda student: str(student.id))]


def _known(student: Any) -> Student:
    first, last = student.first_name or "", student.last_name or ""
    ids = {"student id": student.id, "email": student.email or "", "lms user id": student.lms_user_id or ""}
    label = " · ".join(filter(None, (student.id, f"{first} {last}".strip())))
    return Student(student.id, Person(label, ids, (), (first, last) if first or last else None))


def with_list(known: list[Student], path: Path, timezone: str | None = None) -> tuple[list[Student], list[str]]:
    """The class with what a list says: a class list, Canvas's gradebook, or Moodle's worksheet.

    Gives the students and, as sentences, whoever on the list could be several of the gradebook's.

    Raises
    ------
    CourseError
        If the list cannot be read or says of nobody who they are.
    """
    listed = _listed(path, _zone(timezone))
    found = match([student.person for student in listed], [student.person for student in known])
    students = {student.id: student for student in known}
    doubts = []
    for one, student in enumerate(listed):
        if one in found.pairs:
            before = known[found.pairs[one]]
            person = _together(before.person, student.person)
            students[before.id] = replace(student, id=before.id, person=person, new=False)
        elif one in found.ambiguous:
            others = " or ".join(known[i].person.label for i in found.ambiguous[one])
            doubts.append(f"{student.person.label}: could be {others}")
        else:
            _add(students, student)
    return list(students.values()), doubts


def _listed(path: Path, zone: tzinfo | None) -> list[Student]:
    table = Table.read(path)
    columns = Columns(table)
    times = [index for index, header in enumerate(table.header) if plain(header) == _HANDED_IN]
    students = []
    for row in range(1, len(table.rows)):
        name = columns.student_id(row)
        if name and not columns.is_no_student(row):
            when = _utc(table.value(row, times[0]), zone) if times else None
            students.append(Student(name, columns.person(row), True, when, columns.number(row)))
    if not students:
        raise CourseError(f"{path} lists no students: no column holds an id, a login or an e-mail address.")
    return students


def _zone(name: str | None) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError) as error:
        raise CourseError(f"There is no time zone {name!r}. They are called like Europe/Berlin or UTC.") from error


def _utc(text: str, zone: tzinfo | None) -> datetime | None:
    """Moodle's "Monday, 14 September 2026, 8:05 AM", read in ``zone`` or this computer's; None where it is no time."""
    from dateutil.parser import ParserError, parse  # type: ignore[import-untyped]

    if not any(letter.isdigit() for letter in text):
        return None
    try:
        when: datetime = parse(text)
    except (ParserError, OverflowError):  # another language
        return None
    return (when.replace(tzinfo=zone) if zone else when).astimezone(UTC).replace(tzinfo=None)


def _add(students: dict[str, Student], student: Student) -> None:
    name, person = student.id, student.person
    if not is_student_id(name):
        raise CourseError(f"{name!r} cannot be a student id, because it names a folder. Change it in the list.")
    if name in students:
        raise CourseError(f"The list has {name!r} twice: {students[name].person.label}, and {person.label}.")
    students[name] = replace(student, person=replace(person, ids={"student id": name, **person.ids}))


def _together(ours: Person, theirs: Person) -> Person:
    """Both sides' names and ids; the gradebook's own go first."""
    ids = {**theirs.ids, **{kind: value for kind, value in ours.ids.items() if value}}
    return Person(ours.label, ids, (*ours.names, *theirs.names), ours.parts or theirs.parts)


def enter(course: Course, students: list[Student]) -> None:
    """Put the class into the gradebook: who is new, and of the others what it does not have yet. Nothing is changed."""
    from autograder.record import one_transaction

    with course.gradebook() as gradebook:
        entries = {student.id: student for student in gradebook.students}
        with one_transaction(gradebook):
            for student in students:
                about = _about(student)
                entry = entries.get(student.id)
                if entry is None:
                    gradebook.add_student(student.id, **about)
                elif not (entry.first_name or entry.last_name):
                    _fill(entry, about)
                else:
                    _fill(entry, {key: about[key] for key in ("email", "lms_user_id")})


def _fill(entry: Any, about: dict[str, str | None]) -> None:
    for key, value in about.items():
        if value and not getattr(entry, key):
            setattr(entry, key, value)


def _about(student: Student) -> dict[str, str | None]:
    """A full name that has no comma is all last name: which part is which, nobody can know."""
    last, comma, first = next(iter(student.person.names), "").partition(",")
    parts = student.person.parts or ((first.strip(), last.strip()) if comma else ("", last.strip()))
    number = student.number if student.number != student.id else ""
    values = {"first_name": parts[0], "last_name": parts[1], "lms_user_id": number}
    return {"email": student.person.ids.get("email") or None} | {key: value or None for key, value in values.items()}
