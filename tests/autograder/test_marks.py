"""The marks as a file for people and spreadsheets."""

import csv
from datetime import datetime

from autograder.course import Course
from autograder.marks import CellMark, ClassMarks, Mark, write_marks
from tests.autograder.notebooks import NAME


def rows(course: Course, marks: ClassMarks, remarks: dict[str, str]) -> dict[str, dict[str, str]]:
    write_marks(course, marks, remarks)
    with course.marks(NAME).open(newline="", encoding="utf-8") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


def test_every_mark_and_why_it_is_what_it_is(released: Course) -> None:
    cells = {"a": CellMark(2.0, 2.0, False, False), "b": CellMark(1.5, 3.0, True, False)}
    handed_in = datetime(2026, 9, 14, 8, 0)
    late = Mark("emmy", "Emmy", "Noether", "emmy@example.org", handed_in, 0.5, cells)
    done = Mark(
        "ada", "", "", "", None, 0.0, {"a": CellMark(0.0, 2.0, False, False), "b": CellMark(3.0, 3.0, False, True)}
    )
    absent = Mark("max", "Max", "Mustermann", "", None, 0.0)
    marks = ClassMarks(NAME, None, 5.0, {"a": 2.0, "b": 3.0}, {"ada": done, "emmy": late}, (absent,))
    found = rows(released, marks, {"ada": "The cell a had been deleted; it was put back."})
    assert list(found) == ["ada", "emmy", "max"]
    assert found["emmy"] == {
        "assignment": NAME,
        "duedate": "",
        "timestamp": "2026-09-14 08:00:00",
        "student_id": "emmy",
        "last_name": "Noether",
        "first_name": "Emmy",
        "email": "emmy@example.org",
        "raw_score": "3.5",
        "late_submission_penalty": "0.5",
        "score": "",
        "max_score": "5",
        "status": "needs manual grading",
        "remarks": "",
        "a": "2",
        "b": "1.5",
    }
    assert (found["ada"]["status"], found["ada"]["score"]) == ("graded", "3")
    assert found["ada"]["remarks"] == "The cell a had been deleted; it was put back."
    assert (found["max"]["status"], found["max"]["a"]) == ("not submitted", "")
    assert found["max"]["raw_score"] == found["max"]["score"] == ""


def test_awkward_names_stay_in_their_column_and_start_no_formula(released: Course) -> None:
    names = ['O\'Neil, "Jim"', "Łukasz\nŻółć", "=HYPERLINK(1)", "+1", "@x", "-2"]
    made = {name: Mark(name, "", name, "", None, 0.0, {"a": CellMark(1.0, 2.0, False, False)}) for name in names}
    found = rows(released, ClassMarks(NAME, None, 2.0, {"a": 2.0}, made, ()), {})
    assert set(found) == {names[0], names[1], *("'" + name for name in names[2:])}
    assert all(row["score"] == "1" for row in found.values())


def test_half_a_mark_never_stands_as_the_score(released: Course) -> None:
    """Whoever takes the column "score" alone gets final marks alone."""
    waiting = Mark("emmy", "", "", "", None, 0.0, {"a": CellMark(4.0, 5.0, True, False)})
    found = rows(released, ClassMarks(NAME, None, 5.0, {"a": 5.0}, {"emmy": waiting}, ()), {})
    assert (found["emmy"]["score"], found["emmy"]["raw_score"], found["emmy"]["a"]) == ("", "4", "4")
