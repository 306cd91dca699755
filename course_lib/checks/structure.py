"""Mistakes of form rather than of formula, each in words of its own."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from course_lib.checks.cases import magnitude
from course_lib.checks.compare import Difference, close
from course_lib.checks.findings import Finding
from course_lib.checks.observe import Tree
from course_lib.checks.reading import Reading, Record
from course_lib.checks.specs import Spec
from course_lib.checks.tolerance import tolerance


def remembers(spec: Spec, case: Tree, reading: Reading) -> Finding | None:
    """Whether the first run, made once more and alone, went another way: then something outside the state remembers."""
    free = spec.free(case["runs"][0]["settings"])
    for step, (first, again) in enumerate(zip(reading.runs[0], reading.again, strict=False), start=1):
        for name in first.values:
            if name not in free and not _same(first.values[name], again.values[name]):
                headline = "It remembers something between calls: the same inputs gave two answers."
                return memory(headline, reading, {"step": step, "quantity": name})
    return None


def memory(headline: str, reading: Reading, evidence: Mapping[str, Any]) -> Finding:
    """What to say about a memory outside the state."""
    detail = "What must last from one step to the next belongs in state and nowhere else."
    if reading.globals:
        detail = f"It writes the global name {reading.globals[0]}. {detail}"
    return Finding(headline, detail, ("global_state",), evidence)


def _same(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    return bool(np.array_equal(one, other, equal_nan=np.asarray(one).dtype.kind in "fc"))


def explain(difference: Difference) -> Finding | None:
    """The mistake of form behind a difference, if it shows one."""
    name, expected = difference.quantity, np.asarray(difference.expected)
    if difference.got is None:
        return Finding(f"{name} is None.", "The state you return must hold what the next step needs.", ("not_numbers",))
    got = np.asarray(difference.got)
    if difference.in_shape:
        return _shape(name, got, expected)
    if got.dtype.kind == "c":
        return Finding(f"{name} is complex.", "Real weights and gradients give real weights.", ("wrong_dtype",))
    if not np.all(np.isfinite(got)):
        return Finding(
            f"{name} is not a finite number.",
            "It holds nan or inf: look for a division by zero, or an exp of something large.",
            ("not_finite",),
        )
    if _plain(difference.expected):
        return None
    if _first_alone_right(difference, got, expected):
        return Finding(
            f"Only the first element of {name} is right.",
            "Work on the whole array, not on one entry.",
            ("first_element_only",),
        )
    if _whole(got) and not _whole(expected):
        return Finding(
            f"{name} holds whole numbers only.", "Is there a // where / is meant, or an int()?", ("whole_numbers",)
        )
    if magnitude(got - expected) <= tolerance(np.dtype(np.float32), difference.step, magnitude(expected)):
        hint = "The formula is right, but a float32 on the way loses the other digits. Keep the dtype of w."
        return Finding(f"{name} is right to about seven digits only.", hint, ("float32",))
    return None


def _shape(name: str, got: np.ndarray, expected: np.ndarray) -> Finding:
    said = f"{name} has shape {got.shape} where {expected.shape} is due."
    plain = "Look at how many numbers are asked for, and along which axis."
    hint = plain if name == "value" else "New weights and buffers have the shape of the old ones."
    return Finding(said, hint, ("wrong_shape",))


def _first_alone_right(difference: Difference, got: np.ndarray, expected: np.ndarray) -> bool:
    if expected.size < 2:
        return False
    pairs = zip(got.ravel(), expected.ravel(), strict=True)
    right = [close(g, e, difference.step, magnitude(expected)) for g, e in pairs]
    return right[0] and not any(right[1:])


def _plain(expected: Any) -> bool:
    """Whether it is no array but a Python number, as a counter in the state is, or a tuple: its form is free."""
    return isinstance(expected, int | float | tuple) and not isinstance(expected, np.generic)


def _whole(x: np.ndarray) -> bool:
    return bool(np.any(x) and np.all(x == np.round(x)))


def form(spec: Spec, case: Tree, reading: Reading) -> Finding | None:
    """Whether every array came back as an array of the right shape and dtype, of the same library."""
    for inputs, records in zip(case["runs"], reading.runs, strict=True):
        free = spec.free(inputs["settings"])
        for step, (record, truth) in enumerate(zip(records, spec.follow(inputs), strict=True), start=1):
            for name in truth:
                if name in free or _plain(truth[name]):
                    continue
                if found := _form_of(name, record, np.asarray(truth[name]), case["backend"]):
                    return replace(found, evidence={"step": step, "quantity": name})
    return None


def _form_of(name: str, record: Record, truth: np.ndarray, backend: str) -> Finding | None:
    held, got = record.forms[name], np.asarray(record.values[name])
    wanted = ("tensor",) if backend == "torch" else ("array", "numpy scalar") if truth.ndim == 0 else ("array",)
    if held not in wanted:
        due = "a tensor" if backend == "torch" else "an array"
        return Finding(
            f"{name} is of type {held} where {due} is due.", "Calculate with the arrays as they are.", ("not_an_array",)
        )
    if got.shape != truth.shape:
        return _shape(name, got, truth)
    if got.dtype != truth.dtype:
        said = f"{name} is {got.dtype} where {truth.dtype} went in."
        return Finding(said, "Keep the dtype: no dtype=, no float(), no np.array of Python numbers.", ("wrong_dtype",))
    return None


def purity(reading: Reading) -> Finding | None:
    """Whether a call changed something that was passed to it."""
    for records in reading.runs:
        for step, record in enumerate(records, start=1):
            if record.changed:
                said = f"It changes {record.changed[0]}, which belongs to whoever called it."
                hint = (
                    "Make new arrays: w = w - …, not w -= … or w[:] = …; both of those write into the array passed in,"
                    " as append does into a list."
                )
                return Finding(said, hint, ("input_changed",), {"step": step, "quantity": record.changed[0]})
    return None
