"""``python -m bench steps`` measures every way of every rule, and writes down what it measured on what."""

import json
import shutil
import subprocess
import sys

import pytest

from course_lib.optimizers.torch_rules import RULES


def bench(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "bench", "steps", *arguments], capture_output=True, text=True, check=False
    )


def test_every_rule_every_way(tmp_path):
    output = tmp_path / "figures" / "steps.json"
    done = bench("--size", "400", "--rounds", "3", "--no-compiled", "--output", str(output))
    assert done.returncode == 0, done.stderr
    figures = json.loads(output.read_text())
    assert figures["machine"]["threads used"] == "1"
    assert figures["weights"] == 400
    assert set(figures["ratios"]) == set(RULES)
    for name, row in figures["ratios"].items():
        assert row["torch.optim"] == 1
        assert {"numpy", "torch"} <= row.keys()
        assert all(ratio > 0 for ratio in row.values())
        assert name in done.stdout
        halves = figures["spread"][name]
        assert halves.keys() == row.keys()
        assert all(low <= row[way] <= high for way, (low, high) in halves.items())
    assert {name for name, row in figures["ratios"].items() if "fused" in row} == {"SGD", "Adagrad", "Adam", "AdamW"}
    assert {name for name, row in figures["ratios"].items() if "foreach" not in row} == {"LBFGS", "Muon", "SparseAdam"}


@pytest.mark.skipif(
    not any(map(shutil.which, ("c++", "g++", "clang++"))),
    reason="torch.compile needs a C++ compiler, and there is none",
)
def test_the_same_source_compiles(tmp_path):
    output = tmp_path / "steps.json"
    done = bench("--only", "Adam", "--size", "400", "--rounds", "1", "--output", str(output))
    assert done.returncode == 0, done.stderr
    assert json.loads(output.read_text())["ratios"]["Adam"]["compiled"] > 0


def test_an_unknown_name():
    done = bench("--only", "Adm")
    assert done.returncode == 2
    assert "not a class of torch.optim" in done.stderr
