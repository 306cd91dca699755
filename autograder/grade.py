"""Grade one submission: intake → repair → run → probe → judge, from bytes to a ``Result``."""

import time
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.metadata import version
from typing import Any, cast

from nbformat.notebooknode import NotebookNode

from autograder import outputs
from autograder.assignment import Assignment
from autograder.cells import new_notebook
from autograder.intake import Rejected, parse
from autograder.judging import score, verdicts_of
from autograder.probe import paths, probe
from autograder.repair import repair
from autograder.result import CellKind, CellResult, Result
from autograder.run import run
from autograder.sandbox.parent import Sandbox
from autograder.sandbox.session import Session
from course_lib.checks import draw_cases


def grade(submission: bytes | Rejected, assignment: Assignment, seed: int, grader: Sandbox) -> Result:
    """Grade one submission; the same arguments give the same grades.

    Parameters
    ----------
    submission : bytes or Rejected
        What ``read_submission`` gave.
    assignment : Assignment
        ``Assignment.load(course_dir, name)``.
    seed : int
        What the hidden inputs are drawn from; keep it from learners.
    grader : Sandbox
        ``with Sandbox.start(limits, allow=assignment.allow) as grader``; it grades any number of submissions, one after
        another.

    Raises
    ------
    SandboxError
        If the sandbox itself fails. Nothing that a submission does raises anything.
    """
    started = time.perf_counter()
    notebook = parse(submission) if isinstance(submission, bytes) else submission
    if isinstance(notebook, Rejected):
        notebook, cells, problems = _rejected(notebook, assignment)
        drawn: Paths = {}
    else:
        notebook, cells, problems, drawn = _graded(notebook, assignment, seed, grader)
    return Result(
        notebook=_plain(notebook),
        cells=cells,
        problems=problems,
        tier=grader.tier,
        versions=dict(grader.versions) | _versions(),
        seconds=time.perf_counter() - started,
        paths=drawn,
    )


@cache
def _versions() -> dict[str, str]:
    return {name: version(name) for name in ("nbgrader", "optimizers-step-by-step")}


Rejection = tuple[NotebookNode, tuple[CellResult, ...], tuple[str, ...]]
Paths = Mapping[str, tuple[float, ...]]


_draw = lru_cache(maxsize=256)(draw_cases)  # one run meets every submission with the same inputs


def _graded(notebook: NotebookNode, assignment: Assignment, seed: int, grader: Sandbox) -> tuple[*Rejection, Paths]:
    # Repair before anything runs, so that what runs is the author's; run to the end before the first probe, because
    # what counts is the functions as the notebook leaves them; watch the paths that will be shown before any hidden
    # input is there; draw each hidden input only when everything has been loaded; judge when the child is gone.
    notebook, repairs = repair(notebook, assignment)
    with Session(grader) as session:
        ran = run(notebook, assignment, session)
        walked = paths(assignment.calls, session)
        probed = list(probe(assignment.calls, seed, session, _draw))
    verdicts = verdicts_of(probed)
    wrong = {verdict.function for verdict in verdicts.values() if not verdict.passed}
    cells = score(notebook, assignment, verdicts, ran.ended)
    shown = {function: path for function, path in walked.items() if function in wrong}
    return notebook, cells, (*repairs, *ran.problems), shown


def _rejected(rejected: Rejected, assignment: Assignment) -> Rejection:
    """The notebook as it was handed out, every cell with points saying why it could not be graded."""
    notebook = new_notebook([source.new_cell() for source in assignment.cells], assignment.metadata)
    cells = []
    for source, cell in zip(assignment.cells, notebook.cells, strict=True):
        if not source.graded:
            continue
        if source.kind != "manual":
            cell.outputs = [outputs.error("Unreadable", rejected.reason)]
        kind = cast(CellKind, source.kind)
        cells.append(CellResult(source.grade_id, kind, 0.0, source.points, note=f"Not graded: {rejected.reason}"))
    return notebook, tuple(cells), (rejected.reason,)


def _plain(tree: Any) -> Any:
    """The notebook as plain dicts and lists."""
    if isinstance(tree, Mapping):
        return {key: _plain(value) for key, value in tree.items()}
    return [_plain(value) for value in tree] if isinstance(tree, list | tuple) else tree
