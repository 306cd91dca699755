"""``check`` as a learner uses it: a table at once, or one short AssertionError in a graded cell."""

import functools
import inspect
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from course_lib.checks.judge import criterion_of, draw_cases, judge, spec_for
from course_lib.checks.observe import observe
from course_lib.checks.picture import path_picture
from course_lib.checks.specs import Spec
from course_lib.checks.verdicts import Verdict

_LEFT = 'style="text-align:left;vertical-align:top;white-space:normal"'
PRACTICE_SEED = 0  # the same inputs every time, so that the numbers stay put while one looks for a mistake


class CheckFailed(AssertionError):  # noqa: N818 (a finding, not an error)
    """A graded cell's criterion is not met. Jupyter shows its sentences and no traceback."""

    def _render_traceback_(self) -> list[str]:
        return [f"AssertionError: {self}"]


@dataclass(frozen=True)
class CheckReport:
    """The verdicts on every criterion, shown as a table; ``print`` shows the same as text."""

    function: str
    verdicts: tuple[Verdict, ...]
    picture: str = ""

    @property
    def passed(self) -> bool:
        """Whether every criterion is met."""
        return all(verdict.passed for verdict in self.verdicts)

    def __str__(self) -> str:
        return "\n".join([self._summary(), *(line for row in self._rows() for line in _text_lines(*row))])

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
        return (
            '<div class="course-check"><table style="table-layout:auto;margin-left:0">'
            f"<caption {_LEFT}>{escape(self._summary())}</caption>"
            f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>{self.picture}</div>"
        )


def check(
    name: str, function: Callable[..., Any], criterion: str | None = None, *, seed: int | None = None
) -> CheckReport | None:
    """Compare your function with the reference and say what differs.

    Parameters
    ----------
    name : str
        Which function it is meant to be, ``"gd_step"``.
    function : callable
        Yours. Helpers such as ``gd_init`` are found where it was defined.
    criterion : str, optional
        Judge this one alone, as a graded cell does.
    seed : int, optional
        Draw other inputs than the usual ones; right answers are not shown then.

    Returns
    -------
    CheckReport or None
        The table. None, after a line of print, for a single criterion that is met.

    Raises
    ------
    CheckFailed
        (an AssertionError) if the single ``criterion`` is not met.
    TypeError, KeyError
        If ``name`` is not a text, or is unknown, or has no such criterion; the message lists those there are.

    Examples
    --------
    >>> from course_lib.optimizers import gd_step
    >>> check("gd_step", gd_step, criterion="one_step")
    gd_step, one_step: right. One step goes where it should.
    """
    if not isinstance(name, str):
        raise TypeError('check takes the name first and then the function: check("gd_step", gd_step)')
    spec = spec_for(name)
    namespace = {**_surroundings(function), name: function}
    if criterion is not None:
        _settle(_verdict(spec, criterion, namespace, seed))
        return None
    names = [key for key, rule in spec.criteria.items() if rule.backend == "numpy" or rule.backend in sys.modules]
    verdicts = tuple(_verdict(spec, key, namespace, seed) for key in names)
    return CheckReport(name, verdicts, path_picture(spec, function, namespace))


def _surroundings(function: Any) -> Mapping[str, Any]:
    """The names that the function's own code sees: the notebook's."""
    inner = inspect.unwrap(function) if callable(function) else function
    inner = getattr(inner, "func", inner)  # functools.partial
    found = getattr(inner, "__globals__", None)
    return found if isinstance(found, dict) else vars(sys.modules["__main__"])


def _verdict(spec: Spec, criterion: str, namespace: Mapping[str, Any], seed: int | None) -> Verdict:
    criterion_of(spec, criterion)
    cases = draw_cases(spec.function, criterion, PRACTICE_SEED if seed is None else seed)
    verdict = judge(spec.function, criterion, cases, [observe(case, namespace) for case in cases])
    return verdict if seed is None else verdict.without_expected()


def _settle(verdict: Verdict) -> None:
    if not verdict.passed:
        raise CheckFailed("\n".join(_said(verdict)))
    print(f"{verdict.function}, {verdict.criterion}: right. {verdict.headline}")


def _said(verdict: Verdict) -> list[str]:
    """The verdict in sentences: what is wrong, what to do, where it shows."""
    first = f"{verdict.function}, {verdict.criterion}: {verdict.headline}"
    return [line for line in (first, verdict.detail, shown_evidence(verdict)) if line]


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
    return (
        f'<tr><th scope="row" {_LEFT}>{escape(verdict.criterion)}</th>'
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
