"""``python -m bench check`` asks in real kernels, and an answer that says something else is no measurement."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bench import __main__ as command
from bench import latency


def test_learners_wait_is_measured(tmp_path: Path) -> None:
    output = tmp_path / "latency.json"
    done = CliRunner().invoke(command.app, ["check", "--rounds", "1", "--sessions", "1", "--output", str(output)])
    assert done.exit_code == 0, done.output
    figures = json.loads(output.read_text())
    presses = figures["press, as a multiple of the limit"]
    assert presses.keys() == {"right", "named mistake", "unrecognised"}
    for low, high in ((low, high) for _, low, high in presses.values()):
        assert 0 < low <= high
    assert figures["first press, as a multiple of the classic cell's"][0] > 0
    assert {"date", "torch", "ipykernel"} <= figures["machine"].keys()


def test_an_answer_that_says_something_else_is_refused() -> None:
    with latency.learner() as press:
        press(latency.STEP.replace("{direction}", "m"), "")
        assert press(latency.CHECK, "It corrects v but not m.") > 0
        with pytest.raises(RuntimeError, match="was to say"):
            press(latency.CHECK, "7 of 7 criteria met")
        with pytest.raises(RuntimeError, match="ZeroDivisionError"):
            press("1 / 0", "")
