"""The README's figures are the recorded ones, and a mark without figures says what to run."""

import json
from pathlib import Path

import pytest

from bench.readme import README, with_figures


def test_the_readme_shows_what_was_recorded() -> None:
    text = README.read_text()
    assert "<!-- bench steps -->" in text
    assert with_figures(text) == text, "run: python -m bench readme"


def test_a_new_figure_reaches_the_table(tmp_path: Path) -> None:
    figures = {"machine": {"processor": "abacus"}, "weights": 1000, "ratios": {"SGD": {"numpy": 2.5, "torch.optim": 1}}}
    (tmp_path / "steps.json").write_text(json.dumps(figures))
    text = with_figures("before\n<!-- bench steps -->\nold\n<!-- end -->\nafter", tmp_path)
    assert "| SGD | 2.50 | – | – | 1.00 | – | – |" in text
    assert "abacus" in text
    assert "old" not in text
    assert text.startswith("before\n")
    assert text.endswith("\nafter")


def test_a_mark_without_figures_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="python -m bench steps"):
        with_figures("<!-- bench steps --><!-- end -->", tmp_path)
