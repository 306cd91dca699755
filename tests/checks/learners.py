"""What every test here does: put a function into a notebook's namespace, observe it, judge it."""

from collections.abc import Callable, Mapping
from typing import Any

import expect_ps2
import expect_ps3
import expect_ps4
import expect_ps5
import expect_ps6
import expect_ps7
import expect_ps8
from hypothesis import HealthCheck, settings

from course_lib.checks import Verdict, draw_cases, judge, spec_for
from course_lib.checks.functions import SPECS
from course_lib.checks.observe import observe
from course_lib.optimizers import GDState, SGDState, gd_init, sgd_init

GIVEN: Mapping[str, Any] = {
    "GDState": GDState,
    "gd_init": gd_init,
    "SGDState": SGDState,
    "sgd_init": sgd_init,
    **expect_ps2.GIVEN,
    **expect_ps3.GIVEN,
    **expect_ps4.GIVEN,
    **expect_ps5.GIVEN,
    **expect_ps6.GIVEN,
    **expect_ps7.GIVEN,
    **expect_ps8.GIVEN,
}
FUNCTIONS = tuple(SPECS)

# The same draws in every run, so that a failure is a change of the code.
repeatable = settings(derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))


def graded(function: str) -> list[str]:
    """The criteria that carry points: those on NumPy arrays."""
    return [name for name, rule in spec_for(function).criteria.items() if rule.backend == "numpy"]


def verdict_on(name: str, function: Callable[..., Any], criterion: str, seed: int = 0) -> Verdict:
    namespace = {**GIVEN, name: function}
    cases = draw_cases(name, criterion, seed)
    return judge(name, criterion, cases, [observe(case, namespace) for case in cases])


def verdicts_on(name: str, function: Callable[..., Any], seed: int = 0) -> dict[str, Verdict]:
    """Every graded criterion's verdict on ``function``, which plays the part of ``name``."""
    return {criterion: verdict_on(name, function, criterion, seed) for criterion in graded(name)}


def written(source: str, name: str, **more: Any) -> Callable[..., Any]:
    """The function ``name`` that a learner's cell ``source`` defines, with the given code around it."""
    namespace = {**GIVEN, **more}
    exec(source, namespace)
    return namespace[name]  # type: ignore[no-any-return]
