"""``python -m bench.class_run COURSE ASSIGNMENT JOBS`` grades a class and prints what it took, as JSON.

A process of its own, which holds what ``python -m autograder`` holds and nothing of the bench.
"""

import json
import sys
import threading
import time
from pathlib import Path

import psutil

import autograder.__main__  # noqa: F401 (starts as the command does)


def main(root: str, assignment: str, jobs: str) -> None:
    from autograder.batch import grade_class
    from autograder.course import Course
    from autograder.sandbox.tiers import best_tier

    started: dict[str, float] = {}
    ended: dict[str, float] = {}

    def watch(stage: str, done: int, total: int) -> None:
        started.setdefault(stage, time.monotonic())
        ended[stage] = time.monotonic()

    begun, memory = time.monotonic(), Memory()
    course, tier = Course.at(Path(root)), best_tier()
    with memory:
        summary = grade_class(course, assignment, tier=tier, jobs=int(jobs), seed=1, students=None, watch=watch)
    feedback = ended["feedback"] - started["feedback"]
    grading = time.monotonic() - begun - feedback
    print(json.dumps({"submissions": summary.graded, "grading": grading, "feedback": feedback, "memory": memory.peak}))


class Memory:
    """The most memory that this process and all below it have held at once, in MiB; shared pages count once."""

    def __init__(self) -> None:
        self.peak = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        own = psutil.Process()
        while not self._over.wait(1.0):
            self.peak = max(self.peak, sum(map(_share, [own, *own.children(recursive=True)])) / 2**20)


def _share(process: psutil.Process) -> float:
    try:
        return float(getattr(process.memory_full_info(), "pss", 0.0))  # Linux alone tells
    except psutil.Error:
        return 0.0


if __name__ == "__main__":
    main(*sys.argv[1:])
