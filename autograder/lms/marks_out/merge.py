"""Marks into an instructor's own export file: each into its row, and a list of everything that was not to be done."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from autograder.course import CourseError
from autograder.lms.marks_out.sheet import Sheet, number
from autograder.lms.marks_out.standings import Class, person
from autograder.lms.matching import BY_ID, Matching, closest, match
from autograder.lms.people import FORMS, Person
from autograder.marks import Mark, Standing

_HINTS = 100  # where more have no row, this is another class's file
_SAME = 0.005  # both systems show two decimals


@dataclass(frozen=True)
class Policy:
    """What the instructor allows.

    ``overwrite`` marks that differ; export the points so far of marks that wait for a person (``provisional``); write 0
    for those who handed in nothing readable (``missing_as_zero``); ``scale`` points to the column's maximum, or not;
    None asks when the two differ.
    """

    overwrite: bool = False
    provisional: bool = False
    missing_as_zero: bool = False
    scale: bool | None = None


@dataclass
class Merged:
    """What became of each mark; people are named as both sides know them."""

    written: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    overwritten: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    locked: list[str] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)
    ambiguous: list[str] = field(default_factory=list)
    without_mark: list[str] = field(default_factory=list)
    by_name: list[str] = field(default_factory=list)
    left_out: int = 0
    """Marks that count and are not in the file."""


def points_to_export(mark: Mark, standing: Standing, policy: Policy) -> float | None:
    """The mark to give away; None where there is none that counts."""
    if standing.final or (policy.provisional and standing.status == "needs manual grading"):
        return mark.total
    return 0.0 if policy.missing_as_zero and standing.status in ("not submitted", "not readable") else None


def merge(sheet: Sheet, graded: Class, policy: Policy, known: Mapping[str, Person] | None = None) -> Merged:
    """Put every mark that counts into ``sheet.table``, and say what became of the others.

    ``known`` tells more about who students are than the gradebook does, by student id.

    Raises
    ------
    CourseError
        If the column is out of another number of points and ``policy`` does not say what to do.
    """
    marks = graded.all
    people = [(known or {}).get(mark.student) or person(mark) for mark in marks]
    factors = _factors(sheet, graded.marks.max_score, policy)
    found, merged = match(people, sheet.people), Merged()
    for one, mark in enumerate(marks):
        standing = graded.standings[mark.student]
        points = points_to_export(mark, standing, policy)
        if one not in found.pairs:
            merged.left_out += points is not None
            _miss(merged, found, one, people, sheet, _told(standing, points))
            continue
        other = found.pairs[one]
        row, who = sheet.rows[other], people[one].label
        if found.how[one] not in (BY_ID, next(iter(FORMS))):
            merged.by_name.append(f"{who} = {sheet.people[other].label} ({found.how[one]})")
        if points is None:
            merged.held.append(f"{who}: {_told(standing, points)}")
        else:
            _place(merged, sheet, row, who, points * factors.get(row, 1.0), policy)
    taken = {*found.pairs.values(), *(other for others in found.ambiguous.values() for other in others)}
    merged.without_mark = [who.label for other, who in enumerate(sheet.people) if other not in taken]
    return merged


def _factors(sheet: Sheet, max_score: float, policy: Policy) -> dict[int, float]:
    """What to multiply points with, by row."""
    others = sorted({points for points in sheet.out_of.values() if abs(points - max_score) > _SAME})
    if not others or policy.scale is False:
        return {}
    if policy.scale is None:
        theirs = " and ".join(f"{points:g}" for points in others)
        raise CourseError(
            f"The assignment is out of {max_score:g} points, the column {sheet.header!r} out of {theirs}. Pass "
            "--scale to convert the marks, or --no-scale to write the points as they are."
        )
    return {row: points / max_score for row, points in sheet.out_of.items()} if max_score else {}


def _place(merged: Merged, sheet: Sheet, row: int, who: str, points: float, policy: Policy) -> None:
    had, new = sheet.mark(row), sheet.written(points)
    before = number(had)
    if row in sheet.locked:
        merged.locked.append(f"{who}: {new} ({sheet.locked[row]})")
        merged.left_out += 1
    elif before is not None and abs(before - points) < _SAME:
        merged.same.append(who)
    elif had and not policy.overwrite:
        merged.conflicts.append(f"{who}: the file says {had}, the gradebook {new}")
        merged.left_out += 1
    else:
        sheet.table.put(row, sheet.column, new)
        (merged.overwritten if had else merged.written).append(f"{who}: {had} → {new}" if had else f"{who}: {new}")


def _miss(merged: Merged, found: Matching, one: int, people: list[Person], sheet: Sheet, mark: str) -> None:
    """Someone whose row was not found, or could be several."""
    label = people[one].label
    if one in found.ambiguous:
        rows = "; ".join(f"line {sheet.rows[other] + 1}: {sheet.people[other].label}" for other in found.ambiguous[one])
        merged.ambiguous.append(f"{label}, {mark}: could be {rows}")
    elif one in found.differing:
        rows = "; ".join(f"line {sheet.rows[other] + 1}: {sheet.people[other].label}" for other in found.differing[one])
        merged.unplaced.append(f"{label}, {mark}: same name, but another id or e-mail than {rows}")
    else:
        hint = closest(people[one], sheet.people) if len(merged.unplaced) < _HINTS else ""
        merged.unplaced.append(f"{label}, {mark}" + (f": is it {hint}?" if hint else ""))


def _told(standing: Standing, points: float | None) -> str:
    if points is not None:
        return f"{points:g} points"
    return standing.status + (f" ({standing.remark})" if standing.remark else "")
