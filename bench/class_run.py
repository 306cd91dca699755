"""``python -m bench.class_run COURSE ASSIGNMENT JOBS`` grades a class and prints what it took, as JSON.

A process of its own, which holds what ``python -m autograder`` holds and nothing of the bench.
"""

import json
import sys
import time
from functools import partial
from pathlib import Path

from autograder.pool import Pool, get_ready


def main(root: str, assignment: str, jobs: str) -> None:
    begun = time.monotonic()
    get_ready("autograder.worker")
    from autograder.batch import grade_class
    from autograder.course import Course
    from autograder.sandbox.tiers import best_tier

    started: dict[str, float] = {}
    ended: dict[str, float] = {}

    def watch(stage: str, done: int, total: int) -> None:
        started.setdefault(stage, time.monotonic())
        ended[stage] = time.monotonic()

    course, tier = Course.at(Path(root)), best_tier()
    grade_class(course, assignment, tier=tier, hire=partial(Pool, int(jobs)), seed=1, students=None, watch=watch)
    feedback = ended["feedback"] - started["feedback"]
    print(json.dumps({"grading": time.monotonic() - begun - feedback, "feedback": feedback}))


if __name__ == "__main__":
    main(*sys.argv[1:])
