"""``sufficient_decrease`` and ``strong_curvature``: what is asked of them, and the ways they go wrong.

A condition answers yes or no, so one call says little. Each case therefore asks about many points, one in every gap
between the places where the right answer and the wrong ones change.
"""

from collections.abc import Callable, Iterable
from itertools import combinations, pairwise

import numpy as np

from course_lib import line_search
from course_lib.checks.cases import between
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Misconception, Spec
from course_lib.line_search import Probe

SECTION = "chapters/newton_to_bfgs.html#newton-wolfe-search"
NARROWEST = 1e-6  # of a gap that a point is put into, so that rounding does not decide


def sufficient_decrease(f0: float, slope0: float, t: float, f: float, c1: float = 1e-4) -> bool:
    """``course_lib.line_search.sufficient_decrease``, of the four numbers that it looks at."""
    return line_search.sufficient_decrease(Probe(0.0, f0, slope0, None), Probe(t, f, 0.0, None), c1)


def strong_curvature(slope0: float, slope: float, c2: float = 0.9) -> bool:
    """``course_lib.line_search.strong_curvature``, of the two slopes that it looks at."""
    return line_search.strong_curvature(Probe(0.0, 0.0, slope0, None), Probe(1.0, 0.0, slope, None), c2)


def wrong_decrease(ids: frozenset[str]) -> Callable[..., bool]:
    """``sufficient_decrease`` with the mistakes ``ids``; without any, the reference."""

    def decreased(f0: float, slope0: float, t: float, f: float, c1: float = 1e-4) -> bool:
        highest = _highest(ids, f0, slope0, t, c1)
        return f >= highest if "upside_down" in ids else f <= highest

    return decreased


def _highest(ids: frozenset[str], f0: float, slope0: float, t: float, c1: float) -> float:
    """The largest loss that is taken for low enough."""
    if "any_decrease" in ids:
        return f0
    share = 1.0 if "c1_forgotten" in ids else 1e-4 if "c1_fixed" in ids else 1 - c1 if "c1_for_its_rest" in ids else c1
    promise = share * (1.0 if "t_forgotten" in ids else t) * (-1.0 if "slope_forgotten" in ids else slope0)
    promise = -promise if "sign_turned_round" in ids else promise
    return promise if "start_forgotten" in ids else f0 + promise


def wrong_curvature(ids: frozenset[str]) -> Callable[..., bool]:
    """``strong_curvature`` with the mistakes ``ids``; without any, the reference."""

    def flattened(slope0: float, slope: float, c2: float = 0.9) -> bool:
        steepest = _steepest(ids, slope0, c2)
        if "upside_down" in ids:
            return abs(slope) >= steepest
        low = -np.inf if "not_absolute" in ids else -steepest
        high = np.inf if "weak" in ids else steepest
        return bool(low <= slope <= high)

    return flattened


def _steepest(ids: frozenset[str], slope0: float, c2: float) -> float:
    """The size of the steepest slope that is taken for flat enough."""
    share = 1.0 if "c2_forgotten" in ids else 0.9 if "c2_fixed" in ids else 1 - c2 if "c2_for_its_rest" in ids else c2
    if "c2_on_the_new_slope" in ids:
        share = 1 / share
    return share * (slope0 if "sign_of_slope0" in ids else 1.0 if "slope0_forgotten" in ids else -slope0)


_PROMISED = "The loss must have fallen by c1 of what the slope promised: f ≤ f0 + c1 · t · slope0."
DECREASE = {
    "any_decrease": Misconception("It is content with any decrease, however small.", _PROMISED),
    "c1_forgotten": Misconception(
        "It asks for all that the slope promised.",
        "On a loss that curves upwards that is never reached. The share c1 of it is enough: f0 + c1 · t · slope0.",
    ),
    "c1_fixed": Misconception(
        "It takes 1e-4 for c1, whatever was passed.",
        "That is only the value where none is given. Use the argument c1.",
    ),
    "c1_for_its_rest": Misconception("It asks for the share 1 − c1 of what the slope promised.", _PROMISED),
    "t_forgotten": Misconception("It leaves out how far the point lies from the start.", _PROMISED),
    "slope_forgotten": Misconception("It leaves out the slope at the start.", _PROMISED),
    "start_forgotten": Misconception("It leaves out the loss at the start.", _PROMISED),
    "sign_turned_round": Misconception(
        "It allows the loss to rise.",
        "The slope slope0 is negative already, so f0 + c1 · t · slope0 lies below f0, with a plus.",
    ),
    "upside_down": Misconception("It answers the wrong way round.", _PROMISED),
}
_FLAT = "The slope must have lost some of its size, whichever way it points: |slope| ≤ c2 · |slope0|."
CURVATURE = {
    "not_absolute": Misconception(
        "It lets pass every slope downhill, however steep.",
        "Where it still goes down steeply the step was too short. Compare the slope's size: |slope| ≤ c2 · |slope0|.",
    ),
    "weak": Misconception(
        "It lets pass every slope uphill, however steep.",
        "That is the plain curvature condition, without the word strong. Compare the slope's size: abs(slope).",
    ),
    "c2_forgotten": Misconception("It leaves out c2.", _FLAT),
    "c2_fixed": Misconception(
        "It takes 0.9 for c2, whatever was passed.",
        "That is only the value where none is given. Use the argument c2.",
    ),
    "c2_for_its_rest": Misconception("It multiplies by 1 − c2.", _FLAT),
    "c2_on_the_new_slope": Misconception("It multiplies the new slope by c2 and not the first one.", _FLAT),
    "sign_of_slope0": Misconception(
        "It says no to everything.",
        "The slope at the start is negative, and no size is less than a negative number: −c2 · slope0, or abs(slope0).",
    ),
    "slope0_forgotten": Misconception("It leaves out the slope at the start.", _FLAT),
    "upside_down": Misconception("It answers the wrong way round.", _FLAT),
}


