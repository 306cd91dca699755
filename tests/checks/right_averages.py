"""``exponential_average``, ``expansion_weights`` and ``bias_corrected``, right in many ways."""

import itertools
import math
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np

NEXT: list[Callable[..., Any]] = [
    lambda v, x, beta: beta * v + (1 - beta) * x,
    lambda v, x, beta: v + (1 - beta) * (x - v),
    lambda v, x, beta: x - beta * (x - v),
    lambda v, x, beta: np.add(v * beta, x - x * beta),
    lambda v, x, beta: -((beta - 1) * x - beta * v),
]


def _stacked(x, beta, step):
    v, found = np.zeros_like(x[0]), []
    for value in x:
        v = step(v, value, beta)
        found.append(v)
    return np.stack(found)


def _array_of_list(x, beta, step):
    found = [0 * x[0]]
    for t in range(len(x)):
        found += [step(found[-1], x[t], beta)]
    return np.array(found[1:])


def _filled(x, beta, step):
    out = np.empty_like(x)
    for t, value in enumerate(x):
        out[t] = step(out[t - 1] if t else np.zeros_like(value), value, beta)
    return out


def _on_a_copy(x, beta, step):
    out = x.copy()
    out[0] = step(0 * x[0], x[0], beta)
    for t in range(1, x.shape[0]):
        out[t, ...] = step(out[t - 1, ...], out[t, ...], beta)
    return out


def _accumulated(x, beta, step):
    found = itertools.accumulate(x, lambda v, value: step(v, value, beta), initial=np.zeros(x.shape[1:], x.dtype))
    return np.stack(list(found)[1:])


def _recursive(x, beta, step):
    if len(x) == 0:
        return x.copy()
    before = _recursive(x[:-1], beta, step)
    last = before[-1] if len(before) else np.zeros_like(x[0])
    return np.concatenate([before, step(last, x[-1], beta)[None]])


def _read_only(x, beta, step):
    out = np.asarray(_stacked(x, beta, step), order="F")
    out.flags.writeable = False
    return out


def _printing(x, beta, step):
    print("beta", beta)
    return _stacked(x, beta, step)


def _average(collect: Any, step: Any) -> Callable[..., Any]:
    return lambda x, beta: collect(x, beta, step)


def unrolled(x, beta):
    """One product with all the weights, a row for each average."""
    n = len(x)
    weights = [[(1 - beta) * beta ** (t - i) if i <= t else 0.0 for i in range(n)] for t in range(n)]
    return np.tensordot(np.array(weights, dtype=x.dtype), x, axes=1)


COLLECT = [_stacked, _array_of_list, _filled, _on_a_copy, _accumulated, _recursive, _read_only, _printing]
AVERAGES = [*(_average(collect, step) for collect, step in product(COLLECT, NEXT)), unrolled]


def _by_loop(beta, steps):
    weight, found = 1 - beta, []
    for _ in range(steps):
        found.append(weight)
        weight *= beta
    return found


def _by_unrolling(beta, steps):
    """Lets a single 1 pass through the average."""
    v, found = 0.0, []
    for t in range(steps):
        v = beta * v + (1 - beta) * (t == 0)
        found.append(v)
    return found


def _by_insertion(beta, steps):
    found = []
    for k in reversed(range(steps)):
        found.insert(0, beta**k * (1 - beta))
    return found


POWERS: list[Callable[[float, int], Any]] = [
    lambda beta, n: [beta**k for k in range(n)],
    lambda beta, n: [math.pow(beta, k) for k in range(n)],
    lambda beta, n: beta ** np.arange(n),
    lambda beta, n: np.power(beta, np.arange(float(n))),
    lambda beta, n: np.exp(math.log(beta) * np.arange(n)),
    lambda beta, n: np.cumprod([1.0, *[beta] * (n - 1)]),
    lambda beta, n: np.vander([beta], n, increasing=True)[0],
    lambda beta, n: list(itertools.accumulate([beta] * (n - 1), float.__mul__, initial=1.0)),
    lambda beta, n: np.array([beta**k for k in range(n)][::-1])[::-1],
]
SCALE: list[Callable[..., Any]] = [
    lambda powers, beta: [(1 - beta) * p for p in powers],
    lambda powers, beta: np.multiply(powers, 1 - beta),
    lambda powers, beta: tuple(p - p * beta for p in powers),
]


def _weights(power: Any, scale: Any) -> Callable[..., Any]:
    return lambda beta, steps: scale(power(beta, steps), beta)


WEIGHTS = [
    *(_weights(power, scale) for power, scale in product(POWERS, SCALE)),
    *(_by_loop, _by_unrolling, _by_insertion),
    lambda beta, steps: [beta**k - beta ** (k + 1) for k in range(steps)],
    lambda beta, steps: -np.diff(beta ** np.arange(steps + 1)),
    lambda beta, steps: np.array(_by_loop(beta, steps), dtype=object).astype(float),
]

DIVISORS: list[Callable[[float, int], Any]] = [
    lambda beta, n: [1 - beta**t for t in range(1, n + 1)],
    lambda beta, n: 1 - beta ** np.arange(1, n + 1),
    lambda beta, n: 1 - np.cumprod(np.full(n, beta)),
    lambda beta, n: np.cumsum(_by_loop(beta, n)),
    lambda beta, n: [-math.expm1(t * math.log(beta)) for t in range(1, n + 1)],
]


def _rows(v, divisors):
    return np.stack([row / d for row, d in zip(v, map(float, divisors), strict=True)])


def _reshaped(v, divisors):
    return v / np.reshape(np.asarray(divisors, dtype=v.dtype), (-1, *[1] * (v.ndim - 1)))


def _turned(v, divisors):
    return (v.T / np.asarray(divisors, v.dtype)).T


def _moved(v, divisors):
    return np.moveaxis(np.moveaxis(v, 0, -1) * (1 / np.asarray(divisors)).astype(v.dtype), -1, 0)


def _in_place_on_a_copy(v, divisors):
    out = v.copy()
    for t in range(len(v)):
        out[t] /= divisors[t]
    return out


def _filled_in(v, divisors):
    out = np.zeros(v.shape, v.dtype)
    for index in np.ndindex(v.shape):
        out[index] = v[index] / divisors[index[0]]
    return out


def _upcast(v, divisors):
    return _reshaped(v.astype(np.longdouble), divisors).astype(v.dtype)


def _corrected(divide: Any, divisors: Any) -> Callable[..., Any]:
    return lambda v, beta: divide(v, divisors(beta, len(v)))


DIVIDE = [_rows, _reshaped, _turned, _moved, _in_place_on_a_copy, _filled_in, _upcast]
CORRECTED = [_corrected(divide, divisors) for divide, divisors in product(DIVIDE, DIVISORS)]
