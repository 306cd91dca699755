"""What own steps do on a GPU: train a network, walk the CPU's paths, and, compiled, keep up with torch's fused Adam.

``measured("cuda")`` finds all of it out. ``make gpu-record`` writes that to a file with its date and machine, and where
there is no GPU ``found_here()`` gives what the file says, so that a page can show it as recorded.
"""

import json
import platform
import statistics
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.utils.benchmark import Timer

from course_lib.arrays import Array
from course_lib.optimizers import SparseGrad, adam_init, adam_step, from_torch
from course_lib.optimizers.torch_rules import RULES
from course_lib.torch_bridge import as_torch_optimizer
from course_lib.training import digit_network, digit_parts, train

RECORD = Path(__file__).with_suffix(".json")
COMMAND = "make gpu-record"
GOAL = 0.95  # of the validation digits read right
TOLERANCE = 1e-10  # between two devices, relative, in float64 over 100 steps


def found_here() -> tuple[str, dict[str, Any] | None]:
    """Where the figures to be shown come from, in a line, and the figures: measured, recorded, or None."""
    if torch.cuda.is_available():
        return f"Measured while this page was made, on {device_name('cuda')}.", measured("cuda")
    if not RECORD.is_file():
        return f"No GPU here, and nothing has been recorded yet: `{COMMAND}` on a machine with one does it.", None
    figures: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    made = ", ".join(f"{what} {value}" for what, value in figures["made"].items())
    return f"No GPU here. RECORDED, not measured now: {made}.", figures


def measured(
    device: str,
    *,
    sizes: Sequence[int] = (64, 1024, 1024, 10),
    epochs: int = 12,
    weights: int = 10_000_000,
    compiled: bool = True,
) -> dict[str, Any]:
    """All figures for a device, in numbers that JSON can hold.

    Parameters
    ----------
    device : str
        ``"cuda"``; ``"cpu"`` goes through the same motions.
    sizes, epochs
        Of the network that is trained.
    weights : int
        On how many the compiled step is timed.
    compiled : bool
        Whether to time it at all; on a CPU that takes a C++ compiler.
    """
    figures = {
        "device": device_name(device),
        "training": training_beside_torch(device, sizes=sizes, epochs=epochs),
        "parity": parity_with_cpu(device),
    }
    return figures | ({"compiled": compiled_beside_fused(device, weights=weights)} if compiled else {})


def device_name(device: str) -> str:
    """What the GPU calls itself, or ``"the CPU"``."""
    return torch.cuda.get_device_name(device) if torch.device(device).type == "cuda" else "the CPU"


def versions(device: str) -> dict[str, str]:
    """Of what a GPU's figures depend on."""
    found = {"device": device_name(device), "python": platform.python_version(), "torch": torch.__version__}
    return found | ({"CUDA": torch.version.cuda} if torch.version.cuda else {})


def training_beside_torch(device: str, *, sizes: Sequence[int], epochs: int, lr: float = 0.001) -> dict[str, Any]:
    """The digits learned in float32 by this course's Adam and by torch's, from the same weights on the same batches.

    Returns
    -------
    dict
        ``accuracy``: for each of the two, that on the validation part before the first epoch and after each;
        ``seconds``: how long its run took, the looks at its accuracy included.
    """
    parts = digit_parts(device)
    rules = {"own Adam": as_torch_optimizer(adam_init, adam_step), "torch's Adam": torch.optim.Adam}
    accuracy, seconds = {}, {}
    for name, rule in rules.items():
        network = digit_network(sizes, device=device)
        optimizer, began = rule(network.parameters(), lr=lr), time.perf_counter()
        curves = train(network, optimizer, parts["training"], parts["validation"], epochs=epochs)
        accuracy[name] = curves.accuracy.round(6).tolist()  # read back from the device, so that it has finished
        seconds[name] = round(time.perf_counter() - began, 3)
    return {"sizes": list(sizes), "lr": lr, "accuracy": accuracy, "seconds": seconds}


def parity_with_cpu(device: str, *, steps: int = 100) -> dict[str, float]:
    """For every class of ``torch.optim``, how far its path on the device ever is from that on the CPU.

    In float64, relative to the largest weight on the way.
    """
    apart = {}
    for name in RULES:
        here, there = (_path(name, place, steps) for place in ("cpu", device))
        apart[name] = float(np.abs(there - here).max() / np.abs(here).max())
    return apart


