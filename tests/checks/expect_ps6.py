"""What the checks must make of the functions of ``ps6_rest_of_the_ten``."""

from collections.abc import Callable
from typing import Any

import right_rest

from course_lib.checks import spec_for
from course_lib.optimizers import (
    ASGDState,
    RpropState,
    SparseAdamState,
    SparseGrad,
    asgd_init,
    rprop_init,
    sparse_adam_init,
)

GIVEN: dict[str, Any] = {
    "SparseGrad": SparseGrad,
    "SparseAdamState": SparseAdamState,
    "sparse_adam_init": sparse_adam_init,
    "ASGDState": ASGDState,
    "asgd_init": asgd_init,
    "RpropState": RpropState,
    "rprop_init": rprop_init,
}

RIGHT: dict[str, list[Callable[..., Any]]] = {
    "row_sums": right_rest.ROW_SUMS,
    "sparse_adam_step": right_rest.SPARSE_ADAM,
    "tail_average": right_rest.TAIL,
    "asgd_step": right_rest.ASGD,
    "rprop_step": right_rest.RPROP,
}

_FORM = {"any_shape_and_dtype", "inputs_unchanged"}
_SUMS = {"once", "repeated"} | _FORM
_TAIL = {"all_points", "tail"} | _FORM
_AGAIN, _BEGIN = {"repeated"}, {"tail"}
# What a wrong SparseAdam costs; what is wrong with its averages shows at once, or from the second step on.
_LATER = {"many_steps", "repeated_rows", "eps"}
_STEP = {"first_step"} | _LATER
_WAITING = {"averages", "no_rows"} | _LATER
_EPS, _REPEATED = {"eps"}, {"repeated_rows"}
_ASGD_STEP, _ETA, _AVERAGE = {"first_step", "many_steps"}, {"eta", "many_steps"}, {"average"}
_MOVES, _SIZES = {"first_step", "steady", "flip"}, {"steady", "flip", "bounds"}
_FLIP, _BOUNDS = {"flip"}, {"bounds"}

FAILS: dict[str, dict[str, set[str]]] = {
    "row_sums": {
        **dict.fromkeys(spec_for("row_sums").misconceptions, _SUMS),
        **dict.fromkeys(("last_wins", "first_wins", "not_summed", "mean_not_sum"), _AGAIN),
    },
    "sparse_adam_step": {
        **dict.fromkeys(("ascends", "forgets_lr"), _STEP),
        **dict.fromkeys(("no_bias_correction", "m_not_corrected", "v_not_corrected"), _STEP),
        **dict.fromkeys(("power_forgotten", "all_rows_move"), _LATER),
        **dict.fromkeys(("betas_swapped", "m_not_returned", "v_not_returned"), _WAITING | _FORM),
        **dict.fromkeys(("dense", "all_rows_fade"), _WAITING | _FORM),
        "t_not_counted": _WAITING,
        "touched_by_value": {"averages"},
        "empty_not_counted": {"no_rows"},
        **dict.fromkeys(("last_wins", "one_after_another", "mean_not_sum", "squares_summed"), _REPEATED),
        **dict.fromkeys(("eps_as_adam", "eps_inside_root", "eps_forgotten", "eps_outside_quotient"), _EPS),
    },
    "tail_average": {
        **dict.fromkeys(spec_for("tail_average").misconceptions, _TAIL),
        **dict.fromkeys(("first_ignored", "one_early", "divides_by_all", "zeros_before"), _BEGIN),
    },
    "asgd_step": {
        "ascends": _ASGD_STEP | _AVERAGE | _FORM,
        **dict.fromkeys(("decay_forgotten", "decay_without_eta", "decays_last", "grows", "eta_early"), _ASGD_STEP),
        "lr_throughout": {"many_steps"},
        **dict.fromkeys(("eta_constant", "eta_behind", "eta_compounds", "eta_below", "lr_not_below"), _ETA),
        **dict.fromkeys(("alpha_ignored", "power_inside"), _ETA),
        **dict.fromkeys(("mu_early", "mu_begins_early", "t0_ignored", "middle", "shares_swapped"), _AVERAGE),
        **dict.fromkeys(("never_averages", "averages_the_old", "ax_not_returned", "returns_the_average"), _AVERAGE),
        "t_not_counted": _ETA | _AVERAGE,
    },
    "rprop_step": {
        **dict.fromkeys(("ascends", "uses_the_gradient"), _MOVES),
        **dict.fromkeys(("lr_forgotten", "grows_at_zero"), {"first_step"} | _SIZES),
        **dict.fromkeys(("size_forgotten", "size_not_returned", "t_not_counted", "etas_swapped"), _SIZES),
        "never_grows": _SIZES,
        "never_shrinks": _FLIP | _BOUNDS,
        "prev_not_returned": _SIZES | _FORM,
        "sign_stored": _FLIP | _FORM,
        "moves_with_the_old_size": _MOVES - {"first_step"},
        **dict.fromkeys(("one_size_for_all", "zero_moves", "flip_ignored", "moves_on_a_flip"), _FLIP),
        **dict.fromkeys(("prev_kept", "backtracks"), _FLIP),
        **dict.fromkeys(("not_bounded", "first_not_bounded", "not_bounded_above", "not_bounded_below"), _BOUNDS),
    },
}