def _in_the_gaps(places: Iterable[float], margin: float) -> list[float]:
    """A point between every two places that are not too near each other, and one on either side of all."""
    sorted_places = sorted(set(places))
    gaps = pairwise(sorted_places)
    between_them = [(low + high) / 2 for low, high in gaps if high - low > NARROWEST]
    return [sorted_places[0] - margin, *between_them, sorted_places[-1] + margin]


def _up_to_two(known: Iterable[str]) -> list[frozenset[str]]:
    names = list(known)
    return [frozenset(ids) for number in (0, 1, 2) for ids in combinations(names, number)]


def _shuffled(rng: np.random.Generator, calls: list[list[float]], settings: dict[str, float]) -> Tree:
    """In an order drawn at random, without which the order alone would give the answers away."""
    return {"calls": [calls[i] for i in rng.permutation(len(calls))], "settings": settings}


def _decrease_calls(rng: np.random.Generator, **settings: float) -> Tree:
    calls = []
    for low, high in ((0.2, 0.7), (1.5, 3.0)):  # of t: below 1 and above, which shows a t that is left out
        f0, slope0, t = between(rng, 1.0, 9.0), between(rng, -9.0, -3.0), between(rng, low, high)
        c1 = settings.get("c1", 1e-4)
        places = [_highest(ids, f0, slope0, t, c1) for ids in _up_to_two(DECREASE)]
        calls += [[f0, slope0, t, f] for f in _in_the_gaps(places, margin=1.0)]
    return _shuffled(rng, calls, settings)


def _curvature_calls(rng: np.random.Generator, **settings: float) -> Tree:
    calls = []
    for low, high in ((-0.8, -0.3), (-9.0, -3.0)):  # of slope0: flatter than 1 and steeper
        slope0 = between(rng, low, high)
        sizes = [_steepest(ids, slope0, settings.get("c2", 0.9)) for ids in _up_to_two(CURVATURE)]
        calls += [[slope0, slope] for slope in _in_the_gaps([*sizes, *(-size for size in sizes)], margin=1.0)]
    return _shuffled(rng, calls, settings)


def _usual_decrease(rng: np.random.Generator) -> list[Tree]:
    return [SUFFICIENT_DECREASE.case(_decrease_calls(rng))]


def _any_decrease(rng: np.random.Generator) -> list[Tree]:
    runs = (_decrease_calls(rng, c1=between(rng, 0.1, 0.4)) for _ in range(2))
    return [SUFFICIENT_DECREASE.case(*runs)]


def _usual_curvature(rng: np.random.Generator) -> list[Tree]:
    return [STRONG_CURVATURE.case(_curvature_calls(rng))]


def _any_curvature(rng: np.random.Generator) -> list[Tree]:
    runs = (_curvature_calls(rng, c2=between(rng, 0.1, 0.4)) for _ in range(2))
    return [STRONG_CURVATURE.case(*runs)]


SUFFICIENT_DECREASE = Spec(
    function="sufficient_decrease",
    reference=sufficient_decrease,
    wrong=wrong_decrease,
    criteria={
        "usual_c1": Criterion("With c1 = 1e-4 almost any decrease is enough", _usual_decrease, ("value",)),
        "any_c1": Criterion("With a larger c1 the loss must fall further", _any_decrease, ("value",)),
    },
    misconceptions=DECREASE,
    section=SECTION,
)
STRONG_CURVATURE = Spec(
    function="strong_curvature",
    reference=strong_curvature,
    wrong=wrong_curvature,
    criteria={
        "usual_c2": Criterion("With c2 = 0.9 the slope must have lost a tenth", _usual_curvature, ("value",)),
        "any_c2": Criterion("With a smaller c2 it must be flatter", _any_curvature, ("value",)),
    },
    misconceptions=CURVATURE,
    section=SECTION,
)
