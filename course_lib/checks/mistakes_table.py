"""What the check says of given mistakes, as a table for a page: the book's "common mistakes" come from here."""

import inspect
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import dedent, indent
from typing import Any

import numpy as np

from course_lib.checks.judge import draw_cases, judge
from course_lib.checks.observe import observe
from course_lib.checks.specs import Spec
from course_lib.checks.verdicts import Verdict

HEAD = "| what was written | what the check says |\n|---|---|"


@dataclass(frozen=True)
class MistakesTable:
    """Bodies of a function, each with the first verdict that is not a pass; Jupyter shows it as a table.

    Of a body it shows the lines that are not in ``right``, or, where one is only left out, which.
    """

    rows: tuple[tuple[str, Verdict], ...]
    right: str = ""

    def _repr_markdown_(self) -> str:
        lines = [f"| {self._written(body)} | **{_text(v.headline)}** {_text(v.detail)} |" for body, v in self.rows]
        return "\n".join([HEAD, *lines])

    def _written(self, body: str) -> str:
        lines, right = _lines(body), _lines(self.right)
        wrong = [line for line in lines if line not in right]
        return _code(_lines("\n".join(wrong))) or "without " + _code([line for line in right if line not in lines])


def mistakes_table(
    spec: Spec, bodies: Sequence[str], given: Mapping[str, Any] | None = None, *, right: str = ""
) -> MistakesTable:
    """Put each body into the function that ``spec`` describes, and let the check judge it.

    Parameters
    ----------
    spec : Spec
        Of ``spec_for("gd_step")``, say. The function gets the reference's own signature.
    bodies : sequence of str
        Python source, a line or several: ``"return w + lr * g, GDState(state.t + 1)"``. It is executed.
    given : mapping, optional
        Further names that a body uses. ``np``, ``math``, the function's init, its state's class and its gradient's are
        there.
    right : str, optional
        The body that all others are but for their mistakes. The table leaves its lines out.

    Raises
    ------
    ValueError
        If a body turns out to be right, or ``right`` to be wrong: a page must not call it what it is not.

    Examples
    --------
    >>> from course_lib.checks import spec_for
    >>> body = "return w - g, GDState(state.t + 1)"
    >>> table = mistakes_table(spec_for("gd_step"), [body])
    >>> table.rows[0][1].headline
    'It ignores the learning rate.'
    """
    if right and (verdict := _first_failure(spec, right, given or {})) is not None:
        raise ValueError(f"the check finds a mistake in {spec.function}: {right}: {verdict.headline}")
    return MistakesTable(tuple((body, _mistake(spec, body, given or {})) for body in bodies), right)


def _mistake(spec: Spec, body: str, given: Mapping[str, Any]) -> Verdict:
    verdict = _first_failure(spec, body, given)
    if verdict is None:
        raise ValueError(f"the check finds nothing wrong with {spec.function}: {body}")
    return verdict


def _first_failure(spec: Spec, body: str, given: Mapping[str, Any]) -> Verdict | None:
    names: dict[str, Any] = {"np": np, "math": math, **_given_state(spec), **given}
    exec(f"def {spec.function}{_signature(spec)}:\n{indent(dedent(body), '    ')}", names)
    for criterion in spec.criteria:
        if spec.criteria[criterion].backend != "numpy":
            continue
        cases = draw_cases(spec.function, criterion, seed=0)
        verdict = judge(spec.function, criterion, cases, [observe(case, names) for case in cases])
        if not verdict.passed:
            return verdict
    return None


def _given_state(spec: Spec) -> dict[str, Any]:
    if spec.init is None or spec.initial is None:
        return {}
    state = type(spec.initial(np.zeros(1)))
    classes = {one.__name__: one for one in (state, spec.gradient) if one is not None}
    return {spec.init: spec.initial, **classes}


def _signature(spec: Spec) -> inspect.Signature:
    """The reference's arguments with their defaults, without annotations, which name what a body cannot see."""
    signature = inspect.signature(spec.reference)
    bare = [p.replace(annotation=inspect.Parameter.empty) for p in signature.parameters.values()]
    return signature.replace(parameters=bare, return_annotation=inspect.Signature.empty)


def _lines(body: str) -> list[str]:
    return dedent(body).strip().splitlines()


def _code(lines: Sequence[str]) -> str:
    """Each line of the source as code, one under another, inside a table's cell."""
    return "<br>".join("`" + line.replace("|", "\\|") + "`" for line in lines)


def _text(said: str) -> str:
    """What a message says: a power or a product is no emphasis, a bar ends no cell, and ``state.ax`` is no address."""
    return re.sub(r"([*|]|(?<=\w)\.(?=\w))", r"\\\1", said)
