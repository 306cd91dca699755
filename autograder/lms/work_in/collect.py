"""A download into ``submitted/``: who handed in what, what was taken, and a list of everything that was not."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from autograder.assignment import Assignment
from autograder.course import Course, is_student_id
from autograder.intake import Rejected
from autograder.lms.classlist import Student
from autograder.lms.matching import closest, match
from autograder.lms.people import Person
from autograder.lms.work_in.download import Download
from autograder.lms.work_in.pick import Choice, is_notebook, pick
from autograder.lms.work_in.piece import Piece
from autograder.lms.work_in.place import Outcome, Placer

_KEPT = {
    "older": "what is there already was handed in later",
    "differs": "something else is there already, and no time tells which is newer; --replace takes this one",
}


@dataclass
class Collected:
    """What became of everything, in words; people are named as the download and the class know them."""

    kind: str
    new: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    without_notebook: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    students: list[Student] = field(default_factory=list)
    """Who is new to the class."""

    @property
    def wants_a_look(self) -> bool:
        """Whether somebody's work may not be where it should be."""
        return bool(self.kept or self.unmatched or self.without_notebook or self.refused)


def collect(
    download: Download, pieces: list[Piece], kind: str, class_list: list[Student], placer: Placer, *, new_students: bool
) -> Collected:
    """Put everyone's notebook in its place and set aside what has no owner; see ``Placer`` for what is overwritten."""
    done = Collected(kind, refused=[f"{path}: {why}" for path, why in download.refused.items()])
    owners = _Owners(class_list, pieces, new_students)
    done.students = owners.new
    theirs: dict[str, list[Piece]] = defaultdict(list)
    for piece in pieces:
        for student in owners.of(piece):
            theirs[student.id].append(piece)
        if not owners.of(piece) or len(owners.of(piece)) < len(piece.people):
            _unmatched(done, owners, piece, placer)
    labels = {student.id: student.person.label for student in (*class_list, *owners.new)}
    for name in sorted(theirs):
        _take(done, labels[name], name, pick(theirs[name], placer.notebook), theirs[name], placer)
    there = set(placer.course.students(placer.assignment))
    done.missing = [labels[name] for name in sorted(labels) if name not in there and name not in theirs]
    return done


class _Owners:
    """Whose each piece is: the download's people found in the class."""

    def __init__(self, class_list: list[Student], pieces: list[Piece], new_students: bool) -> None:
        self._people = list({_key(person): person for piece in pieces for person in piece.people}.values())
        self._class = class_list
        self._found = match(self._people, [student.person for student in class_list])
        self._index = {_key(person): number for number, person in enumerate(self._people)}
        self.new: list[Student] = []
        self._fresh: dict[int, Student] = {}
        taken = {student.id for student in class_list}
        for number, person in enumerate(self._people if new_students else []):
            name = next(iter(person.ids.values()), "")
            if number not in self._found.pairs and number not in self._found.ambiguous and is_student_id(name):
                if name not in taken:
                    self._fresh[number] = Student(name, person, True)
                taken.add(name)
        self.new = list(self._fresh.values())

    def of(self, piece: Piece) -> list[Student]:
        numbers = [self._index[_key(person)] for person in piece.people]
        found = [self._class[self._found.pairs[n]] if n in self._found.pairs else self._fresh.get(n) for n in numbers]
        return [student for student in found if student is not None]

    def why_not(self, piece: Piece) -> str:
        """Who a piece's people could be."""
        if not piece.people:
            return piece.note or "nothing in its path says whose it is"
        return "; ".join(reason for person in piece.people if (reason := self._why_not(person)))

    def _why_not(self, person: Person) -> str:
        number = self._index[_key(person)]
        if number in self._found.pairs or number in self._fresh:
            return ""
        for what, found in (
            ("could be ", self._found.ambiguous),
            ("has the name, but not the id, of ", self._found.differing),
        ):
            if number in found:
                return f"{person.label} {what}" + " or ".join(self._class[i].person.label for i in found[number])
        hint = closest(person, [student.person for student in self._class])
        return f"{person.label} is not in the class" + (f" (is it {hint}?)" if hint else "")


def _key(person: Person) -> tuple[object, ...]:
    return (tuple(sorted(person.ids.items())),) if person.ids else (person.names, person.parts)


def _unmatched(done: Collected, owners: _Owners, piece: Piece, placer: Placer) -> None:
    line = f"{piece.entry.path}: {owners.why_not(piece)}"
    if is_notebook(piece):
        data = piece.entry.read()
        if isinstance(data, bytes):
            placer.set_aside(PurePosixPath("unmatched") / piece.entry.path, data)
        done.unmatched.append(line)
    elif piece.people:
        done.unmatched.append(line)
    else:
        done.others.append(str(piece.entry.path))


def _take(done: Collected, label: str, student: str, choice: Choice, pieces: list[Piece], placer: Placer) -> None:
    """One learner's work: the chosen notebook to its place, the others aside."""
    for other in choice.others:
        data = other.entry.read()
        if isinstance(data, bytes):
            placer.set_aside(PurePosixPath("others", student) / other.entry.path, data)
    if choice.chosen is None:
        done.without_notebook.append(f"{label}: {choice.why}")
        return
    if choice.others:
        files = ", ".join(str(other.entry.path) for other in choice.others)
        done.notes.append(f"{label}: took {choice.chosen.entry.path}; set aside {files}")
    _put(done, label, student, choice.chosen, placer)
    done.notes += [f"{label}: {note}" for note in {piece.note for piece in pieces if piece.note}]
    done.others += [str(piece.entry.path) for piece in pieces if not is_notebook(piece)]


def _put(done: Collected, label: str, student: str, piece: Piece, placer: Placer) -> None:
    data = piece.entry.read()
    if isinstance(data, Rejected):
        done.refused.append(f"{label}, {piece.entry.path}: {data.reason}")
        return
    outcome: Outcome = placer.place(student, data, piece.when)
    line = f"{label} ← {piece.entry.path}" + (f", handed in {piece.when} UTC" if piece.when else "")
    match outcome:
        case "new":
            done.new.append(line)
        case "replaced":
            done.replaced.append(line)
        case "unchanged":
            done.unchanged.append(line)
        case "older" | "differs":
            placer.set_aside(PurePosixPath(outcome, student) / piece.entry.path, data)
            done.kept.append(f"{line}: {_KEPT[outcome]}")
        case "blocked":
            done.refused.append(f"{label}: {placer.course.submitted(student, placer.assignment)} is a link or no file")


def placer_for(course: Course, name: str, *, replace: bool, dry_run: bool) -> Placer:
    """The placer of an assignment."""
    return Placer(course, name, Assignment.load(course.root, name).notebook_name, replace, dry_run)


def extracted(course: Course, name: str, download: Download) -> str:
    """Where ``nbgrader zip_collect`` would unpack this download."""
    return str(Path(course.root, "downloaded", name, "extracted", download.name))
