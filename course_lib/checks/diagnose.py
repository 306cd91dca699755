"""Name the mistake: search the known ones, alone and then in pairs, for the version that computes what was observed."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from course_lib.checks.compare import first_difference
from course_lib.checks.observe import Tree
from course_lib.checks.reading import Reading
from course_lib.checks.specs import Spec


def diagnose(spec: Spec, cases: Sequence[Tree], readings: Sequence[Reading]) -> frozenset[str]:
    """The mistakes whose trajectory equals the observed one; empty when none does.

    Every quantity must agree at every step of every case, the state's too, whichever of them the criterion judges: a
    path that fits while the state does not is another mistake. The fewest mistakes that explain everything win: pairs
    are tried only where no single one fits. Where several explanations fit, only what they share is said, since the
    rest would send the learner the wrong way half of the time.
    """
    for candidates in (_alone(spec), _pairs(spec)):
        fitting = [ids for ids in candidates if _explains(spec, ids, cases, readings)]
        if fitting:
            return frozenset.intersection(*fitting)
    return frozenset()


def _alone(spec: Spec) -> Iterator[frozenset[str]]:
    return (frozenset({name}) for name in spec.misconceptions)


def _pairs(spec: Spec) -> Iterator[frozenset[str]]:
    return map(frozenset, combinations(spec.misconceptions, 2))


def _explains(spec: Spec, ids: frozenset[str], cases: Sequence[Tree], readings: Sequence[Reading]) -> bool:
    return all(
        first_difference(spec, case, reading.runs, spec.quantities, ids) is None
        for case, reading in zip(cases, readings, strict=True)
    )
