"""``bias_corrected``: what is asked of it, and the ways it goes wrong."""

from collections.abc import Callable

import numpy as np

from course_lib.arrays import Array
from course_lib.averages import bias_corrected
from course_lib.checks.cases import between, numbers
from course_lib.checks.functions.common import FLOATS
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Misconception, Spec

PAGE = "chapters/averages.html#the-cold-start"


def wrong_correction(ids: frozenset[str]) -> Callable[[Array, float], Array]:
    """``bias_corrected`` with the mistakes ``ids``; without any, the reference."""

    def corrected(v: Array, beta: float) -> Array:
        weight = np.asarray([_divisor(ids, beta, t, len(v)) for t in range(1, len(v) + 1)], dtype=v.dtype)
        if "not_corrected" in ids:
            return v
        if "wrong_axis" not in ids:
            weight = weight.reshape((-1,) + (1,) * (v.ndim - 1))
        found: Array = v * weight if "multiplies" in ids else v / weight
        return found[-1] if "last_only" in ids else found

    return corrected


def _divisor(ids: frozenset[str], beta: float, t: int, steps: int) -> float:
    if "last_power_for_all" in ids:
        t = steps
    if "one_power_too_many" in ids:
        t = t + 1
    if "without_the_power" in ids:
        return 1 - beta
    if "power_alone" in ids:
        return float(beta**t)
    if "power_of_the_bracket" in ids:
        return float((1 - beta) ** t)
    if "times_t" in ids:
        return 1 - beta * t
    return float(1 + beta**t if "adds_the_power" in ids else 1 - beta**t)


MISCONCEPTIONS = {
    "not_corrected": Misconception(
        "It returns the averages as they are.",
        "Divide v_t by what its weights add up to, 1 − betaᵗ.",
    ),
    "multiplies": Misconception(
        "It multiplies by 1 − betaᵗ instead of dividing.",
        "The averages are too small at first, so the correction must enlarge them.",
    ),
    "last_power_for_all": Misconception(
        "It uses the last step's power of beta for all of them.",
        "Each average has a t of its own: 1 for the first, 2 for the second.",
    ),
    "one_power_too_many": Misconception(
        "Its powers are one too high: t starts at 2.",
        "The first average belongs to t = 1.",
    ),
    "without_the_power": Misconception(
        "It divides by 1 − beta at every step.",
        "That is right for the first average alone; later the weights add up to 1 − betaᵗ.",
    ),
    "power_alone": Misconception(
        "It divides by betaᵗ.",
        "That is the weight which is missing; the values together weigh 1 − betaᵗ.",
    ),
    "power_of_the_bracket": Misconception(
        "It raises 1 − beta as a whole to the power t.",
        "Look at the brackets: the power belongs to beta alone.",
    ),
    "times_t": Misconception(
        "It multiplies beta by t where a power is meant.",
        "In Python the power is beta**t.",
    ),
    "adds_the_power": Misconception(
        "It divides by 1 + betaᵗ.",
        "The start at 0 takes weight away: the values together weigh 1 − betaᵗ.",
    ),
    "last_only": Misconception(
        "It returns the last average alone.",
        "Return a corrected average for every one that came in.",
    ),
    "wrong_axis": Misconception(
        "It counts t along the last axis instead of the first.",
        "The first axis is time; give the divisors as many axes of length 1 as v has axes after it.",
    ),
}


def _call(rng: np.random.Generator, *shapes: tuple[int, ...], scale: float = 1.0, dtype: type = np.float64) -> Tree:
    calls = [[numbers(rng, shape, scale, dtype), between(rng, 0.55, 0.95)] for shape in shapes]
    return {"calls": calls, "settings": {}}


def _first(rng: np.random.Generator) -> list[Tree]:
    return [BIAS_CORRECTED.case(_call(rng, (1,), (1,)))]


def _every(rng: np.random.Generator) -> list[Tree]:
    return [BIAS_CORRECTED.case(_call(rng, (4,), (6,)), repeat=True)]


def _shapes_and_dtypes(rng: np.random.Generator) -> list[Tree]:
    # The last axis is as long as the first, so that divisors along the wrong one give numbers and no error.
    runs = [_call(rng, (4,), (3, 3), (3, 2, 3), dtype=dtype) for dtype in FLOATS]
    return [BIAS_CORRECTED.case(run) for run in [*runs, *(_call(rng, (3,), scale=s) for s in (1e-30, 1e30))]]


BIAS_CORRECTED = Spec(
    function="bias_corrected",
    reference=bias_corrected,
    wrong=wrong_correction,
    criteria={
        "first_average": Criterion("The first average becomes the first value", _first, ("value",)),
        "every_average": Criterion("Each average is divided by what its own weights add up to", _every, ("value",)),
        "any_shape_and_dtype": Criterion(
            "Numbers, vectors and matrices over time, tiny and huge, in float64 and float32",
            _shapes_and_dtypes,
            ("value",),
            form=True,
        ),
    },
    misconceptions=MISCONCEPTIONS,
    section=PAGE,
)
