"""Results become grades in nbgrader's own gradebook, and a person's grades stay a person's."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.assignment import Assignment
from autograder.course import Course, CourseError
from autograder.record import Graded, recorder
from autograder.result import CellResult, Result
from tests.autograder.courses import gradebook_of
from tests.autograder.notebooks import NAME

WORDS = "in_your_own_words"
STEP = "gd_step-one_step"
Make = Callable[..., Result]


@pytest.fixture
def make(released: Course) -> Make:
    """A result with the released notebook, full points for the grader's cells and ``scores`` for the others."""
    assignment = Assignment.load(released.root, NAME)
    notebook = nbformat.read(released.release(NAME) / f"{NAME}.ipynb", as_version=4)

    def result(answer: str | None = "Words.", **scores: float | None) -> Result:
        copy = nbformat.from_dict(notebook)
        (written,) = [c for c in copy.cells if c.metadata.get("nbgrader", {}).get("grade_id") == WORDS]
        written.source = written.source if answer is None else answer
        points = {c.grade_id: None if c.kind == "manual" else c.points for c in assignment.cells if c.graded} | scores
        cells = [CellResult(c.grade_id, "check", points[c.grade_id], c.points) for c in assignment.cells if c.graded]
        return Result(copy, tuple(cells), (), "plain", {}, 0.1)

    return result


def record(course: Course, result: Result | None, changed: bool = True, timestamp: datetime | None = None) -> None:
    with recorder(course, NAME) as writer:
        writer.record([Graded("ada", result, timestamp, changed)])


def grade(course: Course, name: str) -> dict[str, Any]:
    found: dict[str, Any] = gradebook_of(course)["ada"]["grades"][name]
    return found


def by_hand(course: Course, name: str, **values: object) -> None:
    """What formgrader does when a person grades."""
    with course.gradebook() as gradebook:
        entry = gradebook.find_grade(name, NAME, NAME, "ada")
        for field, value in values.items():
            setattr(entry, field, value)
        gradebook.db.commit()


def test_scores_and_what_waits_for_a_person(released: Course, make: Make) -> None:
    record(released, make(**{STEP: 0.0}))
    assert grade(released, STEP) == {
        "auto_score": 0.0,
        "manual_score": None,
        "extra_credit": None,
        "needs_manual_grade": False,
        "max_score": 6.0,
        "failed_tests": True,
        "score": 0.0,
    }
    assert grade(released, "gd_step-many_steps")["failed_tests"] is False
    assert grade(released, WORDS)["needs_manual_grade"] is True
    assert grade(released, WORDS)["auto_score"] is None


def test_the_notebook_is_where_nbgrader_looks(released: Course, make: Make) -> None:
    record(released, make(), timestamp=datetime(2026, 9, 14, 8, 0))
    folder = released.autograded("ada", NAME)
    assert {path.name for path in folder.iterdir()} == {f"{NAME}.ipynb", "timestamp.txt"}
    nbformat.validate(nbformat.read(folder / f"{NAME}.ipynb", as_version=4))
    assert released.coursedir().get_existing_timestamp(str(folder)) == datetime(2026, 9, 14, 8, 0)


def test_recording_twice_is_recording_once(released: Course, make: Make) -> None:
    record(released, make())
    once = gradebook_of(released)
    record(released, make(), changed=False)
    assert gradebook_of(released) == once


def test_a_persons_grade_survives_and_is_asked_about_again_when_the_work_changed(released: Course, make: Make) -> None:
    record(released, make())
    by_hand(released, WORDS, manual_score=7.0, extra_credit=1.0, needs_manual_grade=False)
    by_hand(released, STEP, manual_score=3.0, needs_manual_grade=False)
    graded = gradebook_of(released)

    record(released, make(), changed=False)
    assert gradebook_of(released) == graded

    record(released, make("Other words."), changed=True)
    for name, score in ((WORDS, 8.0), (STEP, 3.0)):
        assert grade(released, name)["score"] == score
        assert grade(released, name)["needs_manual_grade"] is True


def test_an_override_is_asked_about_again_when_the_grader_changes_its_mind(released: Course, make: Make) -> None:
    record(released, make(**{STEP: 0.0}))
    by_hand(released, STEP, manual_score=3.0, needs_manual_grade=False)
    record(released, make(), changed=False)
    assert grade(released, STEP)["score"] == 3.0
    assert grade(released, STEP)["needs_manual_grade"] is True


def test_a_failed_regrade_leaves_no_score_that_looks_sound(released: Course, make: Make) -> None:
    record(released, make())
    record(released, None)
    grades = gradebook_of(released)["ada"]["grades"].values()
    assert all(entry["auto_score"] is None and entry["needs_manual_grade"] for entry in grades)


def test_changed_work_is_marked_before_it_is_graded(released: Course, make: Make) -> None:
    record(released, make())
    with recorder(released, NAME) as writer:
        writer.mark_stale(["ada"])
    assert all(entry["needs_manual_grade"] for entry in gradebook_of(released)["ada"]["grades"].values())
    assert grade(released, STEP)["score"] == 6.0


def test_no_response_and_a_persons_comment(released: Course, make: Make) -> None:
    record(released, make(answer=None))
    comments = gradebook_of(released)["ada"]["comments"]
    assert comments[WORDS] == ("No response.", None)
    with released.gradebook() as gradebook:
        gradebook.find_comment(WORDS, NAME, NAME, "ada").manual_comment = "Come and see me."
        gradebook.db.commit()
    record(released, make("Words after all."))
    assert gradebook_of(released)["ada"]["comments"][WORDS] == (None, "Come and see me.")


def test_late_work_costs_what_the_course_says(released: Course, make: Make) -> None:
    config = released.root / "nbgrader_config.py"
    config.write_text(config.read_text() + "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    due = datetime(2026, 9, 14, 12, 0)
    with released.gradebook() as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate=due)
    late = due + timedelta(hours=1)

    record(released, make(), timestamp=late)
    assert gradebook_of(released)["ada"]["penalty"] == 90.0

    with released.gradebook() as gradebook:
        gradebook.grant_extension(NAME, "ada", hours=2)
    with recorder(released, NAME) as writer:
        assert writer.due() == {"ada": due + timedelta(hours=2)}
        writer.record_standing("ada", late)
    assert gradebook_of(released)["ada"]["penalty"] == 0.0
    assert gradebook_of(released)["ada"]["timestamp"] == late


def test_a_batch_is_recorded_whole_or_not_at_all(released: Course, make: Make) -> None:
    stranger = Result(
        {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5},
        (CellResult("x", "check", 1, 1),),
        (),
        "plain",
        {},
        0.1,
    )
    with recorder(released, NAME) as writer, pytest.raises(CourseError, match=f"does not know the cells x of {NAME}"):
        writer.record([Graded("ada", make(), None, True), Graded("emmy", stranger, None, True)])
    assert gradebook_of(released) == {}


def test_the_file_is_replaced_whole(released: Course, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    record(released, make())
    path = released.autograded("ada", NAME) / f"{NAME}.ipynb"
    before = path.read_bytes()

    def full_disk(*_: object, **__: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "replace", full_disk)
    with pytest.raises(OSError, match="No space left"):
        record(released, make("Other words."))
    assert path.read_bytes() == before
