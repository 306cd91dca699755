"""Every problem set of the course, graded: its author's own solutions earn all points, and every given cell runs."""

from functools import cache
from pathlib import Path

import nbformat
import pytest

from autograder.assignment import Assignment
from autograder.cells import grade_id
from autograder.grade import grade
from autograder.sandbox.parent import Sandbox
from tests.autograder.notebooks import COURSE

NAMES = sorted(path.parent.name for path in COURSE.glob("source/*/*.ipynb"))


@cache
def source(name: str) -> Path:
    (path,) = (COURSE / "source" / name).glob("*.ipynb")
    return path


@pytest.mark.parametrize("name", NAMES)
def test_the_authors_solution_earns_everything_and_no_cell_fails(name: str) -> None:
    assignment = Assignment.load(COURSE, name)
    with Sandbox.start(allow=assignment.allow) as sandbox:
        result = grade(source(name).read_bytes(), assignment, 1, sandbox)
    assert result.problems == ()
    lost = {cell.grade_id: cell.verdicts for cell in result.cells if cell.score not in (None, cell.max_score)}
    assert lost == {}
    errors = {
        grade_id(cell) or cell["source"].splitlines()[0]: output["evalue"]
        for cell in nbformat.from_dict(result.notebook).cells
        for output in cell.get("outputs", [])
        if output["output_type"] == "error"
    }
    assert errors == {}
