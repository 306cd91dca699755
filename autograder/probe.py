"""Probe: call the learner's functions, in the sandbox, on inputs that are drawn only now."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from autograder.assignment import CheckCall
from autograder.sandbox.child import Died
from autograder.sandbox.session import Session
from course_lib.checks import spec_for
from course_lib.checks.picture import observed_path, path_case

PATH_SECONDS = 1.0  # for a few steps that are only drawn

Case = dict[str, Any]
Draw = Callable[[str, str, int], list[Case]]


class Probed(NamedTuple):
    """What one criterion's cases gave; an observation is a claim of the learner's process, in any form."""

    call: CheckCall
    cases: list[Case]
    observations: list[Any]


def probe(calls: Iterable[CheckCall], seed: int, session: Session, draw: Draw) -> Iterator[Probed]:
    """One criterion after another; a function that hangs costs its criterion, then all that is left of its time.

    ``draw(function, criterion, seed)`` gives the cases; it is called when the learner's code has long been loaded.
    """
    left: dict[str, float] = {}
    for call in calls:
        cases = draw(call.function, call.criterion, seed)
        budget = left.setdefault(call.function, session.limits.function_seconds)
        started = time.monotonic()
        yield Probed(call, cases, _observe(call, cases, min(budget, session.limits.criterion_seconds), session))
        left[call.function] = budget - (time.monotonic() - started)


def paths(calls: Iterable[CheckCall], session: Session) -> dict[str, tuple[float, ...]]:
    """The way that each step function takes down 4x², for its author to see; a function without one is left out.

    Ask before ``probe``: what has met no hidden input can show none.
    """
    found = {}
    for function, name in {call.function: call.name for call in calls}.items():
        spec = spec_for(function)
        if case := path_case(spec):
            (answer,) = session.probe([case], {function: name}, min(PATH_SECONDS, session.limits.criterion_seconds))
            found[function] = observed_path(spec, _as_observation(answer))
    return {function: path for function, path in found.items() if path}


def _observe(call: CheckCall, cases: list[Case], seconds: float, session: Session) -> list[Any]:
    """An observation for each case; those after the one that the child died of would have died of the same."""
    over = Died("time", "The time for this function was over.")
    answers = session.probe(cases, {call.function: call.name}, seconds) if seconds > 0 else [over]
    observations = [_as_observation(answer) for answer in answers]
    return observations + observations[-1:] * (len(cases) - len(observations))


def _as_observation(answer: Any) -> Any:
    if isinstance(answer, Died):
        return {"status": "died", "reason": answer.reason, "message": answer.message}
    return answer
