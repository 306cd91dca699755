"""``exponential_average``: what is asked of it, and the ways it goes wrong."""

from collections.abc import Callable

import numpy as np

from course_lib.arrays import Array
from course_lib.averages import exponential_average
from course_lib.checks.cases import between, numbers
from course_lib.checks.functions.common import FLOATS
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Misconception, Spec

PAGE = "chapters/averages.html"
START = f"{PAGE}#the-cold-start"


def wrong_average(ids: frozenset[str]) -> Callable[[Array, float], Array]:
    """``exponential_average`` with the mistakes ``ids``; without any, the reference."""

    def average(x: Array, beta: float) -> Array:
        across = "wrong_axis" in ids
        values = np.swapaxes(x, 0, -1) if across else x
        v, averages = values[0] if "starts_at_the_first" in ids else 0 * values[0], []
        for t, value in enumerate(values, start=1):
            before = v
            v = _next(ids, v, value, beta, t)
            averages.append(before if "one_behind" in ids else v / (1 - beta**t) if "corrects" in ids else v)
        if "last_only" in ids:
            return averages[-1]
        stacked = np.stack(averages[::-1] if "newest_first" in ids else averages)
        return np.swapaxes(stacked, 0, -1) if across else stacked

    return average


def _next(ids: frozenset[str], v: Array, value: Array, beta: float, t: int) -> Array:
    kept, fresh = beta, 1 - beta
    if "plain_mean" in ids:
        kept, fresh = (t - 1) / t, 1 / t
    if "beta_to_the_t" in ids:
        kept, fresh = beta**t, 1 - beta**t
    if "weights_swapped" in ids:
        kept, fresh = fresh, kept
    if "sums" in ids:
        fresh = 1.0
    if "keeps_everything" in ids:
        kept = 1.0
    if "brackets" in ids:
        fresh = kept * fresh
    return kept * v + fresh * value


MISCONCEPTIONS = {
    "starts_at_the_first": Misconception(
        "It starts at the first value instead of at 0.",
        "Here v₀ is 0, so the first average is (1 − beta) · x₁. Whether that start is a good one comes later.",
        START,
    ),
    "plain_mean": Misconception(
        "It takes the plain mean of all values so far.",
        "The newest value always weighs 1 − beta, however many came before it.",
    ),
    "beta_to_the_t": Misconception(
        "Its share beta changes from step to step: it uses beta to the power t.",
        "Every step keeps the same share, beta. The powers arise by themselves, step upon step.",
    ),
    "weights_swapped": Misconception(
        "It keeps 1 − beta of the old average and gives beta to the new value.",
        "It is the other way round: beta is the share of the old average that survives.",
    ),
    "sums": Misconception(
        "It adds the new value whole, so it is a decaying sum and no average.",
        "The new value enters with weight 1 − beta; the two weights add up to 1.",
    ),
    "keeps_everything": Misconception(
        "It keeps the old average whole, so nothing is ever forgotten.",
        "Of the old average the share beta survives: beta · v.",
    ),
    "brackets": Misconception(
        "It multiplies the new value by beta as well.",
        "Look at the brackets: beta belongs to the old average alone.",
    ),
    "corrects": Misconception(
        "It divides by 1 − betaᵗ: that is the corrected average.",
        "This function returns the average as it stands; the correction has a function of its own.",
        START,
    ),
    "one_behind": Misconception(
        "It is one step behind: each average leaves out the value of its own step.",
        "First take in the new value, then note the average.",
    ),
    "newest_first": Misconception(
        "It returns the averages in reverse.",
        "Row t belongs to value t, in the order they came.",
    ),
    "last_only": Misconception(
        "It returns the last average alone.",
        "Return one average for every value, stacked along the first axis.",
    ),
    "wrong_axis": Misconception(
        "It walks along the last axis instead of the first.",
        "The first axis is time: x[t] is what came at step t, whatever its shape.",
    ),
}


def _call(rng: np.random.Generator, *shapes: tuple[int, ...], scale: float = 1.0, dtype: type = np.float64) -> Tree:
    calls = [[numbers(rng, shape, scale, dtype), between(rng, 0.55, 0.95)] for shape in shapes]
    return {"calls": calls, "settings": {}}


def _recurrence(rng: np.random.Generator) -> list[Tree]:
    return [EXPONENTIAL_AVERAGE.case(_call(rng, (4,), (5,), (3,)), repeat=True)]


def _shapes_and_dtypes(rng: np.random.Generator) -> list[Tree]:
    shapes = [(1,), (4,), (3, 3), (4, 2), (3, 2, 2)]
    runs = [_call(rng, *shapes, dtype=dtype) for dtype in FLOATS]
    return [EXPONENTIAL_AVERAGE.case(run) for run in [*runs, *(_call(rng, (3,), scale=s) for s in (1e-30, 1e30))]]


def _inputs(rng: np.random.Generator) -> list[Tree]:
    return [EXPONENTIAL_AVERAGE.case(_call(rng, (4,), (3,)))]


EXPONENTIAL_AVERAGE = Spec(
    function="exponential_average",
    reference=exponential_average,
    wrong=wrong_average,
    criteria={
        "recurrence": Criterion("Each average is made of the one before and the new value", _recurrence, ("value",)),
        "any_shape_and_dtype": Criterion(
            "Numbers, vectors and matrices over time, tiny and huge, in float64 and float32",
            _shapes_and_dtypes,
            ("value",),
            form=True,
        ),
        "inputs_unchanged": Criterion("The values passed in stay as they were", _inputs, ("value",), purity=True),
    },
    misconceptions=MISCONCEPTIONS,
    section=f"{PAGE}#the-idea-an-echo-that-fades",
)
