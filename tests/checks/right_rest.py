"""SparseAdam, averages of a path, ASGD and Rprop, right in many ways."""

import itertools
import math
from collections.abc import Callable
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from course_lib.optimizers import ASGDState, RpropState, SparseAdamState

ROWS: dict[str, Callable[..., Any]] = {
    "unique": np.unique,
    "a set": lambda indices: np.array(sorted(set(indices.tolist())), dtype=np.int64),
    "where it counts": lambda indices: np.flatnonzero(np.bincount(indices, minlength=1)),
    "sorted, changes": lambda indices: np.sort(indices)[np.diff(np.sort(indices), prepend=-1) > 0],
}


def _add_at(rows, indices, values):
    sums = np.zeros((len(rows), *values.shape[1:]), values.dtype)
    np.add.at(sums, np.searchsorted(rows, indices), values)
    return sums


def _row_by_row(rows, indices, values):
    sums = np.empty((len(rows), *values.shape[1:]), values.dtype)
    for place, row in enumerate(rows):
        sums[place] = values[indices == row].sum(axis=0)
    return sums


def _value_by_value(rows, indices, values):
    places = {int(row): place for place, row in enumerate(rows)}
    sums = np.zeros((len(rows), *values.shape[1:]), dtype=values.dtype)
    for index, value in zip(indices, values, strict=True):
        sums[places[int(index)]] += value
    return sums


def _one_hot(rows, indices, values):
    chosen = (rows[:, None] == indices[None, :]).astype(values.dtype)
    return np.tensordot(chosen, values, axes=1)


def _sorted_and_cut(rows, indices, values):
    order = np.argsort(indices, kind="stable")
    if not len(rows):
        return values[order]
    return np.add.reduceat(values[order], np.searchsorted(indices[order], rows), axis=0)


def _dense_first(rows, indices, values):
    dense = np.zeros((int(indices.max(initial=0)) + 1, *values.shape[1:]), values.dtype)
    np.add.at(dense, indices, values)
    return dense[rows]


def _masked(rows, indices, values):
    mask = (indices == rows.reshape(-1, 1)).reshape(len(rows), len(indices), *[1] * (values.ndim - 1))
    return np.where(mask, values, np.zeros_like(values)).sum(axis=1)


def _collected(rows, indices, values):
    found: dict[int, Any] = {}
    for index, value in zip(indices.tolist(), values, strict=True):
        found[index] = found[index] + value if index in found else value
    return np.array([found[row] for row in rows.tolist()], dtype=values.dtype).reshape(-1, *values.shape[1:])


SUM: dict[str, Callable[..., Any]] = {
    "add.at": _add_at,
    "row by row": _row_by_row,
    "value by value": _value_by_value,
    "one-hot": _one_hot,
    "sorted and cut": _sorted_and_cut,
    "dense first": _dense_first,
    "masked": _masked,
    "collected": _collected,
}


def _row_sums(indices, values, *, rows, sums):
    return sums(rows(indices), indices, values)


ROW_SUMS = [partial(_row_sums, rows=rows, sums=sums) for sums, rows in product(SUM.values(), ROWS.values())]


def _in_the_rows(w, g, state, lr, beta1, beta2, eps, t, sums):
    """Copies, written to in the rows alone."""
    rows = np.unique(g.indices)
    fresh = sums(rows, g.indices, g.values)
    w, m, v = w.copy(), state.m.copy(), state.v.copy()
    m[rows] = beta1 * m[rows] + (1 - beta1) * fresh
    v[rows] = beta2 * v[rows] + (1 - beta2) * fresh**2
    w[rows] -= lr * math.sqrt(1 - beta2**t) / (1 - beta1**t) * m[rows] / (np.sqrt(v[rows]) + eps)
    return w, m, v


def _row_after_row(w, g, state, lr, beta1, beta2, eps, t, sums):
    rows = sorted(set(g.indices.tolist()))
    w, m, v = np.array(w), np.array(state.m), np.array(state.v)
    for row, fresh in zip(rows, sums(np.array(rows, np.int64), g.indices, g.values), strict=True):
        m[row] += (1 - beta1) * (fresh - m[row])
        v[row] += (1 - beta2) * (fresh * fresh - v[row])
        m_hat = m[row] / (1 - beta1**t)
        w[row] -= lr * m_hat / ((v[row] ** 0.5 + eps) / (1 - beta2**t) ** 0.5)
    return w, m, v


