"""``python -m bench grading`` measures the grader that instructors run, on submissions that nothing has graded."""

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.samples import CASTS
from bench import __main__ as command
from bench.grading import NAME, Cost, beside_nbgrader, by_ours, make_course, ten_times_as_many


def test_a_class_is_graded_whole_and_measured(tmp_path: Path) -> None:
    course = make_course(tmp_path, 3)
    students = course.students(NAME)
    assert len(students) == 3
    assert not any(learner.name in student for learner in CASTS[NAME][0] for student in students)
    cost = by_ours(course, jobs=1)
    assert (cost.submissions, cost.graded) == (3, 3)
    assert cost.grading > 0 < cost.feedback
    assert (cost.memory > 0) == (sys.platform == "linux")
    assert len(list(course.root.glob("feedback/*/*/*.html"))) == 3


def test_both_sides_grade_the_same_submission(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr("bench.grading.RUNS", 2)
    figures = beside_nbgrader(1, jobs=1, say=said.append)
    assert figures["graded"] == {"nbgrader": 1, "ours": 1}
    assert all(ratio > 0 for ratio in figures["throughput, as a multiple of nbgrader's"].values())
    assert all(low <= high for low, high in figures["spread of the throughput"].values())
    assert {"date", "nbgrader", "processes of ours"} <= figures["machine"].keys()
    assert ["plain nbgrader" in line for line in said] == [True, False]


def test_costs_are_per_submission() -> None:
    cost = Cost(4, 4, grading=2.0, feedback=1.0, memory=0.0)
    assert (cost.each, cost.page, cost.minutes) == (0.5, 0.25, 0.05)


def test_a_flat_cost_is_said_to_be_flat(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundredth of a second each, whatever the class."""
    monkeypatch.setattr("bench.grading.make_course", lambda folder, size: size)
    monkeypatch.setattr("bench.grading.by_ours", lambda size, jobs: Cost(size, size, 0.01 * size, 0.02 * size, 300.0))
    figures = ten_times_as_many(50, 2, say=lambda text: None)
    assert figures["submissions"] == figures["graded"] == [50, 500]
    growth = figures["a submission's cost in the large class, as a multiple of that in the small"]
    assert growth == {"grading": 1.0, "feedback": 1.0, "both": 1.0}
    assert figures["minutes"] == [0.0, 0.2]


@pytest.mark.parametrize(
    ("option", "size", "file"), [([], 100, "grading.json"), (["--full"], 1000, "grading_full.json")]
)
def test_each_measurement_has_its_size_and_its_file(
    option: list[str], size: int, file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("beside_nbgrader", "ten_times_as_many"):
        monkeypatch.setattr(command, name, lambda number, jobs, say, name=name: {"by": name, "submissions": number})
    monkeypatch.setattr(command, "RESULTS", tmp_path)
    done = CliRunner().invoke(command.app, ["grading", *option])
    assert done.exit_code == 0, done.output
    assert [path.name for path in tmp_path.iterdir()] == [file]
    assert json.loads((tmp_path / file).read_text())["submissions"] == size
