"""A download into ``submitted/``: who handed in what, what was taken, and a list of everything that was not."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.intake import Rejected
from autograder.lms.classlist import Student
from autograder.lms.work_in.download import Download
from autograder.lms.work_in.owners import Owners
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
    owners = Owners(class_list, pieces, kind, new_students)
    done.students = owners.new
    theirs: dict[str, list[Piece]] = defaultdict(list)
    for piece in pieces:
        for student in owners.of(piece):
            theirs[student.id].append(piece)
        if not owners.of(piece) or len(owners.of(piece)) < len(piece.people):
            _unmatched(done, owners, piece, placer)
    students = {student.id: student for student in (*class_list, *owners.new)}
    for name in sorted(theirs):
        _take(done, students[name], pick(theirs[name], placer.notebook), theirs[name], placer)
    there = {*placer.course.students(placer.assignment), *theirs}
    done.missing = [students[name].person.label for name in sorted(students) if name not in there]
    return done


def _unmatched(done: Collected, owners: Owners, piece: Piece, placer: Placer) -> None:
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


def _take(done: Collected, student: Student, choice: Choice, pieces: list[Piece], placer: Placer) -> None:
    """One learner's work: the chosen notebook to its place, the others aside."""
    label = student.person.label
    for other in choice.others:
        data = other.entry.read()
        if isinstance(data, bytes):
            placer.set_aside(PurePosixPath("others", student.id) / other.entry.path, data)
    if choice.chosen is None:
        done.without_notebook.append(f"{label}: {choice.why}")
        return
    if choice.others:
        files = ", ".join(str(other.entry.path) for other in choice.others)
        done.notes.append(f"{label}: took {choice.chosen.entry.path}; set aside {files}")
    _put(done, student, choice.chosen, placer)
    done.notes += [f"{label}: {note}" for note in {piece.note for piece in pieces if piece.note}]
    done.others += [str(piece.entry.path) for piece in pieces if not is_notebook(piece)]


def _put(done: Collected, student: Student, piece: Piece, placer: Placer) -> None:
    """The time is the download's; where it has none, the class list's."""
    label, data, when = student.person.label, piece.entry.read(), piece.when or student.handed_in
    if isinstance(data, Rejected):
        done.refused.append(f"{label}, {piece.entry.path}: {data.reason}")
        return
    outcome: Outcome = placer.place(student.id, data, when)
    line = f"{label} ← {piece.entry.path}" + (f", handed in {when} UTC" if when else "")
    match outcome:
        case "new":
            done.new.append(line)
        case "replaced":
            done.replaced.append(line)
        case "unchanged":
            done.unchanged.append(line)
        case "older" | "differs":
            placer.set_aside(PurePosixPath(outcome, student.id) / piece.entry.path, data)
            done.kept.append(f"{line}: {_KEPT[outcome]}")
        case "blocked":
            done.refused.append(
                f"{label}: {placer.course.submitted(student.id, placer.assignment)} is a link or no file"
            )


def placer_for(course: Course, name: str, *, replace: bool, dry_run: bool) -> Placer:
    """The placer of an assignment."""
    return Placer(course, name, Assignment.load(course.root, name).notebook_name, replace, dry_run)


def extracted(course: Course, name: str, download: Download) -> str:
    """Where ``nbgrader zip_collect`` would unpack this download."""
    return str(Path(course.root, "downloaded", name, "extracted", download.name))
