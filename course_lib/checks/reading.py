"""Read an observation that nobody vouches for: its numbers in the expected form, or a finding that says what is wrong.

The grader's observations come out of a process that ran a stranger's code, so nothing about them is taken for granted.
A lie in one can make an answer fail, and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_lib.checks.cases import run_length
from course_lib.checks.findings import Finding
from course_lib.checks.observe import Closure, Tree
from course_lib.checks.stopped import global_names, identifier, what_stopped

ARRAY_FORMS = ("array", "numpy scalar", "tensor")


@dataclass(frozen=True)
class Record:
    """What one call gave: its quantities, what held them, and which inputs it changed."""

    values: Mapping[str, Any]
    forms: Mapping[str, str]
    changed: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """A case's records, run by run; ``again`` holds those of the repeated first run, if the case asked for one."""

    runs: tuple[tuple[Record, ...], ...]
    again: tuple[Record, ...]
    globals: tuple[str, ...]


class _Unreadable(Exception):  # noqa: N818
    """The observation does not have an observation's form."""


def read(case: Tree, observation: Any) -> Reading | Finding:
    """The numbers in ``observation``, or why there are none."""
    try:
        if _get(observation, "status", str) == "ok":
            return _read(case, observation)
        reason = "its status is unknown"
        if found := what_stopped(case, observation):
            return found
    except _Unreadable as damage:
        reason = str(damage)
    return Finding("What the function returned could not be read.", f"The record of it is damaged: {reason}.")


def _read(case: Tree, observation: Tree) -> Reading:
    runs = _get(observation, "runs", list)
    if len(runs) != len(case["runs"]):
        raise _Unreadable("it has another number of runs")
    records = tuple(_records(case, run, inputs) for run, inputs in zip(runs, case["runs"], strict=True))
    again = _records(case, observation.get("again"), case["runs"][0]) if case["repeat"] else ()
    return Reading(records, again, global_names(observation))


def _records(case: Tree, run: Any, inputs: Tree) -> tuple[Record, ...]:
    if not isinstance(run, list) or len(run) != run_length(inputs):
        raise _Unreadable("it has another number of steps")
    return tuple(_record(case, record) for record in run)


def _record(case: Tree, record: Any) -> Record:
    values, forms = _get(record, "values", dict), _get(record, "forms", dict)
    names = ("w", *case["fields"]) if case["kind"] == "step" else ("value",)
    names += ("calls",) if case.get("gradient") == Closure.__name__ else ()
    if any(name not in values for name in names):
        raise _Unreadable("a quantity is missing")
    return Record(
        {name: _number(values[name]) for name in names},
        {name: _form(forms.get(name)) for name in names},
        tuple(_input(case, name) for name in _get(record, "changed", list)),
    )


def _number(value: Any) -> Any:
    if value is None or type(value) is float or (type(value) is int and abs(value) < 2**63):
        return value
    if type(value) is np.ndarray and value.dtype.kind in "biufc":
        return value
    raise _Unreadable("a quantity is not a number")


def _form(value: Any) -> str:
    return value if type(value) is str and value in ARRAY_FORMS else identifier(value) or "unknown"


def _input(case: Tree, name: Any) -> str:
    """A changed input's name, which must be one that the case has."""
    if case["kind"] == "step":
        known = ["w", "g", "g.indices", "g.values", *(f"state.{field}" for field in case["fields"])]
    else:
        known = [f"argument {i + 1}" for i in range(max(len(call) for run in case["runs"] for call in run["calls"]))]
    if type(name) is not str or name not in known:
        raise _Unreadable("an input is unknown")
    return name


def _get(tree: Any, key: str, kind: type) -> Any:
    value = tree.get(key) if isinstance(tree, dict) else None
    if type(value) is not kind:
        raise _Unreadable(f"it has no {key}")
    return value
