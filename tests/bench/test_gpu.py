"""``python -m bench gpu`` goes through its motions on a CPU, and what a page shows is live, recorded or nothing."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from bench import __main__ as command
from course_lib import gpu
from course_lib.optimizers.torch_rules import RULES

WITHOUT_GPU = pytest.mark.skipif(torch.cuda.is_available(), reason="tells what happens where there is no GPU")
SMALL = {"sizes": (64, 16, 10), "epochs": 2}


def bench(*arguments: str):
    return CliRunner().invoke(command.app, ["gpu", *arguments])


@pytest.fixture(scope="module")
def figures() -> dict[str, object]:
    return gpu.measured("cpu", **SMALL, compiled=False)


def test_the_command_writes_figures_with_their_provenance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figures: dict[str, object]
) -> None:
    asked = {}
    monkeypatch.setattr("bench.gpu.measured", lambda device, **settings: asked.update(settings) or figures)
    monkeypatch.setattr("sys.argv", ["bench/__main__.py", "gpu", "--device", "cpu"])
    output = tmp_path / "gpu.json"
    done = bench("--device", "cpu", "--epochs", "2", "--weights", "1000", "--output", str(output))
    assert done.exit_code == 0, done.output
    assert asked == {"weights": 1000, "epochs": 2, "compiled": True}
    written = json.loads(output.read_text())
    assert {"date", "device", "python", "torch", "command"} <= written["made"].keys()
    assert written["made"]["torch"] == torch.__version__
    assert written["made"]["command"] == "python -m bench gpu --device cpu"
    assert written["training"] == json.loads(json.dumps(figures["training"]))
    for line in gpu.told(written):
        assert line in done.output


@WITHOUT_GPU
def test_without_a_gpu_nothing_is_recorded_as_a_gpus(tmp_path: Path) -> None:
    output = tmp_path / "gpu.json"
    refused = bench("--output", str(output))
    assert refused.exit_code == 2
    assert "no GPU here" in refused.output
    assert not output.exists()
    assert bench("--device", "cpu").exit_code == 2


def test_both_adams_learn_alike(figures: dict[str, dict[str, dict[str, list[float]]]]) -> None:
    own, theirs = figures["training"]["accuracy"].values()
    assert len(own) == 3
    assert own[-1] > own[0]
    np.testing.assert_allclose(own, theirs, atol=0.02)


def test_every_optimizer_is_compared_and_a_difference_is_seen(
    figures: dict[str, dict[str, float]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert figures["parity"] == dict.fromkeys(RULES, 0.0)
    right = gpu._path
    monkeypatch.setattr(
        gpu, "_path", lambda name, device, steps: right(name, "cpu", steps) * (1 + 1e-6 * (device != "cpu"))
    )
    apart = gpu.parity_with_cpu("there", steps=3)
    assert all(0.5e-6 < off < 2e-6 for off in apart.values())
    assert "NOT within" in "".join(gpu.told(figures | {"parity": apart}))


def test_the_paths_move_and_differ() -> None:
    paths = {name: gpu._path(name, "cpu", 5) for name in RULES}
    assert all(path.shape == (6, 8, 6) and np.ptp(path, axis=0).max() > 1e-4 for path in paths.values())
    assert len({path[-1].tobytes() for path in paths.values()}) >= len(RULES) - 1  # Adam and AdamW may be close


@WITHOUT_GPU
def test_a_page_without_a_gpu_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figures: dict[str, object]
) -> None:
    record = tmp_path / "gpu.json"
    monkeypatch.setattr(gpu, "RECORD", record)
    source, shown = gpu.found_here()
    assert shown is None
    assert "nothing has been recorded yet" in source
    assert gpu.COMMAND in source
    record.write_text(json.dumps({"made": {"date": "2030-01-01", "device": "abacus"}, **figures}))
    source, shown = gpu.found_here()
    assert shown["training"] == json.loads(json.dumps(figures["training"]))
    assert "RECORDED" in source
    assert "date 2030-01-01, device abacus" in source


def test_a_page_with_a_gpu_measures(monkeypatch: pytest.MonkeyPatch, figures: dict[str, object]) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(gpu, "device_name", lambda device: "abacus")
    monkeypatch.setattr(gpu, "measured", lambda device: {"cuda": figures}[device])
    assert gpu.found_here() == ("Measured while this page was made, on abacus.", figures)


def test_when_the_goal_is_reached() -> None:
    assert gpu._reached([0.1, 0.94, 0.95, 0.9]) == "95% after epoch 2"
    assert gpu._reached([0.1, 0.94]) == "95% not reached"


@pytest.mark.skipif(
    not any(map(shutil.which, ("c++", "g++", "clang++"))),
    reason="torch.compile needs a C++ compiler, and there is none",
)
def test_the_compiled_step_is_timed() -> None:
    found = gpu.compiled_beside_fused("cpu", weights=1000, rounds=3, calls=2)
    low, high = found["range"]
    assert 0 < low <= found["ratio"] <= high


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device, and this machine has none")
def test_what_is_promised_of_a_gpu() -> None:
    figures = gpu.measured("cuda")
    own, theirs = (curve[-1] for curve in figures["training"]["accuracy"].values())
    assert own >= gpu.GOAL <= theirs
    assert max(figures["parity"].values()) <= gpu.TOLERANCE
    assert figures["compiled"]["ratio"] <= 1.15
