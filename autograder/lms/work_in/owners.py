"""Whose each piece of a download is: the download's people found in the class."""

from collections.abc import Sequence

from autograder.course import is_student_id
from autograder.lms.classlist import Student
from autograder.lms.matching import BY_ID, closest, match
from autograder.lms.people import FORMS, Person, keys
from autograder.lms.work_in.piece import Piece

_HINTS = 100  # a hint compares with everyone; where so many are unknown, another class list is needed, not hints


class Owners:
    """The owners of pieces; ``new`` are those who are in no list and were to be taken in."""

    def __init__(self, class_list: Sequence[Student], pieces: Sequence[Piece], kind: str, new_students: bool) -> None:
        self._people = list({_key(person): person for piece in pieces for person in piece.people}.values())
        self._index = {_key(person): number for number, person in enumerate(self._people)}
        self._class = class_list
        self._found = match(self._people, [student.person for student in class_list])
        self._others = self._by_number_alone() if kind == "moodle" else {}
        self._fresh = self._taken_in() if new_students else {}
        self._hints = 0

    @property
    def new(self) -> list[Student]:
        return list(self._fresh.values())

    def of(self, piece: Piece) -> list[Student]:
        numbers = [self._index[_key(person)] for person in piece.people]
        found = [self._class[self._found.pairs[n]] if n in self._found.pairs else self._fresh.get(n) for n in numbers]
        return [student for student in found if student is not None]

    def why_not(self, piece: Piece) -> str:
        """Who those of a piece's people could be whom it was not given to; empty if it was given to all."""
        if not piece.people:
            return piece.note or "nothing in its path says whose it is"
        return "; ".join(filter(None, map(self._why_not, piece.people)))

    def _why_not(self, person: Person) -> str:
        number = self._index[_key(person)]
        if number in self._found.pairs or number in self._fresh:
            return ""
        doubts = {
            "could be": self._found.ambiguous,
            "has the name, but not the id, of": self._found.differing,
            "is a group, or has by chance the number, but not the name, of": self._others,
        }
        for doubt, found in doubts.items():
            if number in found:
                return f"{person.label} {doubt} " + " or ".join(self._class[i].person.label for i in found[number])
        self._hints += 1
        hint = closest(person, [student.person for student in self._class]) if self._hints <= _HINTS else ""
        return f"{person.label} is not in the class" + (f" (is it {hint}?)" if hint else "")

    def _by_number_alone(self) -> dict[int, list[int]]:
        """Take back who was found by a number but bears another name: Moodle numbers groups as it numbers people."""
        wrong = {
            one: [other]
            for one, other in self._found.pairs.items()
            if self._found.how[one] == BY_ID and _names_differ(self._people[one], self._class[other].person)
        }
        for one in wrong:
            del self._found.pairs[one]
        return wrong

    def _taken_in(self) -> dict[int, Student]:
        """Those who are nobody's namesake, under the first identifier that the download has for them."""
        fresh, taken = {}, {student.id for student in self._class}
        known = {*self._found.pairs, *self._found.ambiguous, *self._others}
        for number, person in enumerate(self._people):
            name = next(iter(person.ids.values()), "")
            if number not in known and name not in taken and is_student_id(name):
                fresh[number] = Student(name, person, True)
                taken.add(name)
        return fresh


def _names_differ(one: Person, other: Person) -> bool:
    """Whether both have names and no way to write the one is a way to write the other."""
    ours, theirs = ({key for form in FORMS for key in keys(person, form)} for person in (one, other))
    return bool(ours and theirs) and not ours & theirs


def _key(person: Person) -> tuple[object, ...]:
    return (tuple(sorted(person.ids.items())),) if person.ids else (person.names, person.parts)
