"""Verdicts as a learner reads them: a table with a picture in a notebook, the same as text in a terminal."""

import functools
import os
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from course_lib.checks.verdicts import Verdict

_PRINTED = "While it was checked, your function printed (the beginning):"
_LEFT = 'style="text-align:left;vertical-align:top;white-space:normal"'


@dataclass(frozen=True)
class CheckReport:
    """The verdicts on every criterion, shown as a table; ``print`` shows the same as text.

    ``picture`` is an ``<svg>`` or empty; ``printed`` is the beginning of what the function printed meanwhile.
    """

    function: str
    verdicts: tuple[Verdict, ...]
    picture: str = ""
    printed: str = ""

    @property
    def passed(self) -> bool:
        """Whether every criterion is met."""
        return all(verdict.passed for verdict in self.verdicts)

    def __str__(self) -> str:
        rows = [line for row in self._rows() for line in _text_lines(*row)]
        return "\n".join([self._summary(), *rows, *([_PRINTED, self.printed] if self.printed else [])])

    __repr__ = __str__

    def _summary(self) -> str:
        met = sum(verdict.passed for verdict in self.verdicts)
        return f"{self.function}: {met} of {len(self.verdicts)} criteria met"

    def _rows(self) -> list[tuple[Verdict, list[str]]]:
        """Each verdict with what to look at; an explanation that an earlier row has given is not given again."""
        rows: list[tuple[Verdict, list[str]]] = []
        told: list[str] = []
        for verdict in self.verdicts:
            detail = functools.reduce(lambda text, known: text.replace(known, "").strip(), told, verdict.detail)
            told += [detail] if detail else []
            evidence = shown_evidence(verdict) if detail or not verdict.misconceptions else ""
            rows.append((verdict, [] if verdict.passed else [line for line in (detail, evidence) if line]))
        return rows

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": self._html()}

    def _html(self) -> str:
        rows = "".join(_table_row(*row) for row in self._rows())
        heads = "".join(f'<th scope="col" {_LEFT}>{head}</th>' for head in ("criterion", "verdict", "what to look at"))
        printed = f"<p>{_PRINTED}</p><pre>{escape(self.printed)}</pre>" if self.printed else ""
        return (
            '<div class="course-check"><table style="table-layout:auto;margin-left:0">'
            f"<caption {_LEFT}>{escape(self._summary())}</caption>"
            f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>{self.picture}{printed}</div>"
        )


def shown_evidence(verdict: Verdict) -> str:
    """The evidence as a sentence: where it was seen first, what came out there and what is right."""
    e = verdict.evidence
    place = next((f"First seen at {unit} {e[unit]}" for unit in ("step", "call") if unit in e), "")
    got = f"{e['quantity']} is {e['got']}" if "quantity" in e and "got" in e else str(e.get("quantity", ""))
    said = ": ".join(part for part in (place, got) if part)
    said += f", right is {e['expected']}" if "expected" in e else ""
    return (said + f" ({e['case']})." if e.get("case") else said + ".") if said else ""


def _text_lines(verdict: Verdict, look_at: list[str]) -> list[str]:
    mark = "✓" if verdict.passed else "✗"
    return [f"  {mark} {verdict.criterion}: {verdict.headline}", *(f"      {line}" for line in look_at)]


def _table_row(verdict: Verdict, look_at: list[str]) -> str:
    headline = escape(verdict.headline) if verdict.passed else f"<b>{escape(verdict.headline)}</b>"
    link = [_book_link(verdict.link)] if look_at and verdict.link else []
    name = escape(verdict.criterion).replace("_", "_<wbr>")  # a long one may break, for a phone's sake
    return (
        f'<tr><th scope="row" {_LEFT}>{name}</th>'
        f"<td {_LEFT}>{'✓&nbsp;right' if verdict.passed else '✗&nbsp;not&nbsp;yet'}</td>"
        f"<td {_LEFT}>{'<br>'.join([headline, *map(escape, look_at), *link])}</td></tr>"
    )


def _book_link(link: str) -> str:
    """A link into the book: at ``COURSE_BOOK_URL`` if that is set, else the one built beside this package, if it is."""
    page = link.partition("#")[0]
    title = escape(Path(page).stem.replace("_", " "))
    base = os.environ.get("COURSE_BOOK_URL", "").rstrip("/")
    built = Path(__file__).parents[2] / "book" / "_build" / "html"
    if not base and (built / page).is_file():
        base = Path(os.path.relpath(built)).as_posix()
    return f'<a href="{escape(f"{base}/{link}")}">In the book: {title}</a>' if base else f"In the book: {title}"
