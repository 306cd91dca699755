"""The marks as a table and as JSON, for a system that has no format of its own here."""

import json
from typing import Any

from autograder.lms.marks_out.merge import Policy, points_to_export
from autograder.lms.marks_out.standings import Class
from autograder.marks import Mark, marks_table


def as_csv(graded: Class, policy: Policy) -> str:
    """The table of ``marks/<assignment>.csv`` as things stand now."""
    scores = {mark.student: points_to_export(mark, graded.standings[mark.student], policy) for mark in graded.all}
    return marks_table(graded.marks, graded.standings, scores)


def as_json(graded: Class, policy: Policy) -> str:
    """One object per student. ``score`` is null unless the mark counts; times are UTC, points are points."""
    content = {
        "assignment": graded.assignment.name,
        "due": _time(graded.marks.duedate),
        "max_score": graded.marks.max_score,
        "points": graded.marks.points,
        "marks": [_mark(graded, mark, policy) for mark in graded.all],
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _mark(graded: Class, mark: Mark, policy: Policy) -> dict[str, Any]:
    standing = graded.standings[mark.student]
    return {
        "student_id": mark.student,
        "first_name": mark.first_name,
        "last_name": mark.last_name,
        "email": mark.email,
        "timestamp": _time(mark.timestamp),
        "score": points_to_export(mark, standing, policy),
        "raw_score": mark.score if mark.student in graded.marks.marks else None,
        "late_submission_penalty": mark.late_penalty,
        "status": standing.status,
        "remarks": standing.remark,
        "cells": {
            name: {
                "score": None if cell.needs_manual_grade and not cell.by_hand else cell.score,
                "max_score": cell.max_score,
                "needs_manual_grade": cell.needs_manual_grade,
                "by_hand": cell.by_hand,
            }
            for name, cell in mark.cells.items()
        },
    }


def _time(moment: Any) -> str | None:
    return None if moment is None else moment.isoformat() + "Z"
