"""Read an observation that nobody vouches for: its numbers in the expected form, or a finding that says what is wrong.

The grader's observations come out of a process that ran a stranger's code, so nothing about them is taken for granted.
A lie in one can make an answer fail, and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course_lib.checks.cases import described, unit
from course_lib.checks.observe import LONGEST, Tree


@dataclass(frozen=True)
class Finding:
    """Something wrong that needs no comparison to be seen; ``id`` is a misconception's or empty."""

    headline: str
    detail: str = ""
    id: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)


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
        if _get(observation, "status", str) != "ok":
            return _what_stopped(case, observation)
        return _read(case, observation)
    except _Unreadable as reason:
        return Finding("What the function returned could not be read.", f"The record of it is damaged: {reason}.")


def _read(case: Tree, observation: Tree) -> Reading:
    names = ("w", *case["fields"]) if case["kind"] == "step" else ("value",)
    runs = _get(observation, "runs", list)
    if len(runs) != len(case["runs"]):
        raise _Unreadable("it has another number of runs")
    records = tuple(_records(run, names, _length(inputs)) for run, inputs in zip(runs, case["runs"], strict=True))
    again = _records(observation.get("again"), names, _length(case["runs"][0])) if case["repeat"] else ()
    written = observation.get("globals", [])
    known = tuple(str(name)[:LONGEST] for name in written[:3]) if isinstance(written, list) else ()
    return Reading(records, again, known)


def _length(run: Tree) -> int:
    return len(run["gradients"] if "gradients" in run else run["calls"])


def _records(run: Any, names: tuple[str, ...], length: int) -> tuple[Record, ...]:
    if not isinstance(run, list) or len(run) != length:
        raise _Unreadable("it has another number of steps")
    return tuple(_record(record, names) for record in run)


def _record(record: Any, names: tuple[str, ...]) -> Record:
    values, forms = _get(record, "values", dict), _get(record, "forms", dict)
    if any(name not in values for name in names):
        raise _Unreadable("a quantity is missing")
    changed = _get(record, "changed", list)
    return Record(
        {name: _number(values[name]) for name in names},
        {name: _text(forms.get(name)) for name in names},
        tuple(_text(name) for name in changed[:10]),
    )


def _number(value: Any) -> Any:
    if value is None or type(value) is float or (type(value) is int and abs(value) < 2**63):
        return value
    if type(value) is np.ndarray and value.dtype.kind in "biufc":
        return value
    raise _Unreadable("a quantity is not a number")


def _text(value: Any) -> str:
    return value[:LONGEST] if type(value) is str else ""


def _get(tree: Any, key: str, kind: type) -> Any:
    value = tree.get(key) if isinstance(tree, dict) else None
    if type(value) is not kind:
        raise _Unreadable(f"it has no {key}")
    return value


# What stopped a call, in the learner's terms. ``{message}`` is what observe wrote, ``{function}`` the function's name.
_STOPPED = {
    "missing": (
        "There is no function named {message}.",
        "Run the cell that defines it, and keep the name it was given.",
    ),
    "unwritten": ("{function} is not written yet.", "Replace the line that raises NotImplementedError with your own."),
    "none": ("{function} returned None.", "Does every way through it end with a return?"),
    "no_state": ("{function} returned the weights without the state.", "Return both, as the pair (w, state)."),
    "not_a_pair": ("{function} does not return a pair.", "Return the new weights and the new state: (w, state)."),
    "swapped": ("{function} returns the pair the wrong way round.", "The weights come first: (w, state)."),
    "state": (
        "The state that {function} returned is not of the right kind.",
        "Return the state given, with new values in its fields.",
    ),
    "not_numbers": (
        "{function} returned something that is not numbers.",
        "Both the weights and what the state holds must be numbers or arrays of them.",
    ),
}
_DIED = {
    "time": "It took too long. Is there a loop that does not end?",
    "memory": "It asked for more memory than there is.",
    "output": "It produced more output than can be read.",
    "exit": "It ended the whole program, as exit() does.",
    "signal": "It crashed the whole program.",
    "forged": "What came back was not written by the grader's own recorder.",
}


def _what_stopped(case: Tree, observation: Tree) -> Finding:
    status, message = observation["status"], _text(observation.get("message"))
    if status == "raised":
        return _raised(case, observation, message)
    if status == "died":
        reason = _text(observation.get("reason"))
        return Finding(f"{case['function']} did not come back.", _DIED.get(reason, message), "did_not_return")
    key = "missing" if status == "missing" else _text(observation.get("error"))
    if key not in _STOPPED:
        raise _Unreadable("its status is unknown")
    headline, hint = _STOPPED[key]
    said = "" if key in ("missing", "none") or not message else f" Seen: {message}."
    filled = headline.format(function=case["function"], message=message)
    return Finding(filled, hint + said, _STOPPED_IDS.get(key, key), _where(case, observation))


_STOPPED_IDS = {
    "missing": "not_defined",
    "none": "returned_none",
    "state": "wrong_state_type",
    "swapped": "pair_swapped",
    "no_state": "state_not_returned",
}


def _raised(case: Tree, observation: Tree, message: str) -> Finding:
    error = _text(observation.get("error"))
    if error == "NotImplementedError":
        headline, hint = _STOPPED["unwritten"]
        return Finding(headline.format(function=case["function"]), hint, "not_written")
    written = observation.get("globals")
    detail = f"{error}: {message}" if message else error
    if isinstance(written, list) and written:
        detail += f". It also writes the global name {_text(written[0])}: keep what must last in state instead."
        return Finding(f"{case['function']} stopped with {error}.", detail, "global_state", _where(case, observation))
    return Finding(f"{case['function']} stopped with {error}.", detail, "raised", _where(case, observation))


def _where(case: Tree, observation: Tree) -> dict[str, Any]:
    """Which call stopped and what went in, if the observation names a call that the case has."""
    run, step = observation.get("run"), observation.get("step")
    if type(run) is not int or type(step) is not int or not 0 <= run < len(case["runs"]):
        return {}
    if not 1 <= step <= _length(case["runs"][run]):
        return {}
    return {unit(case): step, "case": described(case, run, step)}
