"""A run killed in the middle is taken up where it stopped, and the end is the same."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.journal import Journal
from tests.autograder.courses import command, copy_of, environment, gradebook_of, run
from tests.autograder.notebooks import NAME

SLOW = "s00007_loops_forever"
MADE = ("autograded", "feedback", "marks", "reports", "gradebook.db", "journal.db")


def to_be_graded(graded_class: Course, folder: Path) -> Course:
    """The class as it was before it was graded, but for the one who takes ten seconds."""
    course = copy_of(graded_class, folder, *MADE)
    shutil.rmtree(course.root / "submitted" / SLOW)
    return course


def start(course: Course) -> subprocess.Popen[bytes]:
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        command("grade", NAME, "--jobs", "2"), cwd=course.root.parent, env=environment(), stdout=quiet, stderr=quiet
    )


def wait_for(course: Course, stage: str, grading: subprocess.Popen[bytes]) -> None:
    """Until the run has come this far."""
    patience = time.monotonic() + 120
    while time.monotonic() < patience and grading.poll() is None:
        if any(course.root.glob(stage)):
            return
        time.sleep(0.02)
    pytest.fail(f"the run never came to {stage}")


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
@pytest.mark.parametrize(
    "stage", ["journal.db", "autograded/*/*/*.ipynb", "feedback/*/*/*.html"], ids=["begun", "recording", "feedback"]
)
def test_kill_9_loses_nothing(graded_class: Course, tmp_path: Path, stage: str) -> None:
    course = to_be_graded(graded_class, tmp_path)
    grading = start(course)
    wait_for(course, stage, grading)
    grading.send_signal(signal.SIGKILL)
    grading.wait()

    resumed = run(course, "grade", NAME, "--jobs", "2")
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    uninterrupted = gradebook_of(graded_class)
    del uninterrupted[SLOW]
    assert gradebook_of(course) == uninterrupted
    assert pages(course) == {page for page in pages(graded_class) if SLOW not in page}
    assert "Nothing changed" in run(course, "grade", NAME).stdout


def pages(course: Course) -> set[str]:
    return {str(page.relative_to(course.root)) for page in course.root.glob("feedback/*/*/*.html")}


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a signal")
def test_ctrl_c_keeps_what_is_graded(graded_class: Course, tmp_path: Path) -> None:
    course = to_be_graded(graded_class, tmp_path)
    grading = start(course)
    wait_for(course, "autograded/*/*/*.ipynb", grading)
    grading.send_signal(signal.SIGINT)
    assert grading.wait(timeout=60) == 130
    with Journal(course.journal_file) as journal:
        recorded = journal.records(NAME)
    assert 0 < len(recorded) < len(graded_class.students(NAME))
    assert f"{len(recorded)} unchanged" in run(course, "grade", NAME).stdout


def test_a_lost_page_notebook_or_gradebook_is_made_again(graded: Course) -> None:
    before = gradebook_of(graded)
    (graded.feedback("s00001_as_taught", NAME) / f"{NAME}.html").unlink()
    assert "1 feedback pages written" in run(graded, "grade", NAME).stdout
    (graded.autograded("s00001_as_taught", NAME) / f"{NAME}.ipynb").unlink()
    assert "1 graded" in run(graded, "grade", NAME).stdout
    assert gradebook_of(graded) == before
