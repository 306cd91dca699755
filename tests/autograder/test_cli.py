"""The commands an instructor types: what they do, what they say, how they end."""

import csv
import json
import os
import shutil
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from autograder.cli import app
from autograder.course import Course
from autograder.journal import Journal, only_grader
from autograder.sample_class import expected_file
from tests.autograder.courses import CLASS, environment, fresh_course, gradebook_of, run
from tests.autograder.notebooks import NAME

HOSTILE = {
    "s00006_exits": ("sgd_step", "did not come back"),
    "s00007_loops_forever": ("stability_limit", "did not come back"),
    "s00008_hoards_memory": ("gd_step", "MemoryError"),
}


def call(course: Course | Path, *arguments: str) -> tuple[int, str]:
    """A command in this process: exit status and everything it said, on one line."""
    root = course.root if isinstance(course, Course) else course
    done = CliRunner().invoke(app, [*arguments, "--course", str(root)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, " ".join(done.output.split())


def test_every_expected_score_is_met(graded_class: Course) -> None:
    expected = json.loads(expected_file(graded_class, NAME).read_text())
    grades = gradebook_of(graded_class)
    assert grades.keys() == expected.keys()
    assert len(grades) == CLASS
    for student, entry in expected.items():
        found = {name: grade["auto_score"] for name, grade in grades[student]["grades"].items()}
        assert found == entry["cells"], student


def test_every_autograded_notebook_is_a_valid_one(graded_class: Course) -> None:
    for path in graded_class.root.glob(f"autograded/*/{NAME}/{NAME}.ipynb"):
        nbformat.validate(nbformat.read(path, as_version=4))


def test_only_written_answers_wait_for_a_person(graded_class: Course) -> None:
    expected = json.loads(expected_file(graded_class, NAME).read_text())
    for student, entry in gradebook_of(graded_class).items():
        waiting = {name for name, grade in entry["grades"].items() if grade["needs_manual_grade"]}
        assert waiting == {name for name, score in expected[student]["cells"].items() if score is None}, student


@pytest.mark.parametrize("student", HOSTILE)
def test_a_hostile_function_gets_a_clear_verdict_and_costs_no_other(graded_class: Course, student: str) -> None:
    function, said = HOSTILE[student]
    with Journal(graded_class.journal_file) as journal:
        result = dict(journal.results(NAME))[student]
    verdicts = [verdict for cell in result["cells"] for verdict in cell["verdicts"]]
    assert all(verdict["passed"] != (verdict["function"] == function) for verdict in verdicts)
    assert all(said in verdict["headline"] for verdict in verdicts if verdict["function"] == function)


def test_a_broken_upload_is_said_to_be_one(graded_class: Course) -> None:
    with graded_class.marks(NAME).open(newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert "not valid JSON" in rows["s00009_broken_upload"]["remarks"]
    assert rows["s00009_broken_upload"]["score"] == "0"
    assert rows["s00001_as_taught"]["remarks"] == ""


def test_the_run_ends_by_saying_where_everything_is(graded_class: Course) -> None:
    said = (graded_class.root.parent / "grade.txt").read_text()
    assert "Sandbox: " in said
    assert f"{CLASS} graded" in said
    assert "s00003_in_other_words" in said
    for place in ("gradebook.db", "feedback", f"marks/{NAME}.csv", f"reports/{NAME}.html"):
        assert f"assignments/{place}" in said


def test_a_second_run_changes_nothing(graded: Course) -> None:
    before = gradebook_of(graded), stamps(graded)
    done = run(graded, "grade", NAME)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Nothing changed: {CLASS} submissions are graded already" in done.stdout
    assert (gradebook_of(graded), stamps(graded)) == before


def stamps(course: Course) -> dict[str, int]:
    return {
        str(p): p.stat().st_mtime_ns
        for folder in ("autograded", "feedback")
        for p in course.root.glob(f"{folder}/*/*/*")
    }


def test_only_what_changed_is_graded_again(graded: Course) -> None:
    """A resubmission, a newcomer under a wrong file name, and a student whose folder is a link to another's work."""
    good = graded.submitted("s00001_as_taught", NAME) / f"{NAME}.ipynb"
    shutil.copy(good, graded.submitted("s00002_uphill", NAME) / f"{NAME}.ipynb")
    newcomer = graded.submitted("<img src=x onerror=alert(1)>", NAME)
    newcomer.mkdir(parents=True)
    shutil.copy(good, newcomer / "final version (2).ipynb")
    thief = graded.submitted("thief", NAME)
    thief.parent.mkdir()
    thief.symlink_to(good.parent)

    status, said = call(graded, "grade", NAME)
    assert status == 0
    assert f"3 graded, {CLASS - 1} unchanged, 3 feedback pages written" in said
    grades = gradebook_of(graded)
    assert sum(grade["score"] for grade in grades["s00002_uphill"]["grades"].values()) == 90
    assert sum(grade["score"] for grade in grades["<img src=x onerror=alert(1)>"]["grades"].values()) == 90
    assert sum(grade["score"] for grade in grades["thief"]["grades"].values()) == 0
    with graded.marks(NAME).open(newline="") as file:
        remarks = {row["student_id"]: row["remarks"] for row in csv.DictReader(file)}
    assert "handed in as final version (2).ipynb" in remarks["<img src=x onerror=alert(1)>"]
    assert "is not a folder" in remarks["thief"]
    report = graded.report(NAME).read_text()
    assert "&lt;img src=x onerror=alert(1)&gt;" in report
    assert "<img src=x" not in report


def test_one_student_alone(graded: Course) -> None:
    for student in ("s00001_as_taught", "s00002_uphill"):
        path = graded.submitted(student, NAME) / f"{NAME}.ipynb"
        path.write_text(path.read_text().replace("Submission", "Another submission"))
    status, said = call(graded, "grade", NAME, "--student", "s00002_uphill")
    assert status == 0
    assert "1 graded" in said
    status, said = call(graded, "grade", NAME, "--student", "nobody")
    assert status == 2
    assert "'nobody' has handed in nothing" in said


def test_two_graders_at_once_get_one_clear_message(graded: Course) -> None:
    with only_grader(graded.root):
        status, said = call(graded, "grade", NAME)
    assert status == 2
    assert "Another run is grading the course" in said


@pytest.mark.parametrize("name", ["grade", "report", "release"])
def test_an_unknown_assignment_gets_the_known_ones(released: Course, name: str) -> None:
    status, said = call(released, name, "ps1")
    assert status == 2
    assert f"There is no assignment 'ps1'. Known: {NAME}." in said.replace(f" Did you mean '{NAME}'?", "")


def test_no_course_says_where_to_run(tmp_path: Path) -> None:
    status, said = call(tmp_path, "grade", NAME)
    assert status == 2
    assert "is no course" in said
    assert "--course DIR" in said


def test_an_unknown_sandbox_gets_the_known_ones(released: Course) -> None:
    status, said = call(released, "grade", NAME, "--tier", "bubblegum")
    assert status == 2
    assert "no tier 'bubblegum'; known: bubblewrap" in said


def test_an_empty_class_is_no_failure(released: Course) -> None:
    status, said = call(released, "grade", NAME)
    assert status == 0
    assert "Nobody has handed in anything" in said
    assert "Nobody has handed in anything yet" in released.report(NAME).read_text()


def test_a_report_before_any_grade_says_what_to_run(released: Course) -> None:
    status, said = call(released, "report", NAME)
    assert status == 2
    assert f"Run: python -m autograder grade {NAME}" in said


def test_where_names_what_is_missing_and_how_to_make_it(tmp_path: Path, graded: Course) -> None:
    status, said = call(fresh_course(tmp_path / "new"), "where")
    assert status == 1
    assert "missing; make it with: make book" in said
    status, said = call(graded, "where")
    assert status == 1
    book = graded.root.parent / "book" / "_build" / "html" / "index.html"
    book.parent.mkdir(parents=True)
    book.write_text("the book")
    status, said = call(graded, "where")
    assert status == 0
    assert "missing" not in said
    for place in (book, graded.release(NAME), graded.gradebook_place, graded.report(NAME)):
        assert str(place) in said


def test_doctor_names_the_sandbox_and_the_versions() -> None:
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 0, done.output
    for word in ("nbgrader", "0.9.6", "sandbox", "lets through"):
        assert word in done.output


def test_a_submission_that_the_grader_fails_on_stops_no_other(graded: Course) -> None:
    """Its worker breaks where it prepares what is shown."""
    broken = graded.root.parent / "broken"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text(
        "import autograder.present as p\nold = p.presentable\n"
        "def presentable(result, *rest):\n"
        "    if any('deleted' in problem for problem in result.problems): raise RuntimeError('the disk is full')\n"
        "    return old(result, *rest)\n"
        "p.presentable = presentable\n"
    )
    for student in ("s00016_deletes_cells", "s00001_as_taught"):
        path = graded.submitted(student, NAME) / f"{NAME}.ipynb"
        path.write_text(path.read_text().replace("Submission", "Another submission"))
    path = os.pathsep.join([str(broken), environment()["PYTHONPATH"]])

    done = run(graded, "grade", NAME, env=environment() | {"PYTHONPATH": path})
    assert done.returncode == 1
    assert "1 graded" in done.stdout
    assert "s00016_deletes_cells: RuntimeError: the disk is full" in done.stderr
    grades = gradebook_of(graded)["s00016_deletes_cells"]["grades"].values()
    assert all(grade["auto_score"] is None and grade["needs_manual_grade"] for grade in grades)
    assert not (graded.feedback("s00016_deletes_cells", NAME) / f"{NAME}.html").exists()

    status, said = call(graded, "grade", NAME)
    assert status == 0
    assert "1 graded" in said
