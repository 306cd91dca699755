"""Gradescope's ``results.json``: one test per graded cell, in words that a learner can use.

The format is at https://gradescope-autograders.readthedocs.io/en/latest/specs/.
"""

import json
from collections.abc import Mapping
from typing import Any, Literal

from autograder.marks import Mark

Visibility = Literal["visible", "after_due_date", "after_published", "hidden"]
WAITS = "A person will grade this answer."


def results(result: Mapping[str, Any], visibility: Visibility, book: str, mark: Mark | None = None) -> dict[str, Any]:
    """The content of ``results.json``.

    Parameters
    ----------
    result : mapping
        What ``Result.to_dict`` gave; its notebook is not needed.
    visibility : str
        When learners may see the tests.
    book : str
        Prefix of links into the book, empty to have none: inside Gradescope a path of this computer leads nowhere.
    mark : Mark, optional
        The gradebook's scores, manual ones included; without it the grader's own.
    """
    tests = [_test(cell, visibility, book, mark) for cell in result["cells"]]
    return {
        "score": sum(test.get("score", 0.0) for test in tests),
        "output": " ".join(result["problems"]),
        "visibility": visibility,
        "stdout_visibility": "hidden",
        "tests": tests,
        "extra_data": {"sandbox": result["tier"], "versions": dict(result["versions"])},
    }


def to_bytes(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def _test(cell: Mapping[str, Any], visibility: Visibility, book: str, mark: Mark | None) -> dict[str, Any]:
    """A test without a score is shown and not counted: that is how an answer waits for a person."""
    score, waits = _score(cell, mark)
    test = {
        "name": _name(cell),
        "max_score": cell["max_score"],
        "output": _output(cell, book, waits),
        "output_format": "text",
        "visibility": visibility,
    }
    if score is None:
        return {key: value for key, value in test.items() if key != "max_score"}
    return test | {"score": score, "status": "passed" if score >= cell["max_score"] else "failed"}


def _score(cell: Mapping[str, Any], mark: Mark | None) -> tuple[float | None, bool]:
    if mark is None:
        return cell["score"], cell["score"] is None
    marked = mark.cells.get(cell["grade_id"])
    if marked is None or marked.needs_manual_grade:
        return None, True
    return marked.score, False


def _name(cell: Mapping[str, Any]) -> str:
    """What is tested: function and criterion, or the cell's own name where there are none."""
    tested = [f"{verdict['function']}: {verdict['criterion'].replace('_', ' ')}" for verdict in cell["verdicts"]]
    return ", ".join(tested) or cell["grade_id"].replace("_", " ")


def _output(cell: Mapping[str, Any], book: str, waits: bool) -> str:
    lines = [line for verdict in cell["verdicts"] for line in _verdict(verdict, book)]
    return "\n".join([*lines, *([cell["note"]] if cell["note"] else []), *([WAITS] if waits else [])])


def _verdict(verdict: Mapping[str, Any], book: str) -> list[str]:
    lines = [f"{'✓' if verdict['passed'] else '✗'} {verdict['headline']}", verdict["detail"]]
    if book and verdict["link"] and not verdict["passed"]:
        lines.append(f"The book explains it: {book}{verdict['link']}")
    return [line for line in lines if line]
