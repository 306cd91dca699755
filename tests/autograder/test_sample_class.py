"""The sample class: deterministic, made from the source's own solutions, never over someone's work."""

import json
from functools import cache
from pathlib import Path

import nbformat
import pytest

from autograder.assignment import Assignment
from autograder.course import Course, CourseError
from autograder.sample_class import _solutions, expected_file, make_sample_class
from autograder.samples import CASTS, Version
from course_lib.checks import draw_cases, judge, spec_for
from course_lib.checks.observe import observe
from tests.autograder.courses import copy_of
from tests.autograder.notebooks import COURSE, NAME

CAST, VERSIONS = CASTS[NAME]
HOSTILE = {"exits", "loops", "hoards_memory", "calls_torch"}
THE_COURSE = Course.at(COURSE)
ALL = [
    (name, version)
    for name, (cast, versions) in CASTS.items()
    for version in sorted({*versions, *(v for learner in cast for v in learner.writes)}, key=lambda v: (v.cell, v.name))
    if version.name not in HOSTILE
]


def files(course: Course) -> dict[str, bytes]:
    folder = course.root / "submitted"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def expected(course: Course) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = json.loads(expected_file(course, NAME).read_text())
    return found


def test_the_same_number_gives_the_same_class(released: Course, tmp_path: Path) -> None:
    other = copy_of(released, tmp_path / "other")
    make_sample_class(released, NAME, 40)
    make_sample_class(other, NAME, 40)
    assert files(released) == files(other)
    assert len(expected(released)) == 40


def test_a_larger_class_begins_with_the_smaller(released: Course) -> None:
    make_sample_class(released, NAME, 12)
    small = files(released)
    made = make_sample_class(released, NAME, 30)
    assert (made.written, made.kept) == (18, 12)
    large = files(released)
    assert {name: large[name] for name in small if name.endswith("ipynb")} == {
        name: data for name, data in small.items() if name.endswith("ipynb")
    }


def test_a_second_run_writes_nothing(released: Course) -> None:
    make_sample_class(released, NAME, 12)
    before = {path: path.stat().st_mtime_ns for path in released.root.glob("submitted/*/*/*")}
    made = make_sample_class(released, NAME, 12)
    assert (made.written, made.kept) == (0, 12)
    assert {path: path.stat().st_mtime_ns for path in released.root.glob("submitted/*/*/*")} == before


def test_no_two_submissions_are_the_same(released: Course) -> None:
    make_sample_class(released, NAME, 100)
    hashes = [entry["sha256"] for entry in expected(released).values()]
    assert len(set(hashes)) == 100


@pytest.mark.parametrize("known", [True, False], ids=["a changed sample", "someone else's submission"])
def test_foreign_work_is_never_overwritten(released: Course, known: bool) -> None:
    if known:
        make_sample_class(released, NAME, 2)
    path = released.submitted("s00002_uphill", NAME) / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("someone's work")
    before = files(released)
    with pytest.raises(CourseError, match=r"s00002_uphill.*was not made by sample-class, or has been changed since"):
        make_sample_class(released, NAME, 12)
    assert files(released) == before


def test_the_first_twelve_hold_what_the_grader_must_withstand() -> None:
    names = [learner.name for learner in CAST[:12]]
    assert names.count("as_taught") == 1
    hostile = {"exits", "loops_forever", "hoards_memory", "broken_upload", "patches_the_tests", "calls_torch"}
    assert hostile | {"changes_the_marks"} <= set(names)


def test_an_assignment_without_a_cast_says_so(released: Course) -> None:
    (released.root / "source" / "ps9").mkdir()
    (released.root / "source" / "ps9" / "ps9.ipynb").write_text("{}")
    with pytest.raises(CourseError, match=f"no sample class for ps9; there is one for: {NAME}"):
        make_sample_class(released, "ps9", 12)


def test_a_solution_that_moved_on_is_noticed() -> None:
    with pytest.raises(CourseError, match=r"'ascends' edits 'w - lr'.*Bring autograder/samples up to date"):
        Version("ascends", "gd_step", (("w - lr", "w + lr"),)).text("def gd_step(): ...")


@cache
def given_source(name: str) -> str:
    """What a notebook defines before the learner's functions."""
    cells = nbformat.read(THE_COURSE.source_notebook(name), as_version=4).cells
    locked = [cell.source for cell in cells if cell.metadata.get("nbgrader", {}).get("locked")]
    return "\n".join(source for source in locked if "check(" not in source)


@pytest.mark.parametrize(("name", "version"), ALL, ids=lambda x: x[:3] if isinstance(x, str) else f"{x.cell}-{x.name}")
def test_what_a_version_loses_is_what_the_checks_find(name: str, version: Version) -> None:
    """Losses are written by hand and verdicts computed, each knowing nothing of the other; the mistake has its name."""
    assignment = Assignment.load(THE_COURSE.root, name)
    solutions = _solutions(THE_COURSE.source_notebook(name))
    names: dict[str, object] = {}
    exec(given_source(name), names)
    for cell, solution in solutions.items():
        text = version.text(solution) if cell == version.cell else solution
        exec(assignment.by_id[cell].released if text is None else text, names)
    found = set()
    for call in assignment.calls:
        cases = draw_cases(call.function, call.criterion, 5)
        verdict = judge(call.function, call.criterion, cases, [observe(case, names) for case in cases])
        assert verdict.passed != version.loses_cell(f"{call.function}-{call.criterion}"), (call.criterion, verdict)
        found |= set(verdict.misconceptions)
    if version.name in spec_for(version.cell).misconceptions:
        assert version.name in found
