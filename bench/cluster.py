"""How much faster two workers of a Dask cluster grade a class than one, on this machine.

Scheduler and grader run beside the workers, so the machine needs two cores, and more would help. Runs alternate, each
in a process of its own on a copy that nothing has graded. The time counts from the first answer to the last, for both
grading and feedback: before that, workers start, which takes the same seconds however large the class.
"""

import json
import shutil
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.grading import ASSIGNMENTS, NAME, Say, make_course
from bench.machine import description
from bench.timing import spread

LIMIT = 1.6
WORKERS = (1, 2)


def two_workers_beside_one(number: int, turns: int, say: Say) -> dict[str, Any]:
    """The throughput of two workers as a multiple of one's, ``turns`` times over a class of ``number``."""
    seconds: dict[int, list[dict[str, float]]] = {workers: [] for workers in WORKERS}
    with TemporaryDirectory() as folder:
        course = make_course(Path(folder, "class"), number)
        for turn in range(turns):
            for workers in WORKERS:
                say(f"Turn {turn + 1} of {turns}: {number:,} submissions by {workers} of a cluster.")
                copy = Path(shutil.copytree(course.root, Path(folder, f"{turn}-{workers}", "assignments")))
                seconds[workers].append(_graded(copy, workers))
                shutil.rmtree(copy.parent)
    times = {
        stage: spread([one[stage] / two[stage] for one, two in zip(seconds[1], seconds[2], strict=True)])
        for stage in ("both", "grading", "feedback", "whole run")
    }
    return {
        "machine": description("distributed", "nbgrader", "numpy"),
        "submissions": number,
        "turns": turns,
        "limit": LIMIT,
        "throughput of two workers, as a multiple of one's": {what: many.rounded(2) for what, many in times.items()},
    }


def _graded(root: Path, workers: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.cluster", str(root), str(workers)]
    done = subprocess.run(command, cwd=ASSIGNMENTS.parent, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    seconds: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return seconds


def _grade(root: str, workers: str) -> None:
    """Grade a class in this process's cluster and print what each stage took, from its first answer to its last."""
    begun = time.monotonic()
    from autograder.assignment import Assignment
    from autograder.batch import grade_class
    from autograder.cluster import LOCAL, cluster
    from autograder.course import Course
    from autograder.sandbox.tiers import best_tier

    seen: dict[str, list[float]] = {"grading": [], "feedback": []}

    def watch(stage: str, done: int, total: int) -> None:
        if done:
            seen[stage].append(time.monotonic())

    course, tier = Course.at(Path(root)), best_tier()
    hire = cluster(LOCAL, int(workers), tier, Assignment.load(course.root, NAME).allow, partial(print, file=sys.stderr))
    summary = grade_class(course, NAME, tier=tier, hire=hire, seed=1, students=None, watch=watch)
    if summary.failed:
        raise RuntimeError(str(summary.failed))
    took = {stage: times[-1] - times[0] for stage, times in seen.items()}
    print(json.dumps({**took, "both": sum(took.values()), "whole run": time.monotonic() - begun}))


if __name__ == "__main__":
    _grade(*sys.argv[1:])
