"""Staged as ``course_lib/checks/__init__.py``: in the grader's sandbox there is nothing to compare with."""

from typing import Any


def check(name: str, function: Any = None, criterion: str | None = None, **_: Any) -> None:
    """The grader judges by itself, after the notebook has run; a ``check`` in a learner's own cell only says so."""
    what = f"{name}, {criterion}" if criterion else name
    print(f"check({what}): judged by the grader")
