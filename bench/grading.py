"""Part two: the same submissions by plain ``nbgrader autograde`` and by ours; part three: a class ten times as large.

The submissions are of the sample class, without the cast that comes first in it: one of those never ends, and would
weigh on whichever side is the slower to stop it. Times are wall-clock times of whole runs, start-up included.
"""

import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from autograder.course import Course
from autograder.journal import Journal
from autograder.release import release
from autograder.sample_class import make_sample_class
from autograder.samples import CASTS
from bench.machine import description
from bench.memory import run_watched
from bench.timing import spread

NAME = "ps1_gradient_descent"
ASSIGNMENTS = Path(__file__).resolve().parents[1] / "assignments"
# These undo the lines of our configuration by which nbgrader's commands grade, and make pages, as we do.
PLAIN = "--Autograde.exporter_class=nbconvert.exporters.NotebookExporter"
PLAIN_PAGES = "--GenerateFeedback.exporter_class=nbconvert.exporters.HTMLExporter"
RUNS = 3  # of ours, for a spread; nbgrader has one, of some nine minutes
Say = Callable[[str], None]


@dataclass(frozen=True)
class Cost:
    """What a class took: seconds, and the most memory (MiB, all processes together) at once, 0 if unknown.

    ``graded`` counts the submissions that have a graded notebook afterwards.
    """

    submissions: int
    graded: int
    grading: float
    feedback: float
    memory: float

    @property
    def each(self) -> float:
        """Seconds of grading for one submission."""
        return self.grading / self.submissions

    @property
    def page(self) -> float:
        """Seconds for one feedback page."""
        return self.feedback / self.submissions

    @property
    def minutes(self) -> float:
        """Minutes for all of it."""
        return (self.grading + self.feedback) / 60


def beside_nbgrader(number: int, jobs: int, say: Say) -> dict[str, Any]:
    """The same ``number`` submissions by plain nbgrader, which has one process, and by ours in ``jobs`` processes.

    Ours grades them several times, each time a copy that nothing has graded; the median counts.
    """
    with TemporaryDirectory() as folder:
        course = make_course(Path(folder, "one"), number)
        copies = [
            Course.at(Path(shutil.copytree(course.root, Path(folder, f"other{turn}", "assignments"))))
            for turn in range(RUNS)
        ]
        say(f"Grading {number:,} submissions by plain nbgrader, some five seconds each.")
        theirs = by_nbgrader(course)
        say(f"Grading the same {number:,} submissions by ours, {RUNS} times.")
        ours = [by_ours(copy, jobs) for copy in copies]
    times = {
        "grading": spread([theirs.each / cost.each for cost in ours]),
        "feedback": spread([theirs.page / cost.page for cost in ours]),
    }
    return {
        **_conditions(jobs),
        "submissions": number,
        "graded": {"nbgrader": theirs.graded, "ours": min(cost.graded for cost in ours)},
        "throughput, as a multiple of nbgrader's": {what: round(many.median, 1) for what, many in times.items()},
        "spread of the throughput": {what: many.rounded(1)[1:] for what, many in times.items()},
        "peak memory in MiB": {"nbgrader": round(theirs.memory), "ours": round(max(cost.memory for cost in ours))},
    }


def ten_times_as_many(number: int, jobs: int, say: Say) -> dict[str, Any]:
    """A class of ``number`` and one ten times as large by ours: whether a submission costs the same in both."""
    costs = []
    for size in (number, 10 * number):
        with TemporaryDirectory() as folder:
            say(f"Making {size:,} submissions.")
            course = make_course(Path(folder), size)
            say(f"Grading {size:,} submissions by ours.")
            costs.append(by_ours(course, jobs))
    few, many = costs
    return {
        **_conditions(jobs),
        "submissions": [few.submissions, many.submissions],
        "graded": [few.graded, many.graded],
        "a submission's cost in the large class, as a multiple of that in the small": {
            "grading": round(many.each / few.each, 3),
            "feedback": round(many.page / few.page, 3),
            "both": round((many.each + many.page) / (few.each + few.page), 3),
        },
        "minutes": [round(few.minutes, 1), round(many.minutes, 1)],
        "peak memory in MiB": [round(few.memory), round(many.memory)],
    }


def _conditions(jobs: int) -> dict[str, Any]:
    return {"machine": description("nbgrader", "numpy") | {"processes of ours": str(jobs)}}


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
    nbgrader = [sys.executable, "-m", "nbgrader"]
    grading, some = _timed(course, [*nbgrader, "autograde", NAME, PLAIN])
    feedback, more = _timed(course, [*nbgrader, "generate_feedback", NAME, PLAIN_PAGES])
    return _cost(course, grading, feedback, max(some, more))


def _timed(course: Course, command: list[str]) -> tuple[float, float]:
    """Seconds and memory. nbgrader's exit status is 1 when it lost a submission, as it does if the kernel ended."""
    started = time.monotonic()
    _, memory = run_watched(command, course.root, _environment())
    return time.monotonic() - started, memory


def by_ours(course: Course, jobs: int) -> Cost:
    """``python -m autograder grade`` in a process of its own."""
    command = [sys.executable, "-m", "bench.class_run", str(course.root), NAME, str(jobs)]
    printed, memory = run_watched(command, ASSIGNMENTS.parent, _environment())
    if not printed:
        raise RuntimeError(f"{' '.join(command)} failed; run it to see why")
    seconds = json.loads(printed.splitlines()[-1])
    return _cost(course, seconds["grading"], seconds["feedback"], memory)


def _cost(course: Course, grading: float, feedback: float, memory: float) -> Cost:
    graded = len(list(course.root.glob(f"autograded/*/{NAME}/{NAME}.ipynb")))
    return Cost(len(course.students(NAME)), graded, grading, feedback, memory)


def _environment() -> dict[str, str]:
    """With this interpreter's scripts on the path: nbgrader starts some by name."""
    return {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
