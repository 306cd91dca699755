"""Our gradebook and folders are nbgrader's: its own commands agree with us and go on working."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from autograder.course import Course
from autograder.journal import Journal
from tests.autograder.courses import copy_of, gradebook_of, run
from tests.autograder.notebooks import NAME

# Undoes the one line of our configuration that makes `nbgrader autograde` take the secure path.
PLAIN = "--Autograde.exporter_class=nbconvert.exporters.NotebookExporter"
HONEST = ("s00003_in_other_words", "s00004_damps_the_first")


def nbgrader(course: Course, *arguments: str, **environment: str) -> str:
    """A real nbgrader command, run in the course folder; gives what it logged."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course.root,
        env={**os.environ, "PATH": path, **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def submitted_again(graded_class: Course, folder: Path, students: tuple[str, ...]) -> Course:
    """A course in which these have handed in and nothing has been graded."""
    course = copy_of(graded_class, folder, "submitted", "autograded", "feedback", "gradebook.db", "journal.db")
    for student in students:
        shutil.copytree(graded_class.root / "submitted" / student, course.root / "submitted" / student)
    nbgrader(course, "generate_assignment", NAME, "--force")
    return course


def test_honest_work_scores_the_same_with_plain_nbgrader(graded_class: Course, tmp_path: Path) -> None:
    """The same submissions, the same release, an empty gradebook, and nbgrader's own autograde."""
    plain = submitted_again(graded_class, tmp_path, HONEST)
    nbgrader(plain, "autograde", NAME, PLAIN)
    theirs, ours = gradebook_of(plain), gradebook_of(graded_class)
    assert set(theirs) == set(HONEST)
    assert {student: theirs[student] for student in HONEST} == {student: ours[student] for student in HONEST}


def test_late_work_loses_the_same_with_plain_nbgrader(graded_class: Course, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    plain = submitted_again(graded_class, tmp_path / "plain", HONEST)
    config = plain.root / "nbgrader_config.py"
    config.write_text(config.read_text() + "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    first_in = gradebook_of(graded_class)[HONEST[0]]["timestamp"]
    with plain.gradebook() as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate=first_in)
    ours = copy_of(plain, tmp_path / "ours")

    nbgrader(plain, "autograde", NAME, PLAIN)
    assert run(ours, "grade", NAME).returncode == 0
    assert gradebook_of(ours) == gradebook_of(plain)
    assert [entry["penalty"] > 0 for _, entry in sorted(gradebook_of(ours).items())] == [False, True]


def test_nbgraders_own_command_makes_our_feedback_or_its_own(graded: Course) -> None:
    student = HONEST[1]
    page = graded.feedback(student, NAME) / f"{NAME}.html"
    ours = page.read_text()
    for plain in ([], ["--GenerateFeedback.exporter_class=nbconvert.exporters.HTMLExporter"]):
        page.unlink()
        nbgrader(graded, "generate_feedback", NAME, f"--student={student}", "--force", *plain)
        assert (page.read_text() == ours) != bool(plain)
        assert "It dampens the very first gradient too." in page.read_text()
        assert "HIDDEN TESTS" not in page.read_text()


def test_nbgraders_own_export_reads_our_marks(graded: Course, tmp_path: Path) -> None:
    with graded.gradebook() as gradebook:
        words = gradebook.find_grade("in_your_own_words", NAME, NAME, "s00001_as_taught")
        words.manual_score, words.extra_credit = 8.0, 1.5
        gradebook.db.commit()
    run(graded, "grade", NAME)
    nbgrader(graded, "export", f"--to={tmp_path / 'grades.csv'}")
    lines = (tmp_path / "grades.csv").read_text().splitlines()
    scores = {student: line for line in lines for student in ("s00001_as_taught", "s00002_uphill") if student in line}
    assert ",70.0,0.0,70.0,100.0" in scores["s00002_uphill"]
    assert ",99.5,0.0,99.5,100.0" in scores["s00001_as_taught"], "what a person gave counts, extra credit too"


def test_what_formgrader_lists(graded_class: Course) -> None:
    """The rows of formgrader's pages, from the queries that formgrader itself makes."""
    with graded_class.gradebook() as gradebook:
        rows = {row["student"]: row for row in gradebook.submission_dicts(NAME)}
        notebooks = {row["student"]: row for row in gradebook.notebook_submission_dicts(NAME, NAME)}
    assert rows["s00002_uphill"]["score"] == 70.0
    assert rows["s00002_uphill"]["max_score"] == 100.0
    assert rows["s00002_uphill"]["needs_manual_grade"] is True
    assert rows["s00005_unfinished"]["needs_manual_grade"] is False
    assert notebooks["s00002_uphill"]["failed_tests"] is True
    assert notebooks["s00001_as_taught"]["failed_tests"] is False


def test_nbgraders_own_autograde_takes_the_secure_path(graded_class: Course, tmp_path: Path) -> None:
    """Who overrides np.testing, who exits and whose upload is broken get there what they get from our command."""
    students = ("s00004_damps_the_first", "s00006_exits", "s00009_broken_upload", "s00010_patches_the_tests")
    course = submitted_again(graded_class, tmp_path, students)
    linked = course.submitted(students[0], NAME) / "data.csv"
    linked.symlink_to("/etc/passwd")

    said = nbgrader(course, "autograde", NAME)
    assert "Sandbox tier: " in said
    ours = gradebook_of(graded_class)
    assert gradebook_of(course) == {student: ours[student] for student in students}
    assert not (course.autograded(students[0], NAME) / "data.csv").exists()
    assert "HIDDEN TESTS" not in (course.autograded(students[0], NAME) / f"{NAME}.ipynb").read_text()
    with Journal(course.journal_file) as journal:
        assert journal.records(NAME).keys() == set(students)
    assert f"{len(students)} unchanged" in run(course, "grade", NAME).stdout


def test_our_configuration_imports_no_grader_for_what_learners_do(released: Course) -> None:
    """``nbgrader validate`` and ``generate_assignment`` work where the grader is not installed."""
    blocked = released.root.parent / "blocked"
    blocked.mkdir()
    (blocked / "sitecustomize.py").write_text("import sys\nsys.modules['autograder.nbgrader_export'] = None\n")
    nbgrader(released, "generate_assignment", NAME, "--force", PYTHONPATH=str(blocked))