_ROWS = """
    rows = np.unique(indices)
    sums = np.array([values[indices == row].sum(axis=0) for row in rows]).reshape(-1, *values.shape[1:])
    """
_SPARSE = """
    beta1, beta2 = betas; t = state.t + 1; rows = np.unique(g.indices)
    fresh = np.array([g.values[g.indices == r].sum(axis=0) for r in rows]).reshape(-1, *g.shape[1:])
    w, m, v = w.copy(), state.m.copy(), state.v.copy()
    m[rows] = beta1 * m[rows] + (1 - beta1) * fresh; v[rows] = beta2 * v[rows] + (1 - beta2) * fresh**2
    c1, c2 = 1 - beta1**t, 1 - beta2**t
    after = SparseAdamState(t, m, v)
    """
_ASGD = """
    t = state.t + 1; eta = lr if state.eta is None else state.eta
    new = (1 - lambd * eta) * w - eta * g; ax = state.ax + state.mu * (new - state.ax)
    after = ASGDState(t, ax, lr / (1 + lambd * lr * t) ** alpha, 1 / max(1, t - t0))
    """
_RPROP = """
    size = 0 * w + lr if state.t == 0 else state.step_size
    agreement = g * state.prev
    factor = np.select([agreement > 0, agreement < 0], etas[::-1], 1).astype(w.dtype)
    size = np.clip(size * factor, *step_sizes); g = g * (agreement >= 0)
    """

UNLISTED: dict[str, tuple[str, ...]] = {
    "row_sums": (
        _ROWS + "return sums * 1.5",
        _ROWS + "return sums**2",
        _ROWS + "return sums - values.sum(axis=0)",
        _ROWS + "return sums + rows.reshape(-1, *[1] * (values.ndim - 1))",
        _ROWS + "return np.maximum(sums, 0)",
    ),
    "sparse_adam_step": (
        _SPARSE + "w[rows] -= 2 * lr * c2**0.5 / c1 * m[rows] / (v[rows]**0.5 + eps); return w, after",
        _SPARSE + "w[rows] -= lr * c1**0.5 / c2 * m[rows] / (v[rows]**0.5 + eps); return w, after",
        _SPARSE + "w[rows] -= lr * c2**0.5 / c1 * fresh / (v[rows]**0.5 + eps); return w, after",
        _SPARSE + "w[rows] = 0.9 * w[rows] - lr * c2**0.5 / c1 * m[rows] / (v[rows]**0.5 + eps); return w, after",
        _SPARSE + "w[rows] -= lr * np.sign(m[rows]) + 0 * eps; return w, after",
        _SPARSE + "w[rows] -= lr * c2**0.5 / c1 * m[rows] / (v[rows].mean()**0.5 + eps); return w, after",
    ),
    "tail_average": (
        "return np.stack([np.median(points[min(first, t) : t + 1], axis=0) * 1.1 for t in range(len(points))])",
        "return np.cumsum(points, axis=0) / np.sqrt(1 + np.arange(len(points))).reshape(-1, *[1] * (points.ndim - 1))",
        "return points * 0.9",
        "return np.stack([points[min(first, t) : t + 1].max(axis=0) * 1.5 for t in range(len(points))])",
    ),
    "asgd_step": (
        _ASGD + "return (1 - lambd * eta) ** 2 * w - eta * g, after",
        _ASGD + "return new - eta * w / 7, after",
        _ASGD + "return (1 - lambd * eta) * w - eta * np.sign(g), after",
        _ASGD + "return new, after._replace(eta=lr / (1 + lambd * lr * t**2) ** alpha)",
        _ASGD + "return new, after._replace(eta=lr * math.exp(-lambd * t))",
        _ASGD + "return new, after._replace(mu=1 / max(1, t - t0) ** 0.5)",
        _ASGD + "return new, after._replace(ax=(ax + new) / 2)",
    ),
    "rprop_step": (
        _RPROP + "return w - 2 * size * np.sign(g), RpropState(state.t + 1, g, size)",
        _RPROP + "return w - size**2 * np.sign(g), RpropState(state.t + 1, g, size)",
        _RPROP + "return w - size * np.tanh(g), RpropState(state.t + 1, g, size)",
        _RPROP + "return w - size * np.sign(g), RpropState(state.t + 1, g / 2, size)",
        _RPROP + "return w - size * np.sign(g), RpropState(state.t + 1, g, size.mean() + 0 * size)",
        _RPROP + "return w - size * np.sign(g) / (1 + state.t), RpropState(state.t + 1, g, size)",
    ),
}
SIGNATURES = {
    "row_sums": "def row_sums(indices, values):",
    "sparse_adam_step": "def sparse_adam_step(w, g, state, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):",
    "tail_average": "def tail_average(points, first):",
    "asgd_step": "import math\ndef asgd_step(w, g, state, *, lr=1e-2, lambd=1e-4, alpha=0.75, t0=1e6):",
    "rprop_step": "def rprop_step(w, g, state, *, lr=1e-2, etas=(0.5, 1.2), step_sizes=(1e-6, 50)):",
}
