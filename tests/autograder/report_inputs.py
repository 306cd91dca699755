"""What the class report is told in its tests: results, marks and standings made up for one cell."""

from typing import Any

from autograder.history import Function, Standing
from autograder.marks import CellMark, ClassMarks, Mark
from tests.autograder.notebooks import NAME

STEP = "gd_step-one_step"


def result(*misconceptions: str, score: float = 6.0, problems: tuple[str, ...] = ()) -> dict[str, Any]:
    verdict = {
        "function": "gd_step",
        "criterion": "one_step",
        "passed": score > 0,
        "headline": "What it does.",
        "detail": "What to look at.",
        "evidence": {},
        "misconceptions": list(misconceptions),
        "link": "chapters/gradient_descent.html",
    }
    cell = {"grade_id": STEP, "kind": "check", "score": score, "max_score": 6.0, "verdicts": [verdict], "note": ""}
    return {"cells": [cell], "problems": list(problems), "tier": "plain"}


def marks(penalty: float = 0.0, by_hand: bool = False, **scores: float) -> ClassMarks:
    made = {}
    for student, score in scores.items():
        cells = {STEP: CellMark(score, 100.0, score == 50, by_hand)}
        made[student] = Mark(student, "", "", "", None, penalty, cells)
    absent = (Mark("absent", "Niels", "Abel", "", None, 0.0),)
    return ClassMarks(NAME, None, 100.0, {STEP: 100.0}, made, absent)


def standing(number: int, score: float, *mistakes: str, right: bool = False, max_score: float = 6.0) -> Standing:
    return Standing(
        number,
        f"2026-09-{13 + number} 08:00:00" if score else "",
        score,
        max_score,
        {"gd_step": Function(int(right), 1, frozenset(mistakes))},
    )
