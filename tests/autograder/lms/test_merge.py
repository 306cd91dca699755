"""Round trips of 300 learners with awkward names: every mark in its row, and each that has none listed."""

import re
from collections import Counter
from collections.abc import Callable

import pytest

from autograder.course import CourseError
from autograder.lms.marks_out import canvas, moodle
from autograder.lms.marks_out.merge import Merged, Policy, merge
from autograder.lms.marks_out.sheet import Sheet, number
from autograder.lms.table import Table
from tests.autograder.lms.classes import Learner, canvas_export, graded, learners, moodle_worksheet
from tests.autograder.notebooks import NAME

SYSTEMS = {"canvas": (canvas.read, canvas_export), "moodle": (moodle.read, moodle_worksheet)}
PEOPLE = learners()
SHARED = {name for name, count in Counter((who.first, who.last) for who in PEOPLE).items() if count > 1}


def merged_into(
    system: str, data: bytes, people: list[Learner] = PEOPLE, policy: Policy | None = None
) -> tuple[Sheet, Merged]:
    sheet = SYSTEMS[system][0](Table.of(data), NAME, None)
    return sheet, merge(sheet, graded(people), policy or Policy())


def row_of(sheet: Sheet, who: Learner) -> int:
    """Found by the number that the exporter gave; matching never sees it, because our side has none."""
    wanted = str(9000 + PEOPLE.index(who))
    return next(row for row in sheet.rows if wanted in "|".join(sheet.table.rows[row].values[:2]))


def clear(who: Learner) -> bool:
    """Whether a careful person could place this learner's mark: by an id, or by a name that nobody else has."""
    return who.listed and (who.with_ids or (who.first, who.last) not in SHARED)


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_mark_in_its_row_and_every_other_one_listed(system: str) -> None:
    sheet, done = merged_into(system, SYSTEMS[system][1](PEOPLE))
    placed = 0
    for who in PEOPLE:
        text = f"{who.id} "
        if who.listed:
            in_file = number(sheet.mark(row_of(sheet, who)))
            assert in_file == (who.points if who.marked and clear(who) else None), who
            placed += in_file is not None
        if who.marked and not clear(who):
            assert any(text in line for line in [*done.unplaced, *done.ambiguous]), who
        if who.marked and clear(who) and who.points is None:
            assert any(text in line for line in done.held), who
        if who.listed and not who.marked and (who.first, who.last) not in SHARED:
            assert any(
                str(sheet.people[sheet.rows.index(row_of(sheet, who))].label) == line for line in done.without_mark
            )
    assert placed == len(done.written) > 200
    assert done.left_out == sum(who.marked and who.points is not None and not clear(who) for who in PEOPLE) > 5


@pytest.mark.parametrize("system", SYSTEMS)
def test_untouched_cells_are_the_same_bytes(system: str) -> None:
    before = SYSTEMS[system][1](PEOPLE)
    sheet, _ = merged_into(system, before)
    was, now = Table.of(before), Table.of(sheet.table.to_bytes())
    for old, new in zip(was.rows, now.rows, strict=True):
        assert old.end == new.end
        assert old.cells[: sheet.column] == new.cells[: sheet.column]
        assert old.cells[sheet.column + 1 :] == new.cells[sheet.column + 1 :]
    assert (was.mark, was.encoding) == (now.mark, now.encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_encoding_stays(encoding: str) -> None:
    sheet, done = merged_into("canvas", canvas_export(PEOPLE, encoding))
    sheet.table.to_bytes().decode(encoding)
    assert len(done.written) > 200


def test_windows_letters() -> None:
    people = [Learner("s1", "José", "Müller–Lüdenscheidt", True, True, False, 5.0)]
    sheet, done = merged_into("canvas", canvas_export(people, "cp1252"), people)
    assert len(done.written) == 1
    assert "Müller–Lüdenscheidt, José" in sheet.table.to_bytes().decode("cp1252")


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_second_time_changes_nothing(system: str) -> None:
    first, done = merged_into(system, SYSTEMS[system][1](PEOPLE))
    again, then = merged_into(system, first.table.to_bytes())
    assert again.table.to_bytes() == first.table.to_bytes()
    assert (len(then.same), then.written, then.conflicts) == (len(done.written), [], [])


ONE = [Learner("s000", "Emmy", "Noether", True, True, True, 7.5)]


def with_grade(text: str) -> bytes:
    return re.sub(rb"(grading,)(,)", rb"\g<1>" + text.encode() + rb"\g<2>", moodle_worksheet(ONE))


@pytest.mark.parametrize(
    ("there", "overwrite", "left", "what"),
    [
        ("", False, "7.5", "written"),
        ("-", False, "7.5", "written"),
        ("7.50", False, "7.50", "same"),
        ("6", False, "6", "conflicts"),
        ("6", True, "7.5", "overwritten"),
        ("0", False, "0", "conflicts"),
        ("EX", False, "EX", "conflicts"),
    ],
)
def test_a_mark_that_is_there_already(there: str, overwrite: bool, left: str, what: str) -> None:
    sheet, done = merged_into("moodle", with_grade(there), ONE, Policy(overwrite=overwrite))
    assert sheet.table.value(1, sheet.column) == left
    assert len(getattr(done, what)) == 1
    assert done.left_out == (what == "conflicts")


def lone(change: Callable[[bytes], bytes], policy: Policy, **marks: float) -> tuple[str, Merged]:
    sheet = moodle.read(Table.of(change(moodle_worksheet(ONE))), NAME, None)
    done = merge(sheet, graded(ONE, **marks), policy)
    return sheet.table.value(1, sheet.column), done


def test_other_points_are_asked_about_and_converted_only_when_told() -> None:
    with pytest.raises(CourseError, match="out of 10 points, the column 'Grade' out of 100"):
        lone(bytes, Policy(), max_score=10.0)
    assert lone(bytes, Policy(scale=True), max_score=10.0)[0] == "75"
    assert lone(bytes, Policy(scale=False), max_score=10.0)[0] == "7.5"


def test_a_locked_grade_stays() -> None:
    text, done = lone(lambda data: data.replace(b",Yes,", b",No,"), Policy())
    assert (text, len(done.locked), done.left_out) == ("", 1, 1)


def test_what_is_not_final_is_written_only_when_told() -> None:
    waiting = [Learner("s000", "Emmy", "Noether", True, True, True, None)]
    for provisional, text in ((False, ""), (True, "0")):
        sheet, done = merged_into("moodle", moodle_worksheet(waiting), waiting, Policy(provisional=provisional))
        assert (sheet.table.value(1, sheet.column), bool(done.held)) == (text, not provisional)
        assert done.left_out == 0
