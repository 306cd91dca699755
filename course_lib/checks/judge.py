"""From cases and observations to a verdict."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from course_lib.checks import structure
from course_lib.checks.cases import described, generator, one_part_changed, unit
from course_lib.checks.compare import Difference, first_difference
from course_lib.checks.diagnose import diagnose
from course_lib.checks.findings import Finding
from course_lib.checks.functions import SPECS
from course_lib.checks.observe import Tree
from course_lib.checks.reading import Reading, read
from course_lib.checks.specs import Criterion, Spec
from course_lib.checks.verdicts import Verdict


def spec_for(function: str) -> Spec:
    """The specification of the function of this name.

    Raises
    ------
    KeyError
        If there is none; the message lists those there are.
    """
    if function not in SPECS:
        raise KeyError(f"nothing is known about a function named {function!r}; known: {', '.join(SPECS)}")
    return SPECS[function]


def criterion_of(spec: Spec, criterion: str) -> Criterion:
    """One criterion of ``spec``; KeyError, listing those there are, if it has none of this name."""
    if criterion not in spec.criteria:
        raise KeyError(f"{spec.function} has no criterion {criterion!r}; it has: {', '.join(spec.criteria)}")
    return spec.criteria[criterion]


def judges_values(rule: Criterion, case: Tree) -> bool:
    """Whether the criterion compares this case's values, or only looks at their form and at the inputs."""
    return all(rule.judges_values_when(run["settings"]) for run in case["runs"])


def draw_cases(function: str, criterion: str, seed: int) -> list[Tree]:
    """The inputs on which ``criterion`` of ``function`` is judged: the same seed gives the same cases.

    After those that the criterion draws come copies of the first run whose values count, each with one part of it drawn
    anew. Whoever answers from memory, by the shape of what comes in or by anything less than all of it, is wrong there.
    """
    rule = criterion_of(spec_for(function), criterion)
    rng = generator(function, criterion, seed)
    cases, others = rule.draw(rng), rule.draw(rng)
    counts = next(i for i, case in enumerate(cases) if judges_values(rule, case))
    varied = one_part_changed(cases[counts]["runs"][0], others[counts]["runs"][0])
    return cases + [cases[counts] | {"runs": [run], "repeat": False} for run in varied]


def judge(function: str, criterion: str, cases: Sequence[Tree], observations: Sequence[Any]) -> Verdict:
    """Whether ``observations`` of ``cases`` meet the criterion, and which mistake they show if not.

    Parameters
    ----------
    function, criterion : str
        Known names; a KeyError lists them otherwise.
    cases : list
        From ``draw_cases``.
    observations : list
        What ``observe`` wrote for each case, or whatever a hostile process sent in its place: anything that is not a
        complete, well-formed record fails the criterion. Nothing in it raises.

    Examples
    --------
    >>> from course_lib.checks.observe import observe
    >>> from course_lib.optimizers import GDState, gd_init
    >>> def uphill(w, g, state, *, lr=1e-3):
    ...     return w + lr * g, GDState(state.t + 1)
    >>> cases = draw_cases("gd_step", "one_step", seed=1)
    >>> theirs = {"gd_init": gd_init, "gd_step": uphill}
    >>> seen = [observe(case, theirs) for case in cases]
    >>> verdict = judge("gd_step", "one_step", cases, seen)
    >>> print(verdict.passed, verdict.misconceptions, verdict.headline)
    False ('ascends',) It walks up the slope instead of down.
    """
    spec = spec_for(function)
    rule = criterion_of(spec, criterion)
    try:
        found = _look(spec, rule, cases, observations)
    except Exception:  # whatever an observation holds, it costs its own criterion and nothing else
        found = Finding("What the function returned could not be judged.", "The record of it is damaged.")
    if found is None:
        return Verdict(function, criterion, True, rule.title + ".")
    return _verdict(spec, criterion, found)


def _verdict(spec: Spec, criterion: str, found: Finding) -> Verdict:
    sections = [spec.misconceptions[name].section for name in found.ids if name in spec.misconceptions]
    link = next(filter(None, sections), spec.section)
    evidence = dict(found.evidence)
    return Verdict(spec.function, criterion, False, found.headline, found.detail, evidence, found.ids, link)


