"""``python -m bench cluster`` says how much two workers are worth beside one, run by run."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.course import Course
from bench import __main__ as command
from bench import cluster
from bench.claims import claims


def test_the_ratio_is_of_runs_side_by_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def empty_course(folder: Path, number: int) -> Course:
        (folder / "source").mkdir(parents=True)
        return Course(folder)

    one = iter([10.0, 20.0, 40.0])  # a machine that gets slower
    two = iter([5.0, 10.0, 25.0])
    monkeypatch.setattr(cluster, "make_course", empty_course)
    monkeypatch.setattr(
        cluster,
        "_graded",
        lambda root, workers: dict.fromkeys(
            ("both", "grading", "feedback", "whole run"), next(one if workers == 1 else two)
        ),
    )
    output = tmp_path / "cluster.json"
    done = CliRunner().invoke(command.app, ["cluster", "--turns", "3", "--output", str(output)])
    assert done.exit_code == 0, done.output
    figures = json.loads(output.read_text())
    assert figures["throughput of two workers, as a multiple of one's"]["both"] == [2.0, 1.8, 2.0]
    (claim,) = claims({"cluster": figures})
    assert (claim.ratio, claim.low, claim.high) == (2.0, 1.8, 2.0)
