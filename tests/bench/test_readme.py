"""The README's figures are the recorded ones, and all of them."""

import json
from pathlib import Path

import pytest

from bench.readme import README, with_figures

PLACE = "before\n<!-- bench -->\nold\n<!-- end -->\nafter"


def recorded(folder: Path, name: str, **figures: object) -> Path:
    (folder / f"{name}.json").write_text(json.dumps({"machine": {"processor": "abacus"}, **figures}))
    return folder


def test_the_readme_shows_what_was_recorded() -> None:
    text = README.read_text()
    assert with_figures(text) == text, "run: python -m bench readme"


def test_a_new_figure_reaches_the_tables(tmp_path: Path) -> None:
    ratios = {"SGD": {"numpy": 2.5, "torch.optim": 1}}
    spread = {"SGD": {"numpy": [2.25, 2.75], "torch.optim": [1, 1]}}
    recorded(tmp_path, "steps", weights=1000, ratios=ratios, spread=spread)
    text = with_figures(PLACE, tmp_path)
    assert "| a step on NumPy: 1 optimizers, 1,000 weights | `torch.optim`, plain | 2.50 | 2.50 – 2.50 |" in text
    assert "| SGD | 2.50 | – | – | 1.00 | – | – | ±10% |" in text
    assert "- steps: processor abacus" in text
    assert "old" not in text
    assert text.startswith("before\n<!-- bench -->\n")
    assert text.endswith("\n<!-- end -->\nafter")
    assert with_figures(text, tmp_path) == text


def test_parts_measured_on_the_same_machine_are_named_together(tmp_path: Path) -> None:
    latency = {"limit in ms": 200, "press, as a multiple of the limit": {}}
    first = {"first press, as a multiple of the classic cell's": [0.1, 0.1, 0.1]}
    recorded(tmp_path, "latency", **latency, **first)
    recorded(tmp_path, "steps", weights=1, ratios={})
    assert "- steps, `check`: processor abacus" in with_figures(PLACE, tmp_path)
    other = {"machine": {"processor": "slide rule"}, "weights": 1, "ratios": {}}
    (tmp_path / "steps.json").write_text(json.dumps(other))
    text = with_figures(PLACE, tmp_path)
    assert "- steps: processor slide rule" in text
    assert "- `check`: processor abacus" in text


def test_nothing_recorded_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="run python -m bench"):
        with_figures(PLACE, tmp_path)


def test_a_file_without_the_place_is_refused(tmp_path: Path) -> None:
    recorded(tmp_path, "steps", weights=1, ratios={})
    with pytest.raises(ValueError, match="one place for figures"):
        with_figures("no marks", tmp_path)
