"""Judge: scores from observations, outside the sandbox, and outputs that say the same to nbgrader."""

from collections.abc import Iterable, Mapping
from typing import Any

from nbformat.notebooknode import NotebookNode

from autograder import outputs
from autograder.assignment import Assignment, CheckCall, SourceCell
from autograder.probe import Probed
from autograder.repair import is_unanswered
from autograder.result import CellResult
from course_lib.checks import Verdict, judge

NOT_TAMPER_PROOF = "This cell's own code decides, beside the learner's code, so its points are not tamper-proof."
Verdicts = Mapping[CheckCall, Verdict]


def verdicts_of(probed: Iterable[Probed]) -> dict[CheckCall, Verdict]:
    """One verdict per criterion, without the right answers to hidden inputs."""
    return {
        call: judge(call.function, call.criterion, cases, observations).without_expected()
        for call, cases, observations in probed
    }


def score(
    notebook: NotebookNode, assignment: Assignment, verdicts: Verdicts, ended: Mapping[str, str]
) -> tuple[CellResult, ...]:
    """Every graded cell's result, in the source's order; the notebook's check and test cells get outputs to match."""
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}
    return tuple(
        _SCORE[source.kind](cells[source.grade_id], source, verdicts, ended.get(source.grade_id, ""))
        for source in assignment.cells
        if source.graded
    )


def _check(cell: NotebookNode, source: SourceCell, verdicts: Verdicts, _ended: str) -> CellResult:
    """All of the cell's criteria, or nothing."""
    own = [verdicts[call] for call in source.calls]
    cell.outputs = [outputs.stream("".join(_line(verdict) for verdict in own))]
    failed = next((verdict for verdict in own if not verdict.passed), None)
    if failed is not None:
        cell.outputs.append(outputs.error("AssertionError", failed.headline))
    points = 0.0 if failed else source.points
    return CellResult(source.grade_id, "check", points, source.points, tuple(v.to_dict() for v in own))


def _line(verdict: Verdict) -> str:
    return f"{verdict.function}, {verdict.criterion}: {'passed' if verdict.passed else 'failed'}. {verdict.headline}\n"


def _classic(cell: NotebookNode, source: SourceCell, _verdicts: Verdicts, ended: str) -> CellResult:
    """nbgrader's rule (an error is 0, a number partial credit, else full), without its traps."""
    cell.outputs = [_as_stdout(output) for output in cell.outputs]
    failed = bool(ended) or any(output["output_type"] == "error" for output in cell.outputs)
    if failed and not any(output["output_type"] == "error" for output in cell.outputs):
        cell.outputs.append(outputs.error("Failed", ended))
    if failed and source.source != source.released:
        cell.outputs = [outputs.error("AssertionError", "A test in this cell failed.")]  # hidden tests stay hidden
    points = 0.0 if failed else _credit(cell, source)
    return CellResult(source.grade_id, "classic", points, source.points, note=f"{ended} {NOT_TAMPER_PROOF}".strip())


def _as_stdout(output: outputs.Output) -> outputs.Output:
    """nbgrader scores a test cell with any text on stderr 0; a warning costs nothing here."""
    return output | {"name": "stdout"} if output["output_type"] == "stream" else output


def _credit(cell: NotebookNode, source: SourceCell) -> float:
    """Full points, or the number that the cell ends with; the number is written back as it counts."""
    partial = outputs.partial_credit(cell.outputs, source.points)
    results = [output for output in cell.outputs if output["output_type"] == "execute_result"]
    cell.outputs = [output for output in cell.outputs if output not in results]
    if partial is None:
        cell.outputs += [_shown(result) for result in results]
        return source.points
    result: dict[str, Any] = {"data": {"text/plain": repr(partial)}, "metadata": {}, "execution_count": 1}
    cell.outputs.append({"output_type": "execute_result"} | result)
    return partial


def _shown(result: outputs.Output) -> outputs.Output:
    """A last value that is no number, as a display: nbgrader would warn about it."""
    return {key: value for key, value in result.items() if key != "execution_count"} | {"output_type": "display_data"}


def _manual(cell: NotebookNode, source: SourceCell, _verdicts: Verdicts, _ended: str) -> CellResult:
    """A person grades it, unless nothing was written (nbgrader gives 0 for that by itself)."""
    if source.metadata["nbgrader"].get("solution") and is_unanswered(cell, source):
        return CellResult(
            source.grade_id, "manual", 0.0, source.points, note="The answer was left as it was handed out."
        )
    return CellResult(source.grade_id, "manual", None, source.points)


_SCORE = {"check": _check, "classic": _classic, "manual": _manual}
