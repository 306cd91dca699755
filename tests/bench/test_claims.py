"""One table says all that is claimed, each thing beside its peer, from whatever has been recorded."""

import json
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bench import __main__ as command
from bench.claims import PARTS, Claim, claims, recorded
from bench.readme import NAMES
from bench.timing import ratios_to, spread

MACHINE = {"processor": "abacus"}
GRADING = {
    "machine": MACHINE | {"processes of ours": "2"},
    "submissions": 100,
    "graded": {"nbgrader": 80, "ours": 100},
    "throughput, as a multiple of nbgrader's": {"grading": 61.2, "feedback": 17.0},
    "peak memory in MiB": {"nbgrader": 700, "ours": 350},
}
FIGURES = {
    "steps": {"machine": MACHINE, "weights": 1000, "ratios": {"SGD": {"numpy": 2.5}, "Adam": {"numpy": 3.5}}},
    "grading": GRADING,
    "grading_full": {
        "machine": MACHINE,
        "submissions": [1000, 10000],
        "graded": [1000, 10000],
        "a submission's cost in the large class, as a multiple of that in the small": {"both": 1.04},
        "minutes": [1.2, 12.0],
        "peak memory in MiB": [450, 512],
    },
    "book": {
        "machine": MACHINE,
        "limits in seconds": {"cold": 240.0, "text edit": 10.0, "code edit": 10.0},
        "build, as a multiple of its limit": {
            "cold": [0.4, 0.4, 0.4],
            "text edit": [0.5, 0.45, 0.6],
            "code edit": [0.8, 0.7, 0.9],
        },
        "chapters beside jupyter-book": 4,
        "cold build of those, as a multiple of jupyter-book's": 0.61,
    },
    "latency": {
        "machine": MACHINE,
        "limit in ms": 200,
        "first press, as a multiple of the classic cell's": [0.1, 0.09, 0.12],
        "press, as a multiple of the limit": {"right": [0.15, 0.14, 0.2]},
    },
}


def test_every_part_that_is_claimed_is_named_where_it_was_measured() -> None:
    assert PARTS.keys() <= NAMES.keys()
    assert PARTS.keys() >= FIGURES.keys()


def test_each_part_says_what_it_was_measured_beside() -> None:
    said = {claim.what: claim for claim in claims(FIGURES)}
    assert said["a step on NumPy: 2 optimizers, 1,000 weights"] == Claim(
        "a step on NumPy: 2 optimizers, 1,000 weights", "`torch.optim`, plain", 3.0, 2.75, 3.25
    )
    assert said["submissions graded a second, 2 processes"].ratio == 61.2
    assert said["graded of 100: 100"] == Claim("graded of 100: 100", "nbgrader: 80", 1.25)
    assert said["peak memory while grading"].ratio == 0.5
    assert said["grading one submission of 10,000"][1:3] == ("one of 1,000", 1.04)
    assert said["grading 10,000 submissions"][1:3] == ("a limit of 15 minutes", 0.8)
    assert said["peak memory for 10,000"].ratio == 0.5
    assert said["the book again, a chapter's text edited"][1:] == ("a limit of 10 s", 0.5, 0.45, 0.6)
    assert said["4 chapters, built from nothing"][1:3] == ("Jupyter Book's own execution", 0.61)
    assert said["`check`, right"][1:] == ("a limit of 200 ms", 0.15, 0.14, 0.2)
    assert said["`check`, first in a session"].ratio == 0.1


def test_a_spread_is_shown_where_one_was_recorded() -> None:
    halves = {"spread of the throughput": {"grading": [58.0, 63.5], "feedback": [16.0, 18.0]}}
    (plain, *_), (wide, *_) = claims({"grading": GRADING}), claims({"grading": GRADING | halves})
    assert plain.cells()[2:] == ("61.2", "–")
    assert wide.cells()[2:] == ("61.2", "58.0 – 63.5")


def test_memory_that_nobody_could_measure_is_no_claim() -> None:
    unknown = GRADING | {"peak memory in MiB": {"nbgrader": 0, "ours": 0}}
    assert not [claim for claim in claims({"grading": unknown}) if "memory" in claim.what]


@pytest.mark.parametrize(("ratio", "shown"), [(0.6149, "0.61"), (2.5, "2.50"), (61.25, "61.2"), (273.4, "273")])
def test_a_ratio_has_three_digits(ratio: float, shown: str) -> None:
    assert Claim("a", "b", ratio).cells() == ("a", "b", shown, "–")


def test_one_table_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, figures in FIGURES.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(figures))
    monkeypatch.setattr(command, "recorded", lambda: recorded(tmp_path))
    monkeypatch.setattr(command, "console", Console(width=160))
    shown = CliRunner().invoke(command.app, ["show"])
    assert shown.exit_code == 0, shown.output
    for claim in claims(FIGURES):
        line = next(line for line in shown.output.splitlines() if claim.what.replace("`", "") in line)
        assert claim.cells()[2] in line


def test_everything_is_measured_and_then_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    for name in ("steps", "check", "book", "grading", "show"):
        monkeypatch.setattr(command, name, lambda name=name: done.append(name))
    assert CliRunner().invoke(command.app, []).exit_code == 0
    assert sorted(done) == ["book", "check", "grading", "show", "steps"]
    assert done[-1] == "show"


def test_a_ratio_is_taken_turn_by_turn() -> None:
    """A moment in which the machine is ten times slower leaves no trace."""
    turns = {"ours": [1.0, 10.0, 1.0], "theirs": [2.0, 20.0, 2.0]}
    assert ratios_to("theirs", turns)["ours"] == spread([0.5])
