"""Every problem set's source follows the course's pattern (assignments/README.md)."""

import ast
from collections import Counter
from pathlib import Path
from typing import Any

import nbformat
import pytest
from problem_sets import ASSIGNMENTS

from course_lib.checks import spec_for

SOURCES = sorted((ASSIGNMENTS / "source").glob("*/*.ipynb"))
HIDDEN = ("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS")
SOLUTION = ("### BEGIN SOLUTION", "### END SOLUTION")

pytestmark = pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)


def cells(source: Path, **wanted: Any) -> list[Any]:
    """The cells whose nbgrader metadata has these values; all cells without any."""
    notebook = nbformat.read(source, as_version=4)
    if not wanted:
        return list(notebook.cells)
    marked = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    return [cell for cell in marked if all(cell.metadata.nbgrader[key] == value for key, value in wanted.items())]


def calls(cell: Any) -> list[tuple[Any, ...]]:
    """The ``check(name, name, criterion="…", seed=…)`` calls of a cell that holds nothing else."""
    found = []
    for statement in ast.parse(cell.source).body:
        assert isinstance(statement, ast.Expr), cell.source
        call = statement.value
        assert isinstance(call, ast.Call), cell.source
        assert ast.unparse(call.func) == "check"
        name, function = call.args
        settings = {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
        assert ast.literal_eval(name) == ast.unparse(function)
        found.append((ast.unparse(function), settings.pop("criterion"), settings.pop("seed", None)))
        assert not settings
    return found


def test_it_is_named_after_its_folder(source: Path) -> None:
    assert source.stem == source.parent.name
    nbformat.validate(nbformat.read(source, as_version=4))


def test_it_is_committed_without_outputs(source: Path) -> None:
    for cell in cells(source):
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_it_never_imports_the_answer(source: Path) -> None:
    for cell in cells(source):
        if cell.cell_type == "code":
            assert "optimizers" not in cell.source
            assert "torch" not in cell.source or "skip-grading" in cell.metadata.get("tags", [])


def test_pictures_are_not_graded(source: Path) -> None:
    for cell in cells(source):
        if cell.cell_type == "code" and "course_lib.plotting" in cell.source:
            assert cell.metadata.tags == ["skip-grading"]


def test_points_sum_to_a_hundred(source: Path) -> None:
    assert sum(cell.metadata.nbgrader.points for cell in cells(source, grade=True)) == 100


def test_each_criterion_has_one_locked_cell_with_a_hidden_seed(source: Path) -> None:
    graded = cells(source, grade=True, solution=False)
    seen = []
    for cell in graded:
        assert cell.metadata.nbgrader.locked
        (name, criterion, shown), (same, again, hidden) = calls(cell)
        assert (name, criterion) == (same, again)
        assert (shown, type(hidden)) == (None, int)
        lines = cell.source.splitlines()
        assert (lines[1], lines[-1]) == HIDDEN
        assert cell.metadata.nbgrader.grade_id == f"{name}-{criterion}"
        seen.append((name, criterion))
    functions = dict.fromkeys(name for name, _ in seen)
    numpy = [(f, c) for f in functions for c, rule in spec_for(f).criteria.items() if rule.backend == "numpy"]
    assert seen == numpy


def test_seeds_are_all_different(source: Path) -> None:
    seeds = Counter(calls(cell)[1][2] for cell in cells(source, grade=True, solution=False))
    assert max(seeds.values()) == 1


def test_each_function_has_a_cell_to_write_it_and_one_to_check_it(source: Path) -> None:
    sequence = [cell for cell in cells(source) if cell.cell_type == "code"]
    functions = {calls(cell)[0][0] for cell in cells(source, grade=True, solution=False)}
    written = cells(source, grade=False, solution=True)
    assert {cell.metadata.nbgrader.grade_id for cell in written} == functions
    for cell in written:
        name = cell.metadata.nbgrader.grade_id
        assert all(mark in cell.source for mark in SOLUTION)
        assert f"def {name}(" in cell.source
        after = next(i for i, other in enumerate(sequence) if other.source == cell.source) + 1
        assert sequence[after].source == f'check("{name}", {name})'
        assert "nbgrader" not in sequence[after].metadata


def test_one_question_is_answered_in_words(source: Path) -> None:
    (question,) = cells(source, grade=True, solution=True)
    assert question.cell_type == "markdown"
    assert question.source.startswith(SOLUTION[0])
    assert "*Marking:" in question.source
