"""Seeded inputs: the building blocks that each function's criteria draw their cases from.

Within one array all numbers have one order of magnitude and none is near zero, so that a wrong factor shows in every
element (see ``tolerance``).
"""

from collections.abc import Mapping
from typing import Any
from zlib import crc32

import numpy as np

from course_lib.checks.observe import Tree

LARGEST_SHOWN = 16  # numbers of an array that a message can hold and somebody would calculate with


def generator(function: str, criterion: str, seed: int) -> np.random.Generator:
    """Random numbers of this criterion's own, so that adding a criterion leaves the cases of the others as they are."""
    return np.random.default_rng([seed, crc32(function.encode()), crc32(criterion.encode())])


def numbers(
    rng: np.random.Generator, shape: tuple[int, ...], scale: float = 1.0, dtype: type[np.floating] = np.float64
) -> np.ndarray:
    """Numbers of either sign and magnitude between half of and three times ``scale``."""
    return np.asarray(rng.uniform(0.5, 3.0, shape) * rng.choice([-1.0, 1.0], shape) * scale, dtype=dtype)


def between(rng: np.random.Generator, low: float, high: float) -> float:
    """A hyperparameter with three decimals, short enough to read in a message."""
    return round(float(rng.uniform(low, high)), 3)


def steps_run(
    rng: np.random.Generator,
    shape: tuple[int, ...],
    steps: int,
    settings: Mapping[str, object],
    *,
    scale: float = 1.0,
    dtype: type[np.floating] = np.float64,
    changing_lr: bool = False,
) -> Tree:
    """A run of ``steps`` steps: weights and gradients of size ``scale``; ``changing_lr`` draws an lr for each step."""
    return {
        "w": numbers(rng, shape, scale, dtype),
        "gradients": numbers(rng, (steps, *shape), scale, dtype),
        "settings": dict(settings),
        "schedule": {"lr": np.array([between(rng, 0.05, 0.6) for _ in range(steps)])} if changing_lr else {},
    }


def one_part_changed(run: Tree, other: Tree) -> list[Tree]:
    """``run`` with its weights, or its gradients, its calls, its settings, … those of ``other``: one part at a time."""
    return [run | {part: other[part]} for part in run if not _same(run[part], other[part])]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(np.array_equal(one, other))


def unit(case: Tree) -> str:
    """What a run of this case is made of: ``step`` or ``call``."""
    return str(case["kind"])


def run_length(run: Tree) -> int:
    """How many steps or calls a run has."""
    return len(run["gradients"] if "gradients" in run else run["calls"])


def described(case: Tree, run: int, step: int) -> str:
    """What went in, in one line: the weights' shape and dtype and the settings, or the arguments of a plain call."""
    inputs = case["runs"][run]
    settings = [f"{name}={value}" for name, value in inputs["settings"].items()]
    if case["kind"] == "call":
        return ", ".join(["called with " + ", ".join(map(_shown, inputs["calls"][step - 1])), *settings])
    settings += [f"{name}={values[step - 1]} at this step" for name, values in inputs["schedule"].items()]
    settings += [f"{name}={value} in the init" for name, value in inputs.get("start", {}).items()]
    w = inputs["w"]
    given = inputs["gradients"][step - 1]
    rows = [f"rows {given['indices'].tolist()} in g"] if case.get("gradient") == "SparseGrad" else []
    return ", ".join([f"w of shape {w.shape} and dtype {w.dtype}", *rows, *settings])


def _shown(argument: Any) -> str:
    """An argument of a call in one line; of a large array, its shape."""
    if isinstance(argument, np.ndarray) and argument.size > LARGEST_SHOWN:
        return f"an array of shape {argument.shape}"
    return " ".join(str(argument).split())


def magnitude(x: np.ndarray | float | int) -> float:
    """The largest absolute value; 0 for an empty array."""
    return float(np.max(np.abs(x), initial=0.0))
