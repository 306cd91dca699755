"""``release`` is nbgrader's generate_assignment, run when something changed."""

import json
from pathlib import Path

import pytest

from autograder.course import Course, CourseError
from autograder.journal import Journal
from autograder.release import release
from tests.autograder.courses import fresh_course
from tests.autograder.notebooks import NAME


def again(course: Course) -> bool:
    with Journal(course.journal_file) as journal:
        return release(course, NAME, journal)


def notebook(course: Course) -> Path:
    return course.release(NAME) / f"{NAME}.ipynb"


def test_a_release_holds_no_solution_and_no_hidden_test(released: Course) -> None:
    text = notebook(released).read_text()
    source = released.source_notebook(NAME).read_text()
    for secret in ("BEGIN SOLUTION", "BEGIN HIDDEN TESTS", "return w - lr * g", "seed="):
        assert secret in source
        assert secret not in text
    assert "raise NotImplementedError" in text


def test_the_assignment_is_in_the_gradebook(released: Course) -> None:
    with released.gradebook() as gradebook:
        assignment = gradebook.find_assignment(NAME)
        assert assignment.max_score == 100
        assert [entry.name for entry in assignment.notebooks] == [NAME]


def test_an_up_to_date_release_is_left_alone(released: Course) -> None:
    before = notebook(released).stat().st_mtime_ns
    assert again(released) is False
    assert notebook(released).stat().st_mtime_ns == before


@pytest.mark.parametrize("what", ["source", "configuration", "release deleted", "release edited", "gradebook deleted"])
def test_whatever_changed_it_is_made_again(released: Course, what: str) -> None:
    good = notebook(released).read_text()
    match what:
        case "source":
            source = json.loads(released.source_notebook(NAME).read_text())
            source["cells"][0]["source"] = "# Another title"
            released.source_notebook(NAME).write_text(json.dumps(source))
        case "configuration":
            configuration = released.root / "nbgrader_config.py"
            configuration.write_text(configuration.read_text() + "\n# a remark\n")
        case "release deleted":
            notebook(released).unlink()
        case "release edited":
            notebook(released).write_text("{}")
        case "gradebook deleted":
            released.gradebook_place.unlink()
    assert again(released) is True
    assert ("# Another title" in notebook(released).read_text()) == (what == "source")
    assert what == "source" or notebook(released).read_text() == good
    assert again(released) is False


def test_what_nbgrader_refuses_is_said_in_its_own_words(released: Course) -> None:
    source = released.source_notebook(NAME)
    source.write_text(source.read_text().replace("### END SOLUTION", ""))
    with pytest.raises(CourseError, match=r"could not make the release[\s\S]*no end solution statement"):
        again(released)


def test_an_unknown_assignment_gets_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=f"Did you mean '{NAME}'.*Known: {NAME}"):
        fresh_course(tmp_path).require("ps1_gradient")
