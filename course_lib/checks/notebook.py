"""``check`` as a learner uses it: a table at once, or one short AssertionError in a graded cell."""

import inspect
import sys
from collections.abc import Callable, Mapping
from typing import Any

from course_lib.checks.judge import draw_cases, judge, spec_for
from course_lib.checks.observe import observe
from course_lib.checks.picture import path_picture
from course_lib.checks.report import CheckReport, shown_evidence
from course_lib.checks.specs import Spec
from course_lib.checks.verdicts import Verdict

PRACTICE_SEED = 0  # the same inputs every time, so that the numbers stay put while one looks for a mistake


class CheckFailed(AssertionError):  # noqa: N818 (a finding, not an error)
    """A graded cell's criterion is not met. Jupyter shows its sentences and no traceback."""

    def _render_traceback_(self) -> list[str]:
        return [f"AssertionError: {self}"]


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
        _settle(_look(spec, criterion, namespace, seed)[0])
        return None
    names = [key for key, rule in spec.criteria.items() if rule.backend == "numpy" or rule.backend in sys.modules]
    verdicts, printed = zip(*(_look(spec, key, namespace, seed) for key in names), strict=True)
    return CheckReport(name, verdicts, path_picture(spec, namespace), next(filter(None, printed), ""))


def _surroundings(function: Any) -> Mapping[str, Any]:
    """The names that the function's own code sees: the notebook's."""
    inner = inspect.unwrap(function) if callable(function) else function
    inner = getattr(inner, "func", inner)  # functools.partial
    found = getattr(inner, "__globals__", None)
    return found if isinstance(found, dict) else vars(sys.modules["__main__"])


def _look(spec: Spec, criterion: str, namespace: Mapping[str, Any], seed: int | None) -> tuple[Verdict, str]:
    """The verdict, and the beginning of what the function printed."""
    cases = draw_cases(spec.function, criterion, PRACTICE_SEED if seed is None else seed)
    observations = [observe(case, namespace) for case in cases]
    verdict = judge(spec.function, criterion, cases, observations)
    printed = next((seen["printed"] for seen in observations if seen["printed"]), "")
    return verdict if seed is None else verdict.without_expected(), printed


def _settle(verdict: Verdict) -> None:
    if not verdict.passed:
        raise CheckFailed("\n".join(_said(verdict)))
    print(f"{verdict.function}, {verdict.criterion}: right. {verdict.headline}")


def _said(verdict: Verdict) -> list[str]:
    """The verdict in sentences: what is wrong, what to do, where it shows."""
    first = f"{verdict.function}, {verdict.criterion}: {verdict.headline}"
    return [line for line in (first, verdict.detail, shown_evidence(verdict)) if line]