def _by_masks(w, g, state, lr, beta1, beta2, eps, t, sums):
    """The whole arrays, as the reference does it."""
    rows = np.unique(g.indices)
    dense, touched = np.zeros_like(w), np.zeros(w.shape, bool)
    dense[rows], touched[rows] = sums(rows, g.indices, g.values), True
    m = np.where(touched, beta1 * state.m + (1 - beta1) * dense, state.m)
    v = np.where(touched, beta2 * state.v + (1 - beta2) * dense * dense, state.v)
    rate = lr / (1 - beta1**t) * (1 - beta2**t) ** 0.5
    return w - touched * (rate * m) / (v**0.5 + eps), m, v


def _as_torch_does_it(w, g, state, lr, beta1, beta2, eps, t, sums):
    """The changes of m and v, scattered."""
    rows = np.unique(g.indices)
    fresh = sums(rows, g.indices, g.values)
    change_m = (1 - beta1) * (fresh - state.m[rows])
    change_v = (1 - beta2) * (fresh**2 - state.v[rows])
    w, m, v = w.copy(), state.m.copy(), state.v.copy()
    np.add.at(m, rows, change_m)
    np.add.at(v, rows, change_v)
    denominator = np.sqrt(change_v + state.v[rows]) + eps
    step_size = lr * math.sqrt(1 - beta2**t) / (1 - beta1**t)
    np.add.at(w, rows, -step_size * (change_m + state.m[rows]) / denominator)
    return w, m, v


