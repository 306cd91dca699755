"""Name the mistake: search the known ones, alone and then in pairs, for the version that computes what was observed."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from course_lib.checks.compare import first_difference
from course_lib.checks.observe import Tree
from course_lib.checks.reading import Reading
from course_lib.checks.specs import Spec


def diagnose(spec: Spec, cases: Sequence[Tree], readings: Sequence[Reading], judged: Sequence[str]) -> frozenset[str]:
    """The mistakes whose trajectory equals the observed one in every case; empty when none does, or when several do.

    First every quantity must agree, the state too; if no version does that, the ``judged`` quantities alone may decide.
    The fewest mistakes that explain everything win: pairs are tried only where no single one fits.
    """
    everything = ("w", *spec.fields) if spec.fields else ("value",)
    loosely = []
    for candidates in (_alone(spec), _pairs(spec)):
        fitting = [ids for ids in candidates if _explains(spec, ids, cases, readings, judged)]
        exactly = [ids for ids in fitting if _explains(spec, ids, cases, readings, everything)]
        if exactly:
            return _the_only(exactly)
        loosely.append(fitting)
    return next((_the_only(fitting) for fitting in loosely if fitting), frozenset())


def _the_only(fitting: Sequence[frozenset[str]]) -> frozenset[str]:
    """Two explanations are none: the learner would be sent the wrong way half of the time."""
    return fitting[0] if len(fitting) == 1 else frozenset()


def _alone(spec: Spec) -> Iterator[frozenset[str]]:
    return (frozenset({name}) for name in spec.misconceptions)


def _pairs(spec: Spec) -> Iterator[frozenset[str]]:
    return map(frozenset, combinations(spec.misconceptions, 2))


def _explains(
    spec: Spec, ids: frozenset[str], cases: Sequence[Tree], readings: Sequence[Reading], quantities: Sequence[str]
) -> bool:
    return all(
        first_difference(spec, case, reading.runs, quantities, ids) is None
        for case, reading in zip(cases, readings, strict=True)
    )
