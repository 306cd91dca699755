"""The autograded notebook as people see it: verdicts in their cells, what was repaired on top, nothing that can act.

Hidden inputs stay hidden: of a verdict's evidence only the step and the name of the quantity are shown, for a learner's
function may well answer with its very input. The picture beside a wrong step shows its path on 4x², a public input.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from autograder.assignment import Assignment
from autograder.harmless import harmless_cell, harmless_markdown
from autograder.result import CellResult, Result
from course_lib.checks import spec_for
from course_lib.checks.picture import drawn, right_path
from course_lib.palette import PALETTE

PROBLEMS_ID = "about-this-submission"


def presentable(result: Result, assignment: Assignment, book: str) -> Result:
    """``result`` with its notebook made fit to be shown.

    Parameters
    ----------
    result : Result
    assignment : Assignment
        Says which cells are the instructor's own and therefore shown as they are.
    book : str
        Where the book's pages are, as a prefix for links from a student's folder.
    """
    results = {cell.grade_id: cell for cell in result.cells}
    pictures = _pictures(result)
    cells = [_shown(cell, assignment, results, book, pictures) for cell in result.notebook["cells"]]
    if result.problems:
        cells.insert(0, _problems(result.problems))
    notebook = {**result.notebook, "cells": cells, "metadata": dict(assignment.metadata)}
    return replace(result, notebook=notebook)


def _shown(
    cell: dict[str, Any],
    assignment: Assignment,
    results: Mapping[str, CellResult],
    book: str,
    pictures: Mapping[tuple[str, str], str],
) -> dict[str, Any]:
    grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
    source = assignment.by_id.get(grade_id)
    clean = harmless_cell(cell)
    if source and source.restored:
        clean["source"] = source.released  # the instructor's own text, without its hidden tests
    else:
        clean["metadata"] = {key: value for key, value in cell["metadata"].items() if key == "nbgrader" and source}
    if grade_id in results and cell["cell_type"] == "code":
        clean["outputs"] = _explained(clean["outputs"], results[grade_id], book, pictures)
    return clean


def _pictures(result: Result) -> dict[tuple[str, str], str]:
    """The picture of each wrong step function, by function and the first criterion that it fails.

    None where the path is the right one: what is wrong shows elsewhere then.
    """
    failed = [verdict for cell in result.cells for verdict in cell.verdicts if not verdict["passed"]]
    first = {verdict["function"]: verdict["criterion"] for verdict in reversed(failed)}
    return {
        (function, first[function]): drawn(spec_for(function), path)
        for function, path in result.paths.items()
        if not np.allclose(path, right_path(spec_for(function)), rtol=1e-6)
    }


def _explained(
    outputs: list[dict[str, Any]], result: CellResult, book: str, pictures: Mapping[tuple[str, str], str]
) -> list[dict[str, Any]]:
    """Verdicts and the note in place of a check cell's plain lines; a classic cell keeps what it printed.

    A check cell's error stays, for nbgrader reads the score from it, but has no traceback: the verdict says it better.
    """
    cards = [
        _card(verdict, book, pictures.get((verdict["function"], verdict["criterion"]), ""))
        for verdict in result.verdicts
    ]
    if result.note:
        cards.append(
            _display(_template("note.html.j2").render(note=result.note), result.note, {"headline": result.note})
        )
    if result.kind == "check":
        outputs = [{**output, "traceback": []} for output in outputs if output["output_type"] == "error"]
    return [*cards, *outputs]


def _card(verdict: Mapping[str, Any], book: str, picture: str) -> dict[str, Any]:
    link = book + verdict["link"] if verdict.get("link") else ""
    inks = ";".join(f"--course-{name}: {PALETTE[name].light}" for name in ("blue", "orange"))
    shown = {"verdict": verdict, "where": where(verdict), "link": link, "picture": Markup(picture), "inks": inks}
    page = _template("verdict.html.j2").render(shown)
    plain = f"{'passed' if verdict['passed'] else 'failed'}: {verdict['headline']}"
    about = {"passed": verdict["passed"], "headline": verdict["headline"], "detail": verdict["detail"], "link": link}
    return _display(page, plain, about)


def where(verdict: Mapping[str, Any]) -> str:
    """Where a wrong answer first shows: ``at step 2, in b``."""
    evidence = verdict.get("evidence", {})
    at = f"at step {evidence['step']}" if evidence.get("step") else ""
    quantity = f"in {evidence['quantity']}" if evidence.get("quantity") not in (None, "", "value") else ""
    return ", ".join(filter(None, (at, quantity)))


def _display(page: str, plain: str, about: dict[str, Any]) -> dict[str, Any]:
    """``about`` is for the summary of the feedback page; no output of a learner's has metadata."""
    data = {"text/html": page, "text/plain": plain}
    return {"output_type": "display_data", "data": data, "metadata": {"autograder": about}}


def _problems(problems: tuple[str, ...]) -> dict[str, Any]:
    lines = "\n".join(f"- {harmless_markdown(' '.join(problem.split()))}" for problem in problems)
    source = f"**About this submission**\n\n{lines}"
    return {"cell_type": "markdown", "id": PROBLEMS_ID, "metadata": {}, "source": source}


@cache
def _template(name: str) -> Any:
    return Environment(loader=PackageLoader("autograder"), autoescape=True).get_template(name)
