"""The gradebook on a PostgreSQL server: the same marks, pages and reports as in nbgrader's own SQLite file."""

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from autograder.batch import Summary, grade_class
from autograder.course import Course, CourseError
from autograder.pool import Pool
from autograder.record import recorder
from autograder.report import report_class
from autograder.sandbox.tiers import best_tier
from autograder.where import places
from tests.autograder.courses import copy_of, gradebook_of, run
from tests.autograder.notebooks import NAME
from tests.databases import USER, address, find_postgres, postgres

needs_server = pytest.mark.skipif(
    find_postgres() is None, reason="no PostgreSQL server here (Debian and Ubuntu: apt-get install postgresql)"
)
# Under ids that a server sorts in another order than SQLite does.
CLASS = {"B": "s00002_uphill", "a": "s00001_as_taught", "ö": "s00009_broken_upload"}


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    with postgres() as socket:
        yield socket


def on_server(course: Course, url: str) -> Course:
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + f"\nc.CourseDirectory.db_url = {url!r}\n")
    return course


def hand_in(graded_class: Course, course: Course, student: str, work: str) -> None:
    folder = course.submitted(student, NAME)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(graded_class.submitted(work, NAME), folder)


def grade(course: Course) -> Summary:
    hire = partial(Pool, 1)
    return grade_class(
        course, NAME, tier=best_tier(), hire=hire, seed=1, students=None, watch=lambda stage, done, total: None
    )


def a_week(graded_class: Course, course: Course) -> list[object]:
    """Grade, grade by hand, take in other work, grade again; gives what the gradebook said after each."""
    for student, work in CLASS.items():
        hand_in(graded_class, course, student, work)
    said: list[object] = []
    assert grade(course).graded == len(CLASS)
    said.append(gradebook_of(course))
    with course.gradebook() as gradebook:
        by_hand = gradebook.find_grade("in_your_own_words", NAME, NAME, "a")
        by_hand.manual_score, by_hand.needs_manual_grade = 1.5, False
        gradebook.update_or_create_student("Z", first_name="Zoë", last_name=None)
        gradebook.update_or_create_student("y", first_name=None, last_name="Ypsilon")
        gradebook.db.commit()
    hand_in(graded_class, course, "B", "s00014_averages")
    again = grade(course)
    assert (again.graded, again.unchanged) == (1, len(CLASS) - 1)
    said.append(gradebook_of(course))
    report_class(course, NAME)
    return said


@needs_server
def test_a_week_of_grading_is_the_same_on_a_server(
    graded_class: Course, released: Course, server: Path, tmp_path: Path
) -> None:
    remote = on_server(copy_of(released, tmp_path / "remote", "gradebook.db"), address(server, "week"))
    assert a_week(graded_class, remote) == a_week(graded_class, released)
    assert not (remote.root / "gradebook.db").exists()
    for made in (remote.marks(NAME), remote.report(NAME), *remote.root.glob("feedback/*/*/*.html")):
        assert made.read_bytes() == (released.root / made.relative_to(remote.root)).read_bytes(), made
    manual = gradebook_of(remote)["a"]["grades"]["in_your_own_words"]
    assert (manual["manual_score"], manual["needs_manual_grade"]) == (1.5, False)


@needs_server
def test_two_graders_at_once_get_one_clear_message(released: Course, server: Path, tmp_path: Path) -> None:
    """Each on a machine of its own, with a folder of its own, and one gradebook."""
    url = address(server, "two")
    mine = on_server(released, url)
    yours = on_server(copy_of(released, tmp_path / "yours"), url)
    grade(mine)  # enters the assignment
    with recorder(mine, NAME), pytest.raises(CourseError, match="Another run is grading into postgresql") as refused:
        grade(yours)
    assert "secret" not in str(refused.value)
    grade(yours)


@needs_server
def test_where_shows_the_server_without_its_password(released: Course, server: Path) -> None:
    course = on_server(released, address(server, "where"))
    place = next(place for place in places(course) if place.what == "the gradebook")
    assert not place.exists, "looking makes none"
    assert str(place.path).startswith("postgresql+psycopg://grader:***@/where?host=")
    with course.gradebook():
        pass
    assert next(place for place in places(course) if place.what == "the gradebook").exists


@needs_server
def test_a_server_that_goes_away_is_one_message(released: Course, server: Path) -> None:
    course = on_server(released, address(server, "gone"))

    def goes_on() -> None:
        with course.gradebook() as gradebook:
            connection = gradebook.db.scalar(text("SELECT pg_backend_pid()"))
            with psycopg.connect(host=str(server), user=USER, dbname="postgres") as other:
                other.execute("SELECT pg_terminate_backend(%s)", [connection])
            gradebook.db.execute(text("SELECT 1"))

    with pytest.raises(CourseError, match="The gradebook cannot be reached"):
        goes_on()


def test_a_server_that_is_not_there_is_one_message(graded: Course) -> None:
    on_server(graded, "postgresql+psycopg://grader:secret@127.0.0.1:9/marks")
    done = run(graded, "grade", NAME)
    assert done.returncode == 2
    assert "The gradebook cannot be reached" in done.stderr
    assert "Connection refused" in done.stderr
    assert "secret" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("url", ["postgresql+absent://host/marks", "no address"])
def test_an_address_without_meaning_is_one_message(released: Course, url: str) -> None:
    course = on_server(released, url)
    with pytest.raises(CourseError, match=r"c\.CourseDirectory\.db_url in nbgrader_config\.py names cannot be used"):
        places(course)
    with pytest.raises(CourseError, match="cannot be used"), course.gradebook():
        pass
