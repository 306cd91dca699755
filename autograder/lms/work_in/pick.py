"""Of everything that one learner handed in, the one notebook to grade."""

import re
from dataclasses import dataclass, field

from autograder.lms.work_in.piece import Piece

_NOTEBOOK = re.compile(
    r"\.ipynb(\.(txt|json))?$", re.IGNORECASE
)  # browsers add the second ending to what they do not know
_COPY = re.compile(r"(-Copy\d+|\s?\(\d+\)|\s-\s(Copy|Kopie))+$", re.IGNORECASE)


@dataclass
class Choice:
    """``chosen`` is graded; the ``others`` are notebooks, too; ``why`` there is no choice."""

    chosen: Piece | None = None
    others: list[Piece] = field(default_factory=list)
    why: str = ""


def is_notebook(piece: Piece) -> bool:
    return bool(_NOTEBOOK.search(piece.file))


def pick(pieces: list[Piece], notebook: str) -> Choice:
    """The newest notebook of the right name; where there is none, the only one there is.

    Several that nothing tells apart are all set aside: which of them counts is not for a program to guess.
    """
    notebooks = [piece for piece in pieces if is_notebook(piece)]
    named = [piece for piece in notebooks if _stem(piece.file) == notebook.casefold()]
    candidates = named or notebooks
    others = [piece for piece in notebooks if piece not in candidates]
    if not candidates:
        files = ", ".join(piece.file for piece in pieces)
        return Choice(why=f"no notebook among what was handed in ({files}); archives inside a download are not opened")
    newest = _newest(candidates)
    if newest is None:
        files = ", ".join(str(piece.entry.path) for piece in candidates)
        return Choice(others=notebooks, why=f"several notebooks, and nothing tells which one counts: {files}")
    return Choice(newest, [*others, *(piece for piece in candidates if piece is not newest)])


def _stem(file: str) -> str:
    return _COPY.sub("", _NOTEBOOK.sub("", file)).casefold()


def _newest(candidates: list[Piece]) -> Piece | None:
    """The only one, or the one that its time or its number shows to be the last."""
    if len(candidates) == 1:
        return candidates[0]
    times = [piece.when for piece in candidates]
    if all(times) and len(set(times)) == len(times):
        return max(candidates, key=lambda piece: str(piece.when))
    orders = [piece.order for piece in candidates]
    if all(orders) and len(set(orders)) == len(orders):
        return max(candidates, key=lambda piece: piece.order)
    return None
