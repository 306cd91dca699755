"""The page: what is on it, as data, and the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader

from autograder.assignment import Assignment
from autograder.course import Course, CourseError
from autograder.record import write_atomically
from autograder.similarity import compare
from autograder.similarity.answers import MAX_CHARACTERS
from autograder.similarity.compare import Comparison, Pair, compare_class
from autograder.similarity.evidence import Evidence, Witness
from autograder.similarity.handout import Handout, read_handout
from autograder.similarity.marked import Side, sides
from autograder.similarity.own_answers import Holder, OwnAnswer, equals_own, own_answers
from autograder.similarity.work import Work, read_class

IN_FULL = 6  # pairs of a group whose code is shown; the others are listed
MAX_CLASS = 4000  # every learner is compared with every other: memory grows with the square


@dataclass(frozen=True)
class Compared:
    """One function of a pair side by side; ``own`` where both have the course's own answer, which tells nothing."""

    function: str
    same: bool
    own: bool
    share: float
    rare: float
    left: Side
    right: Side


@dataclass(frozen=True)
class ShownPair:
    first: str
    second: str
    share: float
    rare: float
    chance: float
    same: int
    functions: tuple[Compared, ...]
    evidence: Evidence


@dataclass(frozen=True)
class Group:
    """``pairs`` are shown in full, ``more`` are listed."""

    students: tuple[str, ...]
    pairs: tuple[ShownPair, ...]
    more: tuple[ShownPair, ...]


@dataclass(frozen=True)
class SimilarityPage:
    """Everything on the page. ``as_text`` are the answers that are no Python: (learner, function)."""

    assignment: str
    compared: int
    functions: tuple[str, ...]
    groups: tuple[Group, ...]
    own: tuple[OwnAnswer, ...]
    holders: tuple[Holder, ...]
    as_text: tuple[tuple[str, str], ...]
    left_out: dict[str, str]


def similarity_page(
    assignment: str, works: Sequence[Work], left_out: dict[str, str], handout: Handout
) -> SimilarityPage:
    """Compare the class and gather what the page shows."""
    comparison = _compared(works, handout)
    witness = Witness(works, handout) if comparison.groups else None
    own, holders = own_answers(works, handout)
    return SimilarityPage(
        assignment=assignment,
        compared=len(works),
        functions=handout.functions,
        groups=tuple(_group(group, works, comparison, handout, witness) for group in comparison.groups if witness),
        own=tuple(own),
        holders=tuple(holders),
        as_text=tuple((work.student, a.function) for work in works for a in work.answers.values() if not a.parsed),
        left_out=dict(sorted(left_out.items())),
    )


def _compared(works: Sequence[Work], handout: Handout) -> Comparison:
    if len(works) < 2:
        return Comparison((), {}, {})
    return compare_class(works, handout, works[0].alphabet)


def _group(
    pairs: tuple[Pair, ...], works: Sequence[Work], comparison: Comparison, handout: Handout, witness: Witness
) -> Group:
    members = sorted({works[place].student for pair in pairs for place in (pair.first, pair.second)})
    shown = [
        _shown(pair, works, comparison, handout, witness, in_full=number < IN_FULL) for number, pair in enumerate(pairs)
    ]
    return Group(tuple(members), tuple(shown[:IN_FULL]), tuple(shown[IN_FULL:]))


def _shown(
    pair: Pair, works: Sequence[Work], comparison: Comparison, handout: Handout, witness: Witness, *, in_full: bool
) -> ShownPair:
    first, second = works[pair.first], works[pair.second]
    functions = []
    for one in pair.functions if in_full else ():
        left, right = sides(first, second, one.function, comparison.weight, comparison.text_weight)
        own = all(equals_own(work.answers[one.function], handout) for work in (first, second))
        functions.append(Compared(one.function, one.share >= compare.SAME, own, one.share, one.rare, left, right))
    same = sum(one.share >= compare.SAME for one in pair.functions)
    evidence = witness.evidence(pair.first, pair.second)
    return ShownPair(
        first.student, second.student, pair.share, pair.rare, pair.chance, same, tuple(functions), evidence
    )


def write_similarity(course: Course, name: str) -> tuple[Path, SimilarityPage]:
    """Write ``reports/<assignment>_similarity.html``, one file that needs no other.

    Raises
    ------
    CourseError
        If nobody has handed in anything, or if the class is too large to be compared at once.
    """
    assignment = Assignment.load(course.root, name)
    students = course.students(name)
    if not students:
        raise CourseError(f"Nobody has handed in {name}. Put submissions into submitted/STUDENT/{name}/ first.")
    if len(students) > MAX_CLASS:
        raise CourseError(
            f"{len(students)} submissions are more than the {MAX_CLASS} that are compared at once. "
            "Make a course of each section and compare within it."
        )
    handout = read_handout(course, assignment)
    works, left_out = read_class(course, assignment, handout)
    page = similarity_page(name, works, left_out, handout)
    path = course.report(name).with_name(f"{name}_similarity.html")
    templates = Environment(loader=PackageLoader("autograder"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    write_atomically(
        path, templates.get_template("similarity.html.j2").render(page=page, limits=compare, longest=MAX_CHARACTERS)
    )
    return path, page
