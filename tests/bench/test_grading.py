"""``python -m bench grading`` measures the grader that instructors run, on submissions that nothing has graded."""

import sys
from pathlib import Path

from autograder.samples import CASTS
from bench.grading import NAME, Cost, by_ours, make_course


def test_a_class_is_graded_whole_and_measured(tmp_path: Path) -> None:
    course = make_course(tmp_path, 3)
    students = course.students(NAME)
    assert len(students) == 3
    assert not any(learner.name in student for learner in CASTS[NAME][0] for student in students)
    cost = by_ours(course, jobs=1)
    assert cost.submissions == 3
    assert cost.grading > 0 < cost.feedback
    assert (cost.memory > 0) == (sys.platform == "linux")
    assert len(list(course.root.glob("feedback/*/*/*.html"))) == 3


def test_costs_are_per_submission() -> None:
    assert Cost(4, grading=2.0, feedback=1.0).each == 0.5
    assert Cost(4, grading=2.0, feedback=1.0).page == 0.25
