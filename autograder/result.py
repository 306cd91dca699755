"""What grading one submission gives: plain data, safe to send between processes and to keep as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

CellKind = Literal["check", "classic", "manual"]


@dataclass(frozen=True)
class CellResult:
    """One graded cell.

    ``score`` is None where a person must grade. ``verdicts`` holds one ``Verdict.to_dict()`` per criterion of a check
    cell, in the order of its calls; ``note`` is a sentence for the learner (empty when there is nothing to add).
    """

    grade_id: str
    kind: CellKind
    score: float | None
    max_score: float
    verdicts: tuple[Mapping[str, Any], ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Result:
    """One graded submission.

    Parameters
    ----------
    notebook : dict
        The repaired notebook with the outputs of its run, as nbformat 4 JSON. Its grade cells' outputs give
        ``nbgrader.utils.determine_grade`` the very scores that stand in ``cells``.
    cells : tuple of CellResult
        Every cell that carries points, in the order of the source notebook.
    problems : tuple of str
        What was found wrong with the submission and what was done about it, one sentence each.
    tier : str
        The sandbox tier that the learner's code ran in.
    versions : dict
        What computed the grade: name → version.
    seconds : float
        Wall-clock time that grading took.
    paths : dict
        For each step function that is wrong somewhere: where the learner's own steps on 4x², a public input, led.
    """

    notebook: Mapping[str, Any]
    cells: tuple[CellResult, ...]
    problems: tuple[str, ...]
    tier: str
    versions: Mapping[str, str]
    seconds: float
    paths: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """The points earned so far; cells that wait for a person count 0."""
        return sum(cell.score or 0.0 for cell in self.cells)

    @property
    def max_score(self) -> float:
        """The points that can be earned."""
        return sum(cell.max_score for cell in self.cells)

    @property
    def needs_manual_grade(self) -> bool:
        """Whether a person must still grade something."""
        return any(cell.score is None for cell in self.cells)

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers, ready for ``json.dumps``."""
        return vars(self) | {"cells": [dict(vars(cell)) for cell in self.cells]}  # asdict would copy the whole notebook

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Result":
        """The inverse of ``to_dict``, also after a trip through JSON (where tuples become lists)."""
        cells = tuple(CellResult(**{**cell, "verdicts": tuple(cell["verdicts"])}) for cell in data["cells"])
        paths = {function: tuple(path) for function, path in data.get("paths", {}).items()}
        return cls(**{**data, "cells": cells, "problems": tuple(data["problems"]), "paths": paths})
