"""An assignment as its author wrote it: the one thing grading trusts.

Read once from ``source/<name>/<notebook>.ipynb`` with nbgrader's own preprocessors, so that stubs, locks and checksums
are those of the released notebook.
"""

import ast
import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions, ComputeChecksums, LockCells

from autograder.cells import new_cell
from autograder.course import Course, CourseError

SKIP_TAG = "skip-grading"
Kind = Literal["check", "classic", "manual", "solution", "locked"]


@dataclass(frozen=True)
class CheckCall:
    """A ``check("function", name, criterion="…")`` in a grade cell; the notebook calls the function ``name``."""

    function: str
    name: str
    criterion: str


@dataclass(frozen=True)
class SourceCell:
    """A cell of the source notebook that nbgrader knows.

    ``source`` is the text that grading restores (hidden tests included), ``released`` the text that learners got.
    """

    grade_id: str
    kind: Kind
    cell_id: str
    cell_type: str
    source: str
    released: str
    metadata: dict[str, Any]
    points: float
    calls: tuple[CheckCall, ...]

    @property
    def graded(self) -> bool:
        """Whether the cell carries points."""
        return self.kind in ("check", "classic", "manual")

    @property
    def restored(self) -> bool:
        """Whether grading puts the trusted text back, whatever the learner made of it."""
        return self.kind in ("check", "classic", "locked")

    def new_cell(self) -> NotebookNode:
        """This cell afresh: the trusted text where it is restored, the released stub where the learner writes."""
        return new_cell(self.cell_type, self.source if self.restored else self.released, self.cell_id, self.metadata)


@dataclass(frozen=True)
class Assignment:
    """One notebook of an assignment.

    ``allow`` names the packages beyond NumPy and Matplotlib that learners' code may import (``{"autograder": {"allow":
    ["torch"]}}`` in the source notebook's metadata). ``fingerprint`` changes with the source notebook.
    """

    name: str
    notebook_name: str
    metadata: dict[str, Any]
    cells: tuple[SourceCell, ...]
    allow: tuple[str, ...]
    fingerprint: str

    @classmethod
    def load(cls, course_dir: Path | str, name: str) -> "Assignment":
        """Read ``<course_dir>/source/<name>``.

        Raises
        ------
        CourseError
            If the course, the assignment or its notebook is missing or cannot be graded; the message says what to do.
        """
        course = Course.at(Path(course_dir))
        path = course.source_notebook(course.require(name))
        data = path.read_bytes()
        try:
            notebook = nbformat.reads(data.decode("utf-8"), as_version=4)
        except Exception as error:
            raise CourseError(f"{path} is no notebook ({error}). Open it in Jupyter and save it again.") from error
        return cls(
            name=name,
            notebook_name=path.stem,
            metadata={key: value for key, value in notebook.metadata.items() if key in ("kernelspec", "language_info")},
            cells=_source_cells(notebook, course.config(), path),
            allow=tuple(notebook.metadata.get("autograder", {}).get("allow", ())),
            fingerprint=hashlib.sha256(data).hexdigest(),
        )

    @cached_property
    def by_id(self) -> dict[str, SourceCell]:
        return {cell.grade_id: cell for cell in self.cells}

    @cached_property
    def calls(self) -> tuple[CheckCall, ...]:
        """Every check call once, in the order of the notebook."""
        return tuple(dict.fromkeys(call for cell in self.cells for call in cell.calls))


def _source_cells(notebook: NotebookNode, config: Any, path: Path) -> tuple[SourceCell, ...]:
    """The cells that nbgrader knows, through the very steps that make the released notebook."""
    for step in (LockCells, ClearSolutions, ComputeChecksums):
        notebook, _ = step(config=config).preprocess(notebook, {"nbgrader": {}})
    release, _ = ClearHiddenTests(config=config).preprocess(nbformat.from_dict(notebook), {"nbgrader": {}})
    pairs = [pair for pair in zip(notebook.cells, release.cells, strict=True) if "nbgrader" in pair[0].metadata]
    cells = tuple(_source_cell(cell, released, path) for cell, released in pairs)
    if len({cell.grade_id for cell in cells}) < len(cells):
        raise CourseError(f"{path}: two cells have the same grade_id. Run `nbgrader validate` and rename one.")
    if not any(cell.graded for cell in cells):
        raise CourseError(f"{path}: no cell carries points. Mark the test cells in Jupyter's nbgrader panel.")
    return cells


def _source_cell(cell: NotebookNode, released: NotebookNode, path: Path) -> SourceCell:
    calls = _check_calls(cell.source, path) if utils.is_locked(cell) and utils.is_grade(cell) else ()
    return SourceCell(
        grade_id=cell.metadata.nbgrader["grade_id"],
        kind=_kind(cell, calls),
        cell_id=cell.id,
        cell_type=cell.cell_type,
        source=cell.source,
        released=released.source,
        metadata=dict(cell.metadata),
        points=float(cell.metadata.nbgrader.get("points", 0)),
        calls=calls,
    )


def _kind(cell: NotebookNode, calls: tuple[CheckCall, ...]) -> Kind:
    if utils.is_task(cell) or (utils.is_grade(cell) and utils.is_solution(cell)):
        return "manual"
    if utils.is_grade(cell):
        return "check" if calls else "classic"
    return "solution" if utils.is_solution(cell) else "locked"


def _check_calls(source: str, path: Path) -> tuple[CheckCall, ...]:
    """The calls ``check("function", name, criterion="criterion")`` with constant arguments, each once, in order."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # magics; a cell of checks has none
        return ()
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_check(node.func)]
    in_order = sorted(found, key=lambda node: (node.lineno, node.col_offset))
    return tuple(dict.fromkeys(_check_call(node, path) for node in in_order))


def _is_check(function: ast.expr) -> bool:
    return (isinstance(function, ast.Name) and function.id == "check") or (
        isinstance(function, ast.Attribute) and function.attr == "check"
    )


def _check_call(call: ast.Call, path: Path) -> CheckCall:
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    match call.args, keywords.get("criterion"):
        case [ast.Constant(str(function)), ast.Name(name)], ast.Constant(str(criterion)):
            return CheckCall(function, name, criterion)
    raise CourseError(
        f"{path}: {ast.unparse(call)} cannot be graded. In a cell with points write "
        'check("function_name", function_name, criterion="criterion_name") with these in plain text.'
    )
