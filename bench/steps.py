"""Part one: each step on a million numbers, as NumPy, as torch, compiled, and as ``torch.optim`` itself."""

import inspect
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch

from bench.timing import Run, Spread, ratios_to, seconds_per_call
from course_lib.optimizers import SparseGrad
from course_lib.optimizers.torch_rules import RULES

# Settings with which a rule does what it is known for; the others run with torch's defaults.
SETTINGS: dict[str, dict[str, Any]] = {
    "SGD": {"momentum": 0.9},
    "LBFGS": {"max_iter": 5, "history_size": 10, "lr": 0.1},
}
BASELINE = "torch.optim"
# The three implementations that torch.optim has, by the flags that choose them.
IMPLEMENTATIONS = {BASELINE: {"foreach": False}, "foreach": {"foreach": True}, "fused": {"fused": True}}
WAYS = ("numpy", "torch", "compiled", *IMPLEMENTATIONS)


def ratios(names: list[str], *, size: int, rounds: int, compiled: bool) -> Iterator[tuple[str, dict[str, Spread]]]:
    """For each rule, how long each way takes, as a multiple of ``torch.optim``'s plain implementation.

    Parameters
    ----------
    names : list of str
        Classes of ``torch.optim``.
    size : int
        How many weights, in a square matrix of float32.
    rounds : int
        How many turns each way gets.
    compiled : bool
        Whether to measure ``torch.compile`` as well, which needs a C++ compiler.
    """
    torch.set_num_threads(1)
    for name in names:
        turns = seconds_per_call(_ways(name, round(size**0.5), compiled=compiled), rounds=rounds, least=0.04)
        yield name, ratios_to(BASELINE, turns)


def _ways(name: str, side: int, *, compiled: bool) -> dict[str, Run]:
    rng = np.random.default_rng(0)
    w, g = (rng.standard_normal((side, side)).astype(np.float32) for _ in range(2))
    ways = {"numpy": _reference(name, w, g, np.asarray), "torch": _reference(name, w, g, torch.tensor)}
    # LBFGS decides by the numbers it meets where to go on: there is no one graph of it to compile.
    if compiled and name != "LBFGS":
        ways["compiled"] = _reference(name, w, g, torch.tensor, wrap=torch.compile)
    flags = inspect.signature(getattr(torch.optim, name)).parameters
    for way, chosen in IMPLEMENTATIONS.items():
        if chosen.keys() <= flags.keys() or way == BASELINE:
            ways[way] = _original(name, w, g, {k: v for k, v in chosen.items() if k in flags})
    return ways


def _reference(
    name: str, w: np.ndarray, g: np.ndarray, convert: Callable[..., Any], wrap: Callable[..., Any] = lambda step: step
) -> Run:
    """The step of this library on the arrays that ``convert`` makes."""
    rule, settings = RULES[name], SETTINGS.get(name, {})
    step = wrap(rule.step)
    at, gradient = convert(w), _gradient(name, convert(g), convert)
    state = rule.init(at)

    def run() -> None:
        nonlocal at, state
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # dynamo mentions every cached helper that it looks through
            at, state = step(at, gradient, state, **settings)

    return run


def _gradient(name: str, g: Any, convert: Callable[..., Any]) -> Any:
    takes = RULES[name].takes_gradient
    if takes == "closure":  # a bowl whose gradient is w + g, so that there is something to minimize
        return lambda w: ((w * w).sum() / 2 + (g * w).sum(), w + g)
    if takes == "sparse":
        rows = np.arange(0, len(g), 10)
        return SparseGrad(convert(rows), g[convert(rows)], tuple(g.shape))
    return g


def _original(name: str, w: np.ndarray, g: np.ndarray, flags: dict[str, Any]) -> Run:
    """``torch.optim``'s own."""
    parameter = torch.nn.Parameter(torch.tensor(w))
    optimizer = getattr(torch.optim, name)([parameter], **SETTINGS.get(name, {}), **flags)
    gradient = _gradient(name, torch.tensor(g), torch.tensor)
    if isinstance(gradient, SparseGrad):
        parameter.grad = torch.sparse_coo_tensor(
            gradient.indices[None], gradient.values, gradient.shape, check_invariants=False
        )
    elif not callable(gradient):
        parameter.grad = gradient

    def closure() -> Any:
        loss, parameter.grad = gradient(parameter.detach())
        return loss

    return (lambda: optimizer.step(closure)) if callable(gradient) else optimizer.step