@np.errstate(all="ignore")  # a wrong answer may overflow; that is a finding and no warning to the learner
def _look(spec: Spec, rule: Criterion, cases: Sequence[Tree], observations: Sequence[Any]) -> Finding | None:
    """The most telling thing that is wrong, or None. The order matters: what stopped a call hides all the rest, and a
    function that remembers between calls makes its numbers meaningless."""
    if not isinstance(observations, list | tuple) or len(observations) != len(cases):
        return Finding("What the function returned could not be read.", "Some of its records are missing.")
    whole: list[Reading] = []
    for case, observation in zip(cases, observations, strict=True):
        reading = read(case, observation)
        if isinstance(reading, Finding):  # often the consequence of a form that was wrong in an earlier case
            return _manners(spec, rule, cases[: len(whole)], whole) or reading
        whole.append(reading)
    for case, reading in zip(cases, whole, strict=True):
        if found := structure.remembers(spec, case, reading):
            return found
    return _values(spec, rule, cases, whole) or _manners(spec, rule, cases, whole)


def _manners(spec: Spec, rule: Criterion, cases: Sequence[Tree], readings: Sequence[Reading]) -> Finding | None:
    for case, reading in zip(cases, readings, strict=True):
        if rule.form and (found := structure.form(spec, case, reading)):
            return found
        if rule.purity and (found := structure.purity(reading)):
            return found
    return None


def _values(spec: Spec, rule: Criterion, cases: Sequence[Tree], readings: Sequence[Reading]) -> Finding | None:
    judged = [(case, reading) for case, reading in zip(cases, readings, strict=True) if judges_values(rule, case)]
    for case, reading in judged:
        difference = first_difference(spec, case, reading.runs, rule.quantities)
        if difference is not None:
            chosen, seen = zip(*judged, strict=True)
            ids = diagnose(spec, chosen, seen)
            return _explain(spec, case, reading, difference, ids)
    return None


def _explain(spec: Spec, case: Tree, reading: Reading, difference: Difference, ids: frozenset[str]) -> Finding:
    evidence = _evidence(case, difference)
    if ids:
        named = {name: mistake for name, mistake in spec.misconceptions.items() if name in ids}
        headline = " ".join(mistake.headline for mistake in named.values())
        hint = " ".join(mistake.hint for mistake in named.values())
        return Finding(headline, hint, tuple(named), evidence)
    if found := structure.explain(difference):
        return replace(found, evidence=evidence)
    said = f"{difference.quantity} is not what it should be."
    if reading.globals:
        return structure.memory(said, reading, evidence)
    hint = "This is none of the mistakes known here. Work out by hand the first place where it differs."
    return Finding(said, hint, evidence=evidence)


def _evidence(case: Tree, difference: Difference) -> dict[str, Any]:
    """The first element that differs, with its place, what it is and what it should be."""
    got, expected = np.asarray(difference.got), np.asarray(difference.expected)
    evidence: dict[str, Any] = {
        unit(case): difference.step,
        "case": described(case, difference.run, difference.step),
    }
    if difference.got is None:
        return evidence | {"quantity": difference.quantity, "got": "None"}
    if difference.in_shape:
        shapes = {"got": f"shape {got.shape}", "expected": f"shape {expected.shape}"}
        return evidence | {"quantity": difference.quantity} | shapes
    apart = np.nan_to_num(np.abs(got - 1.0 * expected), nan=np.inf)
    at = np.unravel_index(int(np.argmax(apart)), expected.shape) if expected.ndim else ()
    place = f"[{', '.join(str(int(i)) for i in at)}]" if at else ""
    return evidence | {
        "quantity": difference.quantity + place,
        "got": _short(got[at]),
        "expected": _short(expected[at]),
        "difference": f"{apart[at]:.1e}",
    }


def _short(number: Any) -> str:
    return str(number) if isinstance(number, np.bool_) else f"{number:.6g}"
