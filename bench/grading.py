"""Part two: the same submissions by plain ``nbgrader autograde`` and by ours, in one run.

The submissions are of the sample class, without the cast that comes first in it: one of those never ends, and would
weigh on whichever side is the slower to stop it. Times are wall-clock times of whole runs, start-up included.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course
from autograder.journal import Journal
from autograder.release import release
from autograder.sample_class import make_sample_class
from autograder.samples import CASTS

NAME = "ps1_gradient_descent"
ASSIGNMENTS = Path(__file__).resolve().parents[1] / "assignments"
# Undoes the line of our configuration by which `nbgrader autograde` grades as we do.
PLAIN = "--Autograde.exporter_class=nbconvert.exporters.NotebookExporter"


@dataclass(frozen=True)
class Cost:
    """Seconds that a class took, and the most memory (MiB, all processes together) that was in use; 0 if unknown."""

    submissions: int
    grading: float
    feedback: float
    memory: float = 0.0

    @property
    def each(self) -> float:
        """Seconds of grading for one submission."""
        return self.grading / self.submissions

    @property
    def page(self) -> float:
        """Seconds for one feedback page."""
        return self.feedback / self.submissions


def make_course(folder: Path, number: int) -> Course:
    """The course with ``number`` submissions, released."""
    root = folder / "assignments"
    shutil.copytree(ASSIGNMENTS / "source" / NAME, root / "source" / NAME)
    shutil.copy(ASSIGNMENTS / "nbgrader_config.py", root)
    course = Course.at(root)
    cast = len(CASTS[NAME][0])
    make_sample_class(course, NAME, cast + number)
    for student in course.students(NAME)[:cast]:
        shutil.rmtree(root / "submitted" / student)
    with Journal(course.journal_file) as journal:
        release(course, NAME, journal)
    return course


def by_nbgrader(course: Course) -> Cost:
    """nbgrader's own commands."""
    return Cost(
        len(course.students(NAME)), _nbgrader(course, "autograde", PLAIN), _nbgrader(course, "generate_feedback")
    )


def _nbgrader(course: Course, command: str, *options: str) -> float:
    scripts = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    started = time.monotonic()
    # Its exit status is 1 when it lost a submission, as it does those that end their kernel.
    subprocess.run(
        [sys.executable, "-m", "nbgrader", command, NAME, *options],
        cwd=course.root,
        env={**os.environ, "PATH": scripts},
        capture_output=True,
        check=False,
    )
    return time.monotonic() - started


def by_ours(course: Course, jobs: int) -> Cost:
    """``python -m autograder grade`` in a process of its own."""
    command = [sys.executable, "-m", "bench.class_run", str(course.root), NAME, str(jobs)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Cost(**json.loads(done.stdout.splitlines()[-1]))
