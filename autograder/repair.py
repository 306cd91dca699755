"""Repair: put the author's cells back over whatever became of them, and say so.

The trusted source decides what the notebook's graded and locked cells are; the submission gives the learner's answers
and the order. nbgrader's own ``DeduplicateIds`` and ``OverwriteCells`` stop at the first damaged cell or need a
database; these few steps work on any notebook and tell the learner what was done.
"""

import ast
from collections.abc import Callable

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.utils import compute_checksum

from autograder.assignment import Assignment, SourceCell
from autograder.cells import grade_id

Step = Callable[[NotebookNode, Assignment], list[str]]


def repair(notebook: NotebookNode, assignment: Assignment) -> tuple[NotebookNode, tuple[str, ...]]:
    """A copy of ``notebook`` with every cell of the source in it exactly once, and what was found, in sentences."""
    notebook = nbformat.from_dict(notebook)
    problems = [problem for step in _STEPS for problem in step(notebook, assignment)]
    notebook.metadata = nbformat.from_dict(assignment.metadata)
    _unique_ids(notebook)
    return notebook, tuple(problems)


def _strip_unknown(notebook: NotebookNode, assignment: Assignment) -> list[str]:
    """A cell that claims to be graded but is not of this assignment becomes an ordinary one."""
    problems = []
    for cell in notebook.cells:
        claim = cell.metadata.pop("nbgrader", None)
        name = claim.get("grade_id") if isinstance(claim, dict) else None
        if isinstance(name, str) and name in assignment.by_id:
            cell.metadata.nbgrader = nbformat.from_dict({"grade_id": name})
        elif isinstance(claim, dict) and (claim.get("grade") or claim.get("solution")):
            problems.append(
                f"A cell that is not part of the assignment ({str(name)[:80]}) claimed points; it has none."
            )
    return problems


def _keep_one(notebook: NotebookNode, assignment: Assignment) -> list[str]:
    """Of cells with one grade id (copy and paste makes them) the last is kept, as nbgrader does; all still run."""
    problems, seen = [], set()
    for cell in reversed(notebook.cells):
        name = grade_id(cell)
        if not name:
            continue
        if name in seen:
            del cell.metadata["nbgrader"]
            problems.append(f"The cell {name} was there more than once; the last one counts.")
        seen.add(name)
    return problems


def _find_lost(notebook: NotebookNode, assignment: Assignment) -> list[str]:
    """Cells whose metadata were lost are known by their id, their unchanged text, or the functions they define."""
    problems = []
    for source in _missing(notebook, assignment):
        free = [cell for cell in notebook.cells if not grade_id(cell)]
        for is_it in (_same_id, _same_text, _same_functions):
            found = next((cell for cell in free if is_it(cell, source)), None)
            if found is not None:
                found.metadata.nbgrader = nbformat.from_dict({"grade_id": source.grade_id})
                problems.append(f"The cell {source.grade_id} had lost its metadata; it was recognised and mended.")
                break
    return problems


def _same_id(cell: NotebookNode, source: SourceCell) -> bool:
    return bool(cell.id == source.cell_id and cell.cell_type == source.cell_type)


def _same_text(cell: NotebookNode, source: SourceCell) -> bool:
    return cell.source.strip() in (source.released.strip(), source.source.strip()) and bool(cell.source.strip())


def _same_functions(cell: NotebookNode, source: SourceCell) -> bool:
    wanted = _defined(source.released)
    return source.kind == "solution" and bool(wanted) and wanted <= _defined(cell.source)


def _defined(source: str) -> set[str]:
    """Names of the functions and classes that a cell defines at its top level."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    return {node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def _put_back(notebook: NotebookNode, assignment: Assignment) -> list[str]:
    """Deleted cells come back after the cell that they follow in the source."""
    problems = []
    for source in _missing(notebook, assignment):
        notebook.cells.insert(_place(notebook, assignment, source), source.new_cell())
        answer = "" if source.restored else " as it was handed out, so without an answer"
        problems.append(f"The cell {source.grade_id} had been deleted; it was put back{answer}.")
    return problems


def _place(notebook: NotebookNode, assignment: Assignment, missing: SourceCell) -> int:
    """Behind the nearest source cell before it that is there; at the start if there is none."""
    at = {grade_id(cell): index for index, cell in enumerate(notebook.cells)}
    order = [source.grade_id for source in assignment.cells]
    before = order[: order.index(missing.grade_id)]
    return next((at[name] + 1 for name in reversed(before) if name in at), 0)


def _restore(notebook: NotebookNode, assignment: Assignment) -> list[str]:
    """Locked cells get the author's text (hidden tests too), every cell of the source its type and metadata."""
    problems = []
    for index, cell in enumerate(notebook.cells):
        source = assignment.by_id.get(grade_id(cell))
        if source is None:
            continue
        if source.restored and cell.source.strip() not in (source.released.strip(), source.source.strip()):
            problems.append(f"The cell {source.grade_id} had been edited; its original text was restored.")
        if cell.cell_type != source.cell_type:
            problems.append(
                f"The cell {source.grade_id} had become a {cell.cell_type} cell; it is {source.cell_type} again."
            )
        notebook.cells[index] = _restored(cell, source)
    return problems


def _restored(cell: NotebookNode, source: SourceCell) -> NotebookNode:
    fresh = source.new_cell()
    if not source.restored:
        fresh.source = cell.source
        if "attachments" in cell and fresh.cell_type == "markdown":
            fresh.attachments = cell.attachments
    return fresh


# The order: strangers first, so that no later step meets them; duplicates before lost cells, so that a copy without its
# grade id is not taken for a lost one of another; lost cells before deleted ones, which are what is missing still; the
# author's text last, over everything.
_STEPS: tuple[Step, ...] = (_strip_unknown, _keep_one, _find_lost, _put_back, _restore)


def _missing(notebook: NotebookNode, assignment: Assignment) -> list[SourceCell]:
    there = {grade_id(cell) for cell in notebook.cells}
    return [source for source in assignment.cells if source.grade_id not in there]


def _unique_ids(notebook: NotebookNode) -> None:
    """nbformat wants each cell's id once."""
    source_ids = {cell.id for cell in notebook.cells if grade_id(cell)}
    seen: set[str] = set()
    for number, cell in enumerate(notebook.cells):
        taken = cell.id in seen or (cell.id in source_ids and not grade_id(cell))
        cell.id = f"cell-{number}-{len(seen)}" if taken else cell.id
        seen.add(cell.id)


def is_unanswered(cell: NotebookNode, source: SourceCell) -> bool:
    """Whether the learner left this cell as it was handed out (nbgrader then gives a written answer 0 by itself)."""
    return bool(compute_checksum(cell) == source.metadata["nbgrader"].get("checksum"))
