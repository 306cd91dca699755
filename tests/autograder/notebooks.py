"""Submissions made from the real assignment, for the tests of this folder and of the attacks."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.assignment import Assignment
from autograder.cells import grade_id, new_cell, new_notebook
from autograder.sandbox.limits import Limits

ROOT = Path(__file__).resolve().parents[2]
COURSE = ROOT / "assignments"
NAME = "ps1_gradient_descent"

# A loop that never ends must not make the tests long.
SHORT = Limits(cell_seconds=2.0, notebook_seconds=20.0, criterion_seconds=1.0, function_seconds=2.0)


@cache
def assignment() -> Assignment:
    return Assignment.load(COURSE, NAME)


def right() -> NotebookNode:
    """A submission that earns everything: the released notebook with the author's own solutions."""
    path = COURSE / "source" / NAME / f"{NAME}.ipynb"
    return nbformat.read(path, as_version=4)


def cell(notebook: NotebookNode, name: str) -> NotebookNode:
    return next(cell for cell in notebook.cells if grade_id(cell) == name)


def write(notebook: NotebookNode, name: str, source: str) -> None:
    """Write ``source`` into the cell of this grade id."""
    cell(notebook, name).source = source


def insert(notebook: NotebookNode, source: str, at: int = 0, cell_type: str = "code") -> None:
    notebook.cells.insert(at, new_cell(cell_type, source, f"new-{len(notebook.cells)}", {}))


def to_bytes(notebook: Mapping[str, Any]) -> bytes:
    return json.dumps(notebook).encode()


def submission(*changes: Callable[[NotebookNode], object]) -> bytes:
    """The right notebook with these changes."""
    notebook = right()
    for change in changes:
        change(notebook)
    return to_bytes(notebook)


def source_notebook(folder: Path, name: str, *cells: tuple[str, str, dict[str, Any]]) -> Path:
    """A course with one tiny assignment; a cell is (grade id or "", source, nbgrader's metadata without the id)."""
    made = []
    for index, (identity, source, entry) in enumerate(cells):
        metadata = {"nbgrader": {"grade_id": identity, "schema_version": 3} | entry} if identity else {}
        made.append(new_cell(entry.get("cell_type", "code"), source, f"cell{index}", metadata))
    path = folder / "source" / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(new_notebook(made, {"kernelspec": {"name": "python3", "display_name": "Python 3"}})))
    return folder


SOLUTION = {"grade": False, "solution": True, "locked": False, "task": False}
TEST = {"grade": True, "solution": False, "locked": True, "task": False, "points": 2}
ANSWER = {"grade": True, "solution": True, "locked": False, "task": False, "points": 3}
LOCKED = {"grade": False, "solution": False, "locked": True, "task": False}
