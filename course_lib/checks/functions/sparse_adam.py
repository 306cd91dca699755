"""``sparse_adam_step``: what is asked of it, and the ways it goes wrong."""

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from course_lib.arrays import Array
from course_lib.checks.cases import between, numbers, steps_run
from course_lib.checks.functions import adam
from course_lib.checks.functions.adam_mistakes import FAMILY, corrections
from course_lib.checks.functions.adam_mistakes import MISCONCEPTIONS as ADAMS
from course_lib.checks.functions.common import FLOATS
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Misconception, Spec
from course_lib.optimizers.sparse_adam import SparseAdamState, sparse_adam_init, sparse_adam_step
from course_lib.optimizers.sparse_grad import SparseGrad

# An eps too small to show in any digit. With 0 itself, a row that was never seen would be 0 / 0 to those who calculate
# in all rows.
_NONE = 1e-30


class _Rows(NamedTuple):
    """A gradient spread over the weights' shape: its values, what v averages, and which entries take part."""

    g: Array
    squares: Array
    touched: Array


def wrong_sparse_adam(ids: frozenset[str]) -> Callable[..., tuple[Array, SparseAdamState]]:
    """``sparse_adam_step`` with the mistakes ``ids``; without any, the reference."""

    def step(
        w: Array,
        g: SparseGrad,
        state: SparseAdamState,
        *,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> tuple[Array, SparseAdamState]:
        if "empty_not_counted" in ids and not len(g.indices):
            return w, state
        t, (beta1, beta2), m, v = state.t + 1, betas, state.m, state.v
        if "betas_swapped" in ids:
            beta1, beta2 = beta2, beta1
        c1, c2 = corrections(ids, beta1, beta2, t)
        rate = (-1.0 if "ascends" in ids else 1.0) * (1.0 if "forgets_lr" in ids else lr)
        for rows in _in_turn(ids, g):
            fades = rows.touched | bool({"dense", "all_rows_fade"} & ids)
            moves = rows.touched | bool({"dense", "all_rows_move"} & ids)
            m = np.where(fades, beta1 * m + (1 - beta1) * rows.g, m)
            v = np.where(fades, beta2 * v + (1 - beta2) * rows.squares, v)
            w = np.where(moves, w - rate * _move(ids, m, v, c1, c2, eps), w)
        m, v = (state.m if "m_not_returned" in ids else m, state.v if "v_not_returned" in ids else v)
        return w, SparseAdamState(t - 1 if "t_not_counted" in ids else t, m, v)

    return step


def _in_turn(ids: frozenset[str], g: SparseGrad) -> Iterator[_Rows]:
    """What the step is taken with: everything at once, unless a row's second time comes after its first."""
    times = np.array([np.sum(g.indices[:i] == row) for i, row in enumerate(g.indices)], dtype=int)
    if "one_after_another" not in ids:
        times *= 0
    for time in range(np.max(times, initial=0) + 1):
        yield _rows(ids, SparseGrad(g.indices[times == time], g.values[times == time], g.shape))


def _rows(ids: frozenset[str], g: SparseGrad) -> _Rows:
    dense = g.to_dense()
    if "last_wins" in ids:
        dense[g.indices] = g.values
    if "mean_not_sum" in ids:
        dense = dense / np.maximum(SparseGrad(g.indices, np.ones_like(g.values), g.shape).to_dense(), 1)
    squares = SparseGrad(g.indices, g.values**2, g.shape).to_dense() if "squares_summed" in ids else dense**2
    return _Rows(dense, squares, dense != 0 if "touched_by_value" in ids else g.touched())


def _move(ids: frozenset[str], m: Array, v: Array, c1: float, c2: float, eps: float) -> Array:
    m_hat, uncorrect = m / c1, math.sqrt(c2)
    if "eps_as_adam" in ids:
        return m_hat / (np.sqrt(v / c2) + eps)
    if "eps_inside_root" in ids:
        return uncorrect * m_hat / np.sqrt(v + eps)
    if "eps_outside_quotient" in ids:
        return uncorrect * m_hat / (np.sqrt(v) + _NONE) + eps
    return uncorrect * m_hat / (np.sqrt(v) + (_NONE if "eps_forgotten" in ids else eps))


_ADAMS = ("betas_swapped", "v_not_returned", "no_bias_correction", "m_not_corrected", "v_not_corrected")
MISCONCEPTIONS = {
    **FAMILY,
    **{name: ADAMS[name] for name in _ADAMS},
    "dense": Misconception(
        "It takes a step of ordinary Adam, as if the rows left out had a gradient of 0.",
        "A row without a gradient is left alone: its m and v do not fade, and it does not move.",
    ),
    "all_rows_fade": Misconception(
        "It lets m and v fade in every row.",
        "Where there is no gradient m and v stay as they were. Only rows in g.indices are averaged.",
    ),
    "all_rows_move": Misconception(
        "It moves every row along its m, also rows without a gradient.",
        "Only rows in g.indices move; the m of the others waits until they are seen again.",
    ),
    "touched_by_value": Misconception(
        "It takes a gradient of 0 for none.",
        "A row takes part if it is listed in g.indices, whatever its values are: with zeros it fades and moves.",
    ),
    "empty_not_counted": Misconception(
        "It does not count a step whose gradient has no rows.",
        "The counter t counts every step, as torch's does; the weights and averages alone stay as they were.",
    ),
    "last_wins": Misconception(
        "Of a row listed more than once it keeps the last gradient only.",
        "Writing m[g.indices] = … reaches every row once. First add up the values of the same row.",
    ),
    "one_after_another": Misconception(
        "It takes a step of its own for each time that a row is listed.",
        "First add up the values of the same row; then each row takes one step with their sum.",
    ),
    "mean_not_sum": Misconception(
        "It takes the mean of a row's values where the row is listed more than once.",
        "The gradients of a row add up, as everywhere in a loss that is a sum.",
    ),
    "squares_summed": Misconception(
        "Its v takes in the sum of the squares of a row listed more than once.",
        "First add up the values of the same row, then square: v averages the square of the sum.",
    ),
    "eps_as_adam": Misconception(
        "It adds eps where Adam does, to the root of the corrected v.",
        "Here, as in torch, eps is added to the root of v itself: √v + ε, without a correction.",
    ),
    "eps_inside_root": Misconception(
        "It adds eps under the root.",
        "First the root, then eps: √v + ε.",
    ),
    "eps_forgotten": Misconception(
        "It leaves out eps.",
        "Without it a row whose gradients have all been 0 divides by 0. The divisor is √v + ε.",
    ),
    "eps_outside_quotient": Misconception(
        "It adds eps to the quotient and not to the divisor.",
        "Mind the brackets: m / (√v + ε).",
    ),
}


def _settings(rng: np.random.Generator) -> dict[str, Any]:
    return adam.adam_settings(rng) | {"eps": _NONE}


def _run(
    rng: np.random.Generator, shape: tuple[int, ...], *steps: tuple[int, ...], settings: dict[str, Any], **more: Any
) -> Tree:
    """A run whose gradients have the rows in ``steps``, by numbers that stand for the weights' rows in random order."""
    run = steps_run(rng, shape, len(steps), settings, **more)
    order, dense = rng.permutation(shape[0]), run["gradients"]
    size = {"scale": more.get("scale", 1.0), "dtype": dense.dtype.type}
    indices = [order[list(rows)].astype(np.int64) for rows in steps]
    return run | {"gradients": [{"indices": i, "values": numbers(rng, (len(i), *shape[1:]), **size)} for i in indices]}


def _averages_kept(rng: np.random.Generator) -> list[Tree]:
    runs = [_run(rng, (4, 2), (2, 0), (1, 2), (0, 3, 1), (2,), settings=_settings(rng)) for _ in range(2)]
    for run in runs:
        run["gradients"][2]["values"][0] = 0.0  # listed, and 0 by chance
    return [SPARSE_ADAM_STEP.case(*runs, repeat=True)]


def _first_step(rng: np.random.Generator) -> list[Tree]:
    return [SPARSE_ADAM_STEP.case(_run(rng, shape, (2, 0), settings=_settings(rng))) for shape in [(4,), (3, 2)]]


def _many_steps(rng: np.random.Generator) -> list[Tree]:
    steps = ((0, 2), (1,), (2, 1), (0, 3), (1, 2))
    changing = _run(rng, (4, 2), *steps, settings=adam.without_lr(_settings(rng)), changing_lr=True)
    return [SPARSE_ADAM_STEP.case(_run(rng, (4,), *steps, settings=_settings(rng))), SPARSE_ADAM_STEP.case(changing)]


def _repeated(rng: np.random.Generator) -> list[Tree]:
    steps = ((0, 1, 0), (2, 0, 2, 2), (1, 1))
    return [SPARSE_ADAM_STEP.case(_run(rng, shape, *steps, settings=_settings(rng))) for shape in [(3,), (3, 2)]]


def _empty(rng: np.random.Generator) -> list[Tree]:
    return [SPARSE_ADAM_STEP.case(_run(rng, (3, 2), (0, 1), (), (1, 2), (), (0,), settings=_settings(rng)))]


def _with_eps(rng: np.random.Generator) -> list[Tree]:
    settings = _settings(rng) | {"eps": between(rng, 0.05, 0.3)}
    return [SPARSE_ADAM_STEP.case(_run(rng, (4,), (0, 2), (1, 3), (2, 1), settings=settings))]


def _shapes_and_dtypes(rng: np.random.Generator) -> list[Tree]:
    shapes: list[tuple[int, ...]] = [(1,), (4,), (3, 2), (2, 2, 2), (0, 2)]
    draws = [(shape, dtype, 1.0) for shape in shapes for dtype in FLOATS]
    draws += [((3,), np.float64, 1e-30), ((3,), np.float64, 1e30)]
    return [SPARSE_ADAM_STEP.case(_any_run(rng, shape, dtype=dtype, scale=scale)) for shape, dtype, scale in draws]


def _any_run(rng: np.random.Generator, shape: tuple[int, ...], **more: Any) -> Tree:
    """Three steps: in the first row, in all rows, in the last."""
    rows = tuple(range(shape[0]))
    return _run(rng, shape, rows[:1], rows, rows[-1:], settings=_settings(rng), **more)


def _inputs(rng: np.random.Generator) -> list[Tree]:
    return [SPARSE_ADAM_STEP.case(_any_run(rng, shape)) for shape in [(4,), (3, 2)]]


SPARSE_ADAM_STEP = Spec(
    function="sparse_adam_step",
    reference=sparse_adam_step,
    wrong=wrong_sparse_adam,
    criteria={
        "averages": Criterion(
            "In the rows that are listed m and v are averaged; in the others they wait", _averages_kept, ("t", "m", "v")
        ),
        "first_step": Criterion("The first step moves the rows that are listed, and by lr", _first_step, ("w",)),
        "many_steps": Criterion("Every step is corrected by the count of all steps", _many_steps, ("w",)),
        "repeated_rows": Criterion("A row listed twice takes one step with the sum", _repeated, ("w", "m", "v")),
        "no_rows": Criterion("A gradient without rows only counts as a step", _empty, ("t", "m", "v")),
        "eps": Criterion("eps is added to the root of the uncorrected v", _with_eps, ("w",)),
        # These two judge the averages alone, so that a wrong correction costs nothing here.
        "any_shape_and_dtype": Criterion(
            "Rows of any shape, tiny and huge, in float64 and float32", _shapes_and_dtypes, ("m", "v"), form=True
        ),
        "inputs_unchanged": Criterion("The arrays passed in stay as they were", _inputs, ("m", "v"), purity=True),
    },
    misconceptions=MISCONCEPTIONS,
    section="chapters/rest_of_the_ten.html#rest-sparse",
    init="sparse_adam_init",
    initial=sparse_adam_init,
    fields=SparseAdamState._fields,
    torch="SparseAdam",
    gradient=SparseGrad,
)