def _sparse_adam(w, g, state, *, update, sums, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    t = state.t + 1
    w, m, v = update(w, g, state, lr, *betas, eps, t, sums)
    return w, SparseAdamState(t, m, v)


_UPDATES = (_in_the_rows, _row_after_row, _by_masks, _as_torch_does_it)
SPARSE_ADAM = [partial(_sparse_adam, update=update, sums=sums) for update, sums in product(_UPDATES, SUM.values())]


def _means(points, first):
    return np.stack([points[t] if t < first else points[first : t + 1].mean(axis=0) for t in range(len(points))])


def _cumulative(points, first):
    out = points.copy()
    tail = points[first:]
    counts = np.arange(1, len(tail) + 1, dtype=points.dtype).reshape(-1, *[1] * (points.ndim - 1))
    out[first:] = np.cumsum(tail, axis=0) / counts
    return out


def _sum_kept(points, first):
    total, averages = np.zeros_like(points[0]), []
    for t, point in enumerate(points):
        total = total + point if t >= first else total
        averages.append(total / (t - first + 1) if t >= first else point)
    return np.array(averages)


def _recursive(points, first):
    if len(points) <= max(first, 0):
        return points.copy()
    before = _recursive(points[:-1], first)
    n = len(points) - first
    last = points[-1] if n == 1 else ((n - 1) * before[-1] + points[-1]) / n
    return np.concatenate([before, np.asarray(last)[None]])


def _by_matrix(points, first):
    weights = np.eye(len(points), dtype=points.dtype)
    for t in range(first, len(points)):
        weights[t] = 0
        weights[t, first : t + 1] = 1 / (t + 1 - first)
    return np.tensordot(weights, points, axes=1)


MOVE: list[Callable[..., Any]] = [
    lambda ax, point, mu: ax + mu * (point - ax),
    lambda ax, point, mu: (1 - mu) * ax + mu * point,
    lambda ax, point, mu: ax - (ax - point) * mu,
    lambda ax, point, mu: point if mu == 1 else np.add(ax, np.multiply(mu, np.subtract(point, ax))),
    lambda ax, point, mu: point - (1 - mu) * (point - ax),
]
MU: list[Callable[..., float]] = [
    lambda n: 1 / max(1, n),
    lambda n: 1.0 if n <= 1 else 1 / n,
    lambda n: float(np.reciprocal(float(max(n, 1)))),
    lambda n: min(1.0, 1 / n) if n > 0 else 1.0,
]


def _stepping(points, first, *, move, mu):
    ax, averages = points[0], []
    for t, point in enumerate(points):
        ax = move(ax, point, mu(t + 1 - first))
        averages += [ax]
    return np.stack(averages)


def _accumulated(points, first, *, move, mu):
    count = itertools.count(2 - first)
    return np.stack(list(itertools.accumulate(points, lambda ax, point: move(ax, point, mu(next(count))))))


TAIL = [_means, _cumulative, _sum_kept, _recursive, _by_matrix]
TAIL += [partial(way, move=move, mu=mu) for way, move, mu in product((_stepping, _accumulated), MOVE, MU)]


FALL: list[Callable[..., float]] = [
    lambda lr, lambd, alpha, t: lr / (1 + lambd * lr * t) ** alpha,
    lambda lr, lambd, alpha, t: lr * (1 + lambd * lr * t) ** -alpha,
    lambda lr, lambd, alpha, t: lr * math.exp(-alpha * math.log1p(lambd * lr * t)),
    lambda lr, lambd, alpha, t: lr / math.pow(1 + t * lr * lambd, alpha),
]
DESCEND: list[Callable[..., Any]] = [
    lambda w, g, eta, lambd: (1 - lambd * eta) * w - eta * g,
    lambda w, g, eta, lambd: w - eta * (g + lambd * w),
    lambda w, g, eta, lambd: w * (1 - eta * lambd) + (-eta) * g,
    lambda w, g, eta, lambd: np.subtract(w - lambd * (eta * w), np.multiply(eta, g)),
]


def _asgd(w, g, state, *, fall, descend, move, mu, lr=1e-2, lambd=1e-4, alpha=0.75, t0=1e6):
    t = state.t + 1
    w = descend(w, g, lr if state.t == 0 else state.eta, lambd)
    return w, ASGDState(t=t, ax=move(state.ax, w, state.mu), eta=fall(lr, lambd, alpha, t), mu=mu(t - t0))


ASGD = [
    partial(_asgd, fall=fall, descend=descend, move=move, mu=mu)
    for fall, descend, (move, mu) in product(FALL, DESCEND, zip(MOVE, itertools.cycle(MU), strict=False))
]


def _by_signs(agreement, shrink, grow):
    sign = np.sign(agreement)
    return 1 + (grow - 1) * (sign + sign * sign) / 2 - (1 - shrink) * (sign * sign - sign) / 2


def _nested(agreement, shrink, grow):
    ones = np.ones_like(agreement)
    return np.where(agreement > 0, grow * ones, np.where(agreement < 0, shrink * ones, ones))


def _written_in(agreement, shrink, grow):
    factor = np.ones_like(agreement)
    factor[agreement > 0] = grow
    factor[agreement < 0] = shrink
    return factor


# What a sign that held, or flipped, multiplies the step size by. The first needs nothing but arithmetic.
FACTOR: list[Callable[..., Any]] = [
    _by_signs,
    _nested,
    _written_in,
    lambda agreement, shrink, grow: (
        np.full_like(agreement, grow) ** (agreement > 0) * np.full_like(agreement, shrink) ** (agreement < 0)
    ),
    lambda agreement, shrink, grow: np.array([1, grow, shrink], agreement.dtype)[np.sign(agreement).astype(int)],
    lambda agreement, shrink, grow: np.select(
        [agreement > 0, agreement < 0], [np.full_like(agreement, grow), np.full_like(agreement, shrink)], 1
    ).astype(agreement.dtype),
]
BOUND: list[Callable[..., Any]] = [
    lambda size, low, high: size.clip(low, high),
    np.clip,
    lambda size, low, high: np.minimum(np.maximum(size, low), high),
]
STAY: list[Callable[..., Any]] = [
    lambda g, flipped: g * ~flipped,
    lambda g, flipped: np.where(flipped, np.zeros_like(g), g),
    lambda g, flipped: g - np.multiply(g, flipped),
]


def _rprop(w, g, state, *, factor, bound, stay, lr=1e-2, etas=(0.5, 1.2), step_sizes=(1e-6, 50)):
    size = 0 * w + lr if state.t == 0 else state.step_size
    agreement = g * state.prev
    size = bound(size * factor(agreement, *etas), *step_sizes)
    g = stay(g, agreement < 0)
    return w - size * np.sign(g), RpropState(state.t + 1, g, size)


RPROP = [partial(_rprop, factor=factor, bound=bound, stay=stay) for factor, bound, stay in product(FACTOR, BOUND, STAY)]
