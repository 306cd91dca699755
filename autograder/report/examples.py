"""An example of each mistake: somebody's code of the function, and where it first goes wrong.

Candidates are drawn from the whole class by a hash, so that no part of the alphabet is shown more than another.
"""

import heapq
import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.journal import digest
from autograder.marks import ClassMarks
from autograder.report.anonymous import anonymous_function, names_someone
from autograder.report.content import Example
from autograder.report.words import is_known
from course_lib.checks import draw_cases, spec_for
from course_lib.checks.cases import described

CANDIDATES = 8  # notebooks that are read for one example, at most


class Candidate(NamedTuple):
    """Somebody who shows a mistake: ``others`` are functions of theirs that are wrong besides."""

    student: str
    verdict: dict[str, Any]
    others: frozenset[str]

    @property
    def mixed(self) -> tuple[int, int]:
        """How much besides the mistake is wrong: in the function itself, and elsewhere."""
        return len(self.verdict["misconceptions"]), len(self.others)


class Candidates:
    """Who shows each mistake most plainly: with as little else wrong as can be."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], list[tuple[int, int, str, Candidate]]] = defaultdict(list)

    def add(self, mistake: tuple[str, str], candidate: Candidate) -> None:
        """Take somebody in, once, with the first criterion that shows the mistake."""
        kept, student = self._kept[mistake], candidate.student
        if any(known.student == student for *_, known in kept):
            return
        here, elsewhere = candidate.mixed
        heapq.heappush(kept, (-here, -elsewhere, digest(student.encode()), candidate))
        if len(kept) > CANDIDATES:
            heapq.heappop(kept)

    def of(self, mistake: tuple[str, str]) -> list[Candidate]:
        """The plainest first."""
        return [candidate for *_, candidate in sorted(self._kept[mistake], reverse=True)]


class Gallery:
    """Makes the examples of one assignment from ``autograded/`` and the verdicts."""

    def __init__(self, course: Course, assignment: Assignment, marks: ClassMarks, seed: int) -> None:
        self._course, self._assignment, self._marks, self._seed = course, assignment, marks, seed
        self._names = {call.function: call.name for call in assignment.calls}
        self._common = " ".join(cell.source for cell in assignment.cells)

    def example(self, function: str, candidates: list[Candidate]) -> Example | None:
        """The shortest code among the plainest candidates, with its evidence; that alone where no code can be shown."""
        shown = [(self._code(candidate.student, function), candidate) for candidate in candidates]
        if not shown:
            return None
        shown = [pair for pair in shown if pair[0]] or shown
        code, candidate = min(shown, key=lambda pair: (pair[1].mixed, len(pair[0]), pair[0]))
        calls = sorted(other for other in candidate.others if re.search(rf"\b{self._names.get(other, other)}\b", code))
        return replace(_with_evidence(code, candidate.verdict, self._seed), calls=tuple(calls))

    def _code(self, student: str, function: str) -> str:
        path = self._course.autograded(student, self._assignment.name) / f"{self._assignment.notebook_name}.ipynb"
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        except (OSError, ValueError, LookupError, TypeError):
            return ""
        code = anonymous_function(sources, self._names.get(function, function)) or ""
        mark = self._marks.marks[student]
        names = (student, mark.first_name, mark.last_name, mark.email.partition("@")[0])
        return "" if names_someone(code, names, self._common) else code


def _with_evidence(code: str, verdict: Mapping[str, Any], seed: int) -> Example:
    evidence = verdict["evidence"]
    unit = next((unit for unit in ("step", "call") if unit in evidence), "")
    quantity = "" if evidence.get("quantity") in (None, "value") else f"in {evidence['quantity']}"
    where = ", ".join(filter(None, (f"at {unit} {evidence[unit]}" if unit else "", quantity)))
    got, given = str(evidence.get("got", "")), str(evidence.get("case", ""))
    return Example(code, where, got, str(evidence.get("expected", "")) or expected(verdict, seed), given)


def expected(verdict: Mapping[str, Any], seed: int) -> str:
    """What was right at the place that a verdict names; empty if that cannot be known.

    A result does not hold it, so that it cannot leak. The hidden inputs are drawn again; where the recognised mistake
    gives the very number that the learner's function gave, the reference's number is the one that was expected.
    """
    evidence, function = verdict["evidence"], str(verdict["function"])
    ids = frozenset(name for name in verdict["misconceptions"] if is_known(function, name))
    if not ids or "got" not in evidence:
        return ""
    try:
        found = (right for right, wrong in _places(function, verdict, seed, ids) if _near(wrong, evidence["got"]))
        return next((f"{right:.6g}" for right in found), "")
    except (KeyError, TypeError, ValueError):  # judged by a course that asked something else
        return ""


def _places(function: str, verdict: Mapping[str, Any], seed: int, ids: frozenset[str]) -> Iterator[tuple[Any, Any]]:
    """The right and the mistaken number at the place of the evidence, in every run that fits its description."""
    evidence, spec = verdict["evidence"], spec_for(function)
    quantity, _, index = str(evidence.get("quantity", "")).partition("[")
    place = tuple(int(part) for part in index.rstrip("]").split(",") if part)
    for case in draw_cases(function, verdict["criterion"], seed):
        step = evidence.get(case["kind"], 0)
        for number, run in enumerate(case["runs"]):
            try:
                if described(case, number, step) != evidence.get("case"):
                    continue
                with np.errstate(all="ignore"):
                    paths = (spec.follow(run, which) for which in (frozenset[str](), ids))
                    right, wrong = (next(islice(path, step - 1, None))[quantity] for path in paths)
                yield np.asarray(right)[place], np.asarray(wrong)[place]
            except (LookupError, StopIteration, ArithmeticError, TypeError, ValueError):
                continue


def _near(number: Any, text: Any) -> bool:
    try:
        return math.isclose(float(number), float(text), rel_tol=1e-4)
    except (TypeError, ValueError):
        return False
