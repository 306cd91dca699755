"""The functions of ``ps2_stochastic_descent``, right in many ways."""

import itertools
import math
from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from itertools import product
from typing import Any

import numpy as np

RESIDUAL: list[Callable[..., Any]] = [
    lambda w, x, y: w[0] * x + w[1] - y,
    lambda w, x, y: -(y - w[0] * x - w[1]),
    lambda w, x, y: np.polyval(w, x) - y,
    lambda w, x, y: np.column_stack([x, np.ones(len(x))]) @ w - y,
    lambda w, x, y: np.array([w[0] * one + w[1] - other for one, other in zip(x, y, strict=True)]),
]
MEANS: list[Callable[..., Any]] = [
    lambda r, x: np.array([np.mean(r * x), np.mean(r)]),
    lambda r, x: np.stack([(r * x).mean(), r.mean()]),
    lambda r, x: (np.sum(r * x) / len(x), np.sum(r) / len(x)),
    lambda r, x: [float(r @ x) / x.size, sum(r.tolist()) / x.size],
    lambda r, x: np.vstack([x, np.ones_like(x)]) @ r / len(r),
    lambda r, x: np.mean([r * x, r], axis=1),
    lambda r, x: np.average(np.outer(r, [1, 0]) + np.outer(r * x - r, [1, 0]) + np.outer(r, [0, 1]), axis=0),
]


def _gradient(residual: Any, means: Any) -> Callable[..., Any]:
    return lambda w, x, y: means(residual(w, x, y), x)


GRADIENTS = [_gradient(residual, means) for residual, means in product(RESIDUAL, MEANS)]

ROUND_UP: list[Callable[[int, int], Any]] = [
    lambda n, size: -(-n // size),
    lambda n, size: math.ceil(n / size),
    lambda n, size: int(np.ceil(n / size)),
    lambda n, size: np.ceil(n / size),
    lambda n, size: (n + size - 1) // size,
    lambda n, size: (n - 1) // size + 1,
    lambda n, size: n // size + (n % size > 0),
    lambda n, size: n // size + (1 if n % size else 0),
    lambda n, size: n // size + min(1, n % size),
    lambda n, size: sum(divmod(n, size)[:1]) + bool(n % size),
    lambda n, size: len(range(0, n, size)),
    lambda n, size: len(list(range(n))[::size]),
    lambda n, size: len(np.arange(0, n, size)),
    lambda n, size: len(np.array_split(np.arange(n), range(size, n, size))),
    lambda n, size: math.ceil(Fraction(n, size)),
    lambda n, size: next(k for k in itertools.count() if k * size >= n),
    lambda n, size: max(k for k in range(1, n + 1) if (k - 1) * size < n),
    lambda n, size: len({i // size for i in range(n)}),
    lambda n, size: sum(1 for i in range(n) if i % size == 0),
    lambda n, size: int(math.floor(-n / size) * -1),
    lambda n, size: round(n / size + 0.4999) if n % size else n // size,
    lambda n, size: np.int64(-(-n // size)),
    lambda n, size: np.array(-(-n // size)),
    lambda n, size: float(-(-n // size)),
    lambda n, size: (lambda full, rest: full + bool(rest))(*divmod(n, size)),
    lambda n, size: reduce(lambda steps, i: steps + (i % size == 0), range(n), 0),
    lambda n, size: int(n / size) if n % size == 0 else int(n / size) + 1,
    lambda n, size: n // size if n == size * (n // size) else n // size + 1,
    lambda n, size: sum(
        1 for _ in iter(lambda left=[n]: left.__setitem__(0, left[0] - size) or left[0] > -size, False)
    ),
    lambda n, size: len([*zip(*[iter(range(n + (-n) % size))] * size, strict=True)]),
    lambda n, batch_size: np.ceil(np.divide(n, batch_size)).astype(int),
]

DIVISOR: list[Callable[[float, int], Any]] = [
    lambda decay, t: 1 + decay * t,
    lambda decay, t: 1.0 + t * decay,
    lambda decay, t: decay * (1 / decay + t),
    lambda decay, t: sum([decay] * t, 1.0),
    lambda decay, t: np.array(1 + decay * t),
    lambda decay, t: np.float64(decay) * t + 1,
]
DIVIDE: list[Callable[[float, Any], Any]] = [
    lambda lr, divisor: lr / divisor,
    lambda lr, divisor: lr * (1 / divisor),
    lambda lr, divisor: lr * divisor**-1,
    lambda lr, divisor: 1 / (divisor / lr),
    lambda lr, divisor: np.divide(lr, divisor),
    lambda lr, divisor: lr - lr * (divisor - 1) / divisor,
]


def _decayed(divide: Any, divisor: Any) -> Callable[..., Any]:
    return lambda lr, decay, t: divide(lr, divisor(decay, t))


LRS = [_decayed(divide, divisor) for divide, divisor in product(DIVIDE, DIVISOR)]

DEAL: list[Callable[..., Any]] = [
    lambda order, size: [order[i : i + size] for i in range(0, len(order), size)],
    lambda order, size: np.array_split(order, range(size, len(order), size)),
    lambda order, size: [order[k * size : (k + 1) * size].tolist() for k in range(-(-len(order) // size))],
    lambda order, size: [order[np.arange(len(order)) // size == k] for k in range(math.ceil(len(order) / size))],
]


def _plain_step(w, x, y, rate):
    r = w[0] * x + w[1] - y
    return w - rate * np.array([np.mean(r * x), np.mean(r)])


def _on_a_copy(w, x, y, rate):
    w = np.array(w)
    r = w[0] * x + w[1] - y
    w[0] -= rate * (r @ x) / len(x)
    w[1] -= rate * r.mean()
    return w


def _two_numbers(w, x, y, rate):
    a, b = w
    r = a * x + b - y
    return np.array([a - rate * np.mean(r * x), b - rate * np.mean(r)])


def _point_by_point(w, x, y, rate):
    total = np.zeros(2)
    for one, other in zip(x, y, strict=True):
        total = total + (w[0] * one + w[1] - other) * np.array([one, 1.0])
    return w - rate / len(x) * total


def _measured(w, x, y, rate):
    """As the notebook gives it: from the loss at a step of 1 to either side, with a rounding error of its own."""

    def loss(a, b):
        return np.mean((a * x + b - y) ** 2) / 2

    a, b = w
    return w - rate * np.array([(loss(a + 1, b) - loss(a - 1, b)) / 2, (loss(a, b + 1) - loss(a, b - 1)) / 2])


def _by_counter(deal: Any, step: Any) -> Callable[..., Any]:
    def sgd_epoch(w, x, y, order, *, batch_size, lr, decay=0.0, t=0):
        for batch in deal(order, batch_size):
            w = step(w, x[batch], y[batch], lr / (1 + decay * t))
            t += 1
        return w

    return sgd_epoch


def _by_position(deal: Any, step: Any) -> Callable[..., Any]:
    def sgd_epoch(w, x, y, order, *, batch_size, lr, decay=0.0, t=0):
        x, y = np.take(x, order), np.take(y, order)
        places = deal(np.arange(len(order)), batch_size)
        rates = [lr / (1 + decay * (t + k)) for k in range(len(places))]
        for place, rate in zip(places, rates, strict=True):
            w = step(w, x[place], y[place], rate)
        return tuple(w)

    return sgd_epoch


EPOCHS = [
    count(deal, step)
    for count, deal, step in product(
        [_by_counter, _by_position], DEAL, [_plain_step, _on_a_copy, _two_numbers, _point_by_point, _measured]
    )
]
