"""A run killed in the middle is taken up where it stopped, and the end is the same."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.journal import Journal
from tests.autograder.courses import CLASS, copy_of, environment, gradebook_of, run
from tests.autograder.notebooks import NAME

QUICK = ("s00001_as_taught", "s00002_uphill", "s00009_broken_upload", "s00016_deletes_cells")
SLOW = "s00007_loops_forever"
MADE = ("autograded", "feedback", "marks", "reports", "gradebook.db", "journal.db", "journal.db-wal", "journal.db-shm")
# What a run has made by the time that it is killed, or soon after.
STAGES = ("journal.db", "autograded/*/*/*.ipynb", "feedback/*/*/*.html")
KILLS = int(os.environ.get("KILLS", len(STAGES)))  # KILLS=20 kills more often than every push can afford


def to_be_graded(graded_class: Course, folder: Path, *students: str) -> Course:
    """A few of the class as they were before they were graded."""
    course = copy_of(graded_class, folder, *MADE, "submitted")
    for student in students:
        shutil.copytree(graded_class.root / "submitted" / student, course.root / "submitted" / student)
    return course


# As the command does it, but each result is recorded by itself, so that a run can stop between any two.
ONE_BY_ONE = "import sys, autograder.batch as b, autograder.cli as c; b.BATCH = 1; c.app(sys.argv[1:])"


def start(course: Course) -> subprocess.Popen[bytes]:
    quiet = subprocess.DEVNULL
    command = [sys.executable, "-c", ONE_BY_ONE, "grade", NAME, "--jobs", "2"]
    return subprocess.Popen(command, cwd=course.root.parent, env=environment(), stdout=quiet, stderr=quiet)


def wait_for(course: Course, stage: str, grading: subprocess.Popen[bytes]) -> None:
    """Until the run has come this far."""
    patience = time.monotonic() + 120
    while time.monotonic() < patience and grading.poll() is None:
        if any(course.root.glob(stage)):
            return
        time.sleep(0.02)
    pytest.fail(f"the run never came to {stage}")


@pytest.fixture(scope="module")
def lengths(graded_class: Course, tmp_path_factory: pytest.TempPathFactory) -> list[float]:
    """Seconds that an undisturbed run takes from each stage to the next, and from the last to its end."""
    course = to_be_graded(graded_class, tmp_path_factory.mktemp("undisturbed"), *QUICK)
    grading, times = start(course), []
    for stage in STAGES:
        wait_for(course, stage, grading)
        times.append(time.monotonic())
    assert grading.wait(timeout=120) == 0
    return [after - before for before, after in pairwise([*times, time.monotonic()])]


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
@pytest.mark.parametrize("number", range(KILLS))
def test_kill_9_at_a_random_moment_loses_nothing(
    graded_class: Course, lengths: list[float], tmp_path: Path, number: int
) -> None:
    course = to_be_graded(graded_class, tmp_path, *QUICK)
    grading, stage = start(course), number % len(STAGES)
    wait_for(course, STAGES[stage], grading)
    time.sleep(random.Random(number).uniform(0.0, lengths[stage]))
    grading.send_signal(signal.SIGKILL)
    grading.wait()

    resumed = run(course, "grade", NAME, "--jobs", "1")
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    uninterrupted = gradebook_of(graded_class)
    assert gradebook_of(course) == {student: uninterrupted[student] for student in QUICK}
    assert pages(course) == {page for page in pages(graded_class) if Path(page).parts[1] in QUICK}
    with Journal(course.journal_file) as journal:
        assert journal.records(NAME).keys() == set(QUICK)


def pages(course: Course) -> set[str]:
    return {str(page.relative_to(course.root)) for page in course.root.glob("feedback/*/*/*.html")}


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a signal")
def test_ctrl_c_keeps_what_is_graded(graded_class: Course, tmp_path: Path) -> None:
    course = to_be_graded(graded_class, tmp_path, *QUICK, SLOW)
    grading = start(course)
    wait_for(course, "autograded/*/*/*.ipynb", grading)
    grading.send_signal(signal.SIGINT)
    assert grading.wait(timeout=60) == 130
    with Journal(course.journal_file) as journal:
        recorded = journal.records(NAME)
    assert 0 < len(recorded) <= len(QUICK)
    shutil.rmtree(course.root / "submitted" / SLOW)
    done = run(course, "grade", NAME, "--jobs", "1")
    assert f"{len(recorded)} unchanged, {len(QUICK)} feedback pages written" in done.stdout


def test_a_lost_page_or_notebook_is_made_again(graded: Course) -> None:
    before = gradebook_of(graded)
    (graded.feedback("s00002_uphill", NAME) / f"{NAME}.html").unlink()
    (graded.autograded("s00001_as_taught", NAME) / f"{NAME}.ipynb").unlink()
    done = run(graded, "grade", NAME, "--jobs", "1")
    assert f"1 graded, {CLASS - 1} unchanged, 2 feedback pages written" in done.stdout
    assert gradebook_of(graded) == before
