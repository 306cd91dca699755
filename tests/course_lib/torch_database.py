"""torch's own table of optimizer arguments, the right and the wrong, as plain data.

``torch.testing._internal`` changes torch's global settings when imported, so a process of its own reads the table: run
as a script, this file prints it as JSON.
"""

import json
import subprocess
import sys
import types
import unittest
from functools import cache
from typing import Any, NamedTuple

import torch

# Flags that choose an implementation, not an algorithm; ``from_torch`` does not have them.
IMPLEMENTATION = {"foreach", "fused", "capturable", "differentiable"}


class Entry(NamedTuple):
    """What torch's database says of one class: arguments it accepts, and arguments its constructor refuses."""

    accepted: list[dict[str, Any]]
    refused: list[dict[str, Any]]
    supports_complex: bool


@cache
def torch_database() -> dict[str, Entry]:
    """The database by class name, without implementation flags and without the doubles that this leaves."""
    printed = subprocess.run([sys.executable, "-W", "ignore", __file__], capture_output=True, text=True, check=True)
    table = json.loads(printed.stdout, object_hook=_tensors)
    return {name: Entry(*entry) for name, entry in table.items()}


def _tensors(plain: dict[str, Any]) -> Any:
    # In float64: torch computes with such a tensor in the tensor's own dtype.
    return torch.tensor(plain["tensor"], dtype=torch.float64) if "tensor" in plain else plain


def _print_database() -> None:
    # common_utils imports expecttest for a base class of torch's own tests, which reading a table does not need.
    sys.modules.setdefault("expecttest", types.ModuleType("expecttest")).TestCase = unittest.TestCase
    from torch.testing._internal.common_optimizers import OptimizerErrorEnum, optim_db

    table = {}
    for info in optim_db:
        accepted = [one.kwargs for one in info.optim_inputs_func("cpu", torch.float64)]
        errors = info.optim_error_inputs_func("cpu", torch.float64)
        at_construction = [e for e in errors if e.error_on == OptimizerErrorEnum.CONSTRUCTION_ERROR]
        refused = [e.optimizer_error_input.kwargs for e in at_construction]
        refused = [kwargs for kwargs in refused if kwargs and not kwargs.keys() & IMPLEMENTATION]
        table[info.name] = (_algorithmic(accepted), refused, info.supports_complex)
    print(json.dumps(table, default=_plain))


def _algorithmic(combinations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    stripped = [{k: v for k, v in kwargs.items() if k not in IMPLEMENTATION} for kwargs in combinations]
    return [kwargs for i, kwargs in enumerate(stripped) if str(kwargs) not in map(str, stripped[:i])]


def _plain(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return {"tensor": value.tolist()}
    raise TypeError(f"torch's database holds a {type(value).__name__}")


if __name__ == "__main__":
    _print_database()
