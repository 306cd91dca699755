"""Run: the notebook's cells, in the learner's order, in the sandbox; each cell gets its outputs."""

from dataclasses import dataclass

from nbformat.notebooknode import NotebookNode

from autograder import outputs
from autograder.assignment import SKIP_TAG, Assignment
from autograder.cells import grade_id
from autograder.sandbox.session import Ran, Session


@dataclass(frozen=True)
class Run:
    """How the run went: why cells ended early, by grade id, and problems in sentences."""

    ended: dict[str, str]
    problems: tuple[str, ...]


def run(notebook: NotebookNode, assignment: Assignment, session: Session) -> Run:
    """Run every code cell but those of checks, which the grader judges by itself; outputs are put into ``notebook``."""
    ended: dict[str, str] = {}
    problems = []
    limit = session.limits.output_bytes
    for number, cell in enumerate(notebook.cells, 1):
        if not _runs(cell, assignment):
            continue
        ran = session.cell(cell.source)
        cell.outputs = outputs.clean_outputs(ran.outputs, limit)
        ended[grade_id(cell)] = _why(ran)
        if ran.message:
            cell.outputs.append(outputs.error(_NAMES.get(ran.ended, "Ended"), ran.message))
            problems.append(f"{_called(cell, number)} was ended. {ran.message}")
    return Run(ended, tuple(problems))


_NAMES = {"time": "TimeLimit", "memory": "MemoryError", "exit": "ProcessEnded", "signal": "ProcessCrashed"}


def _runs(cell: NotebookNode, assignment: Assignment) -> bool:
    if cell.cell_type != "code" or not cell.source.strip() or SKIP_TAG in cell.metadata.get("tags", ()):
        return False
    source = assignment.by_id.get(grade_id(cell))
    return source is None or source.kind != "check"


def _why(ran: Ran) -> str:
    """A sentence for the learner: why this cell ended early; empty if it did not."""
    if ran.ended == "raised":
        return "It stopped with an error."
    return ran.message


def _called(cell: NotebookNode, number: int) -> str:
    return f"The cell {grade_id(cell)}" if grade_id(cell) else f"Cell {number}"