def _path(name: str, device: str, steps: int) -> np.ndarray:
    """Steps on a bowl whose gradient has noise, the same everywhere."""
    few = {"max_iter": 2} if RULES[name].takes_gradient == "closure" else {}  # LBFGS makes twenty of each step
    rng, rule = np.random.default_rng(0), from_torch(name, **few)
    curvature = torch.tensor(np.geomspace(0.1, 10, 48).reshape(8, 6), device=device)
    w = torch.tensor(rng.standard_normal((8, 6)), device=device)
    state, path = rule.init(w), [w]
    for _ in range(steps):
        noise = torch.tensor(rng.standard_normal((8, 6)), device=device)
        w, state = rule.step(w, _slope(RULES[name].takes_gradient, w, curvature, noise), state)
        path.append(w)
    return np.stack([w.cpu().numpy() for w in path])


def _slope(takes: str, w: Array, curvature: Array, noise: Array) -> Any:
    if takes == "closure":
        return lambda w: ((curvature * w**2).sum() / 2 + (noise * w).sum(), curvature * w + noise)
    g = curvature * w + noise
    if takes == "sparse":
        rows = torch.arange(0, len(g), 2, device=g.device)
        return SparseGrad(rows, g[rows], tuple(g.shape))
    return g


def compiled_beside_fused(device: str, *, weights: int, rounds: int = 9, calls: int = 20) -> dict[str, Any]:
    """``adam_step`` under ``torch.compile`` beside ``torch.optim.Adam(fused=True)``, on float32 weights.

    Returns
    -------
    dict
        ``ratio``: how long a step takes, as a multiple of torch's, the median of all rounds; ``range``: the least and
        the largest of them. The two are timed in turns, so that a slow moment hits both.
    """
    w, g = (torch.randn(weights, device=device) for _ in range(2))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # dynamo mentions every cached helper that it looks through
        own, fused = _own_compiled(w, g), _torch_fused(w, g)
        for run in (own, fused):
            for _ in range(10):  # compilers specialize on the first few calls
                run()
        ratios = [_seconds(own, calls) / _seconds(fused, calls) for _ in range(rounds)]
    return {
        "weights": weights,
        "ratio": round(statistics.median(ratios), 3),
        "range": [round(min(ratios), 3), round(max(ratios), 3)],
    }


def _seconds(run: Callable[[], object], calls: int) -> float:
    """Of one call; the timer waits for the GPU to finish."""
    return float(Timer("run()", globals={"run": run}).timeit(calls).mean)


def _own_compiled(w: torch.Tensor, g: torch.Tensor) -> Callable[[], object]:
    step, state = torch.compile(adam_step), adam_init(w)

    def run() -> None:
        nonlocal w, state
        w, state = step(w, g, state)

    return run


def _torch_fused(w: torch.Tensor, g: torch.Tensor) -> Callable[[], object]:
    parameter = torch.nn.Parameter(w.clone())
    parameter.grad = g
    return torch.optim.Adam([parameter], fused=True).step


def told(figures: dict[str, Any]) -> list[str]:
    """The figures of ``measured`` in lines to be printed."""
    training, parity = figures["training"], figures["parity"]
    worst = max(parity, key=lambda name: parity[name])
    network = "-".join(map(str, training["sizes"]))
    lines = [
        f"network {network}, {name}: {curve[-1]:.1%} in the end, {_reached(curve)}, {training['seconds'][name]:.1f} s"
        for name, curve in training["accuracy"].items()
    ]
    verdict = "within" if parity[worst] <= TOLERANCE else "NOT within"
    lines.append(
        f"{len(parity)} optimizers beside the CPU: {verdict} {TOLERANCE:g}, farthest {worst} with {parity[worst]:.0e}"
    )
    if "compiled" in figures:
        one = figures["compiled"]
        low, high = one["range"]
        lines.append(
            f"own Adam compiled, {one['weights']:,} weights: {one['ratio']:.2f} of the time of torch's fused Adam"
            f" ({low:.2f} to {high:.2f})"
        )
    return lines


def _reached(curve: Sequence[float]) -> str:
    epochs = np.flatnonzero(np.asarray(curve) >= GOAL)
    return f"{GOAL:.0%} after epoch {epochs[0]}" if len(epochs) else f"{GOAL:.0%} not reached"
