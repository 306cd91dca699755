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


def test_a_new_figure_reaches_the_table(tmp_path: Path) -> None:
    recorded(tmp_path, "steps", weights=1000, ratios={"SGD": {"numpy": 2.5, "torch.optim": 1}})
    text = with_figures(PLACE, tmp_path)
    assert "| SGD | 2.50 | – | – | 1.00 | – | – |" in text
    assert "abacus" in text
    assert "old" not in text
    assert text.startswith("before\n<!-- bench -->\n")
    assert text.endswith("\n<!-- end -->\nafter")
    assert with_figures(text, tmp_path) == text


def test_the_grader_beside_nbgrader_and_on_a_large_class(tmp_path: Path) -> None:
    recorded(
        tmp_path,
        "grading",
        **{
            "submissions": 100,
            "graded": {"nbgrader": 97, "ours": 100},
            "throughput, as a multiple of nbgrader's": {"grading": 61.2, "feedback": 17.0},
            "peak memory in MiB": {"nbgrader": 700, "ours": 0},
        },
    )
    recorded(
        tmp_path,
        "grading_full",
        **{
            "submissions": [1000, 10000],
            "graded": [1000, 10000],
            "a submission's cost in the large class, as a multiple of that in the small": {"both": 1.04},
            "minutes": [1.2, 11.9],
            "peak memory in MiB": [450, 460],
        },
    )
    text = with_figures(PLACE, tmp_path)
    assert "| grader | grading | feedback | graded of 100 | peak memory, MiB |" in text
    assert "| nbgrader | 1.0 | 1.0 | 97 | 700 |" in text
    assert "| ours | 61.2 | 17.0 | 100 | – |" in text
    assert "| 1,000 | 1.00 | 1000 | 1.2 | 450 |" in text
    assert "| 10,000 | 1.04 | 10000 | 11.9 | 460 |" in text


def test_nothing_recorded_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="run python -m bench"):
        with_figures(PLACE, tmp_path)


def test_a_file_without_the_place_is_refused(tmp_path: Path) -> None:
    recorded(tmp_path, "steps", weights=1, ratios={})
    with pytest.raises(ValueError, match="one place for figures"):
        with_figures("no marks", tmp_path)
