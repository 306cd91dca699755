"""What stands on top of a feedback page: the points of every criterion, what was found, and what to do first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

NO_RESPONSE = "No response."  # nbgrader's own comment on an answer that was left as it was handed out
SAME = "The same as above."
UNANSWERED = "No answer was written."
State = Literal["full", "some", "none", "waiting"]


@dataclass(frozen=True)
class Row:
    """One cell with points: ``name`` of the function, the ``idea`` judged, and what was ``said`` of it."""

    cell: str
    name: str
    idea: str
    state: State
    score: float
    max_score: float
    said: str = ""
    detail: str = ""
    link: str = ""
    commented: bool = False
    """Whether a person wrote something beside it."""


@dataclass(frozen=True)
class Summary:
    """``first`` is the row to begin with, None where nothing can be mended; ``further`` counts what else was found.

    ``whole`` says that what is wrong with the first row is wrong with all of them, as with a file that cannot be read.
    """

    rows: tuple[Row, ...]
    first: Row | None
    further: int
    whole: bool


def summarize(cells: list[Mapping[str, Any]], waiting: tuple[str, ...]) -> Summary:
    """The summary of a graded notebook.

    Parameters
    ----------
    cells : list of cells
        As ``present`` left them, with nbgrader's ``score``, ``points`` and ``comment`` filled in.
    waiting : tuple of str
        Grade ids of the cells that a person has still to grade.
    """
    rows = tuple(_rows(cells, waiting))
    mend = [row for row in rows if row.state in ("some", "none")]
    others = [row for row in mend[1:] if row.said != SAME]
    whole = len(rows) == len(mend) > 1 and all(row.said == UNANSWERED for row in others)
    return Summary(rows, mend[0] if mend else None, 0 if whole else len(others), whole)


def _rows(cells: list[Mapping[str, Any]], waiting: tuple[str, ...]) -> Iterator[Row]:
    told: set[str] = set()
    for cell in cells:
        about = cell["metadata"].get("nbgrader", {})
        if about.get("grade") or about.get("task"):
            row = _row(cell, about, waiting, told)
            told.add(row.said)
            yield row


def _row(cell: Mapping[str, Any], about: Mapping[str, Any], waiting: tuple[str, ...], told: set[str]) -> Row:
    identity, comment = str(about["grade_id"]), about.get("comment") or ""
    name, _, idea = identity.partition("-")
    score, points = float(about.get("score") or 0.0), float(about.get("points") or 0.0)
    state = _state(identity in waiting, score, points)
    found = _found(cell)
    said = str(found.get("headline", "")) or _by_hand(state, comment)
    return Row(
        cell=identity,
        name=name if idea else "",
        idea=(idea or name).replace("_", " "),
        state=state,
        score=score,
        max_score=points,
        said=SAME if said and said in told and state != "full" else said,
        detail=str(found.get("detail", "")),
        link=str(found.get("link", "")),
        commented=bool(comment) and comment != NO_RESPONSE,
    )


def _state(waiting: bool, score: float, points: float) -> State:
    if waiting:
        return "waiting"
    return "full" if score >= points else "some" if score > 0 else "none"


def _found(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    """What ``present`` noted of the cell: its first failed verdict, else its first."""
    notes = [output.get("metadata", {}).get("autograder") for output in cell.get("outputs", ())]
    found: list[Mapping[str, Any]] = [note for note in notes if note]
    return next((note for note in found if not note.get("passed", True)), found[0] if found else {})


def _by_hand(state: State, comment: str) -> str:
    if state == "waiting":
        return "A person still reads this."
    return UNANSWERED if comment == NO_RESPONSE and state == "none" else ""
