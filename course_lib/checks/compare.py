"""Lay what a function gave beside what it should have given, step by step, until they differ."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_lib.checks.cases import magnitude
from course_lib.checks.observe import Tree
from course_lib.checks.reading import Record
from course_lib.checks.specs import Spec
from course_lib.checks.tolerance import tolerance


@dataclass(frozen=True)
class Difference:
    """Where two trajectories part: ``step`` counts from 1, ``got`` and ``expected`` are the quantity's whole values."""

    run: int
    step: int
    quantity: str
    got: Any
    expected: Any

    @property
    def in_shape(self) -> bool:
        return bool(np.shape(self.got) != np.shape(self.expected))


def first_difference(
    spec: Spec,
    case: Tree,
    runs: Sequence[Sequence[Record]],
    quantities: Iterable[str],
    ids: frozenset[str] = frozenset(),
) -> Difference | None:
    """The first step at which a case's records leave the reference's path (or that of the mistakes ``ids``).

    Quantities that nothing depends on (``Spec.free``) are left out.
    """
    with np.errstate(all="ignore"):
        for i, (inputs, records) in enumerate(zip(case["runs"], runs, strict=True)):
            names = [name for name in quantities if name not in spec.free(inputs["settings"])]
            if (found := _along(spec, i, inputs, records, names, ids)) is not None:
                return found
    return None


def _along(
    spec: Spec, i: int, inputs: Tree, records: Sequence[Record], names: list[str], ids: frozenset[str]
) -> Difference | None:
    largest = dict.fromkeys(names, 0.0)
    if "w" in largest:
        largest["w"] = magnitude(inputs["w"])
    for step, (record, truth) in enumerate(zip(records, spec.follow(inputs, ids), strict=True), start=1):
        for name in names:
            largest[name] = max(largest[name], magnitude(truth[name]))
            if not close(record.values[name], truth[name], step, largest[name]):
                return Difference(i, step, name, record.values[name], truth[name])
    return None


def close(got: Any, expected: Any, step: int, largest: float) -> bool:
    """Whether ``got`` has the shape of ``expected`` and equals it within the tolerance; counters must be equal."""
    if isinstance(expected, int):
        return bool(np.ndim(got) == 0 and np.isrealobj(got) and got == expected)
    got, expected = np.asarray(got), np.asarray(expected)
    if got.shape != expected.shape or np.iscomplexobj(got):
        return False
    allowed = tolerance(coarser(got.dtype, expected.dtype), step, largest)
    apart = np.abs(got.astype(np.float64) - expected.astype(np.float64))
    return bool(np.isfinite(allowed) and np.all(apart <= allowed))  # an overflowed path is like no other


def coarser(one: np.dtype, other: np.dtype) -> np.dtype:
    """The less precise of two dtypes, but never coarser than float32, so that no dtype buys a loose comparison."""
    either = np.dtype(np.float32) in (one, other) or np.dtype(np.float16) in (one, other)
    return np.dtype(np.float32 if either else np.float64)
