"""``ewa_momentum_step``, ``momentum_weights`` and ``sgd_lr``, right in many ways."""

import math
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np

from course_lib.optimizers import EWAMomentumState


def _loop(m, g, beta):
    new = np.zeros_like(g)
    for index in np.ndindex(g.shape):
        new[index] = beta * np.asarray(m)[index] + (1 - beta) * g[index]
    return new


def _in_place_on_a_copy(m, g, beta):
    m = np.array(m)
    m *= beta
    m += (1 - beta) * g
    return m


AVERAGE: list[Callable[..., Any]] = [
    lambda m, g, beta: beta * m + (1 - beta) * g,
    lambda m, g, beta: m + (1 - beta) * (g - m),
    lambda m, g, beta: g - beta * (g - m),
    _loop,
    _in_place_on_a_copy,
]
DIRECTION: list[Callable[..., Any]] = [
    lambda m, beta, t, corrected: m / (1 - beta**t) if corrected else m,
    lambda m, beta, t, corrected: m / (1 - corrected * beta**t),
    lambda m, beta, t, corrected: m * (1 / (1 - math.pow(beta, t)) if corrected else 1.0),
]
GIVE_BACK: list[Callable[..., Any]] = [
    lambda w, t, m: (w, EWAMomentumState(t, m)),
    lambda w, t, m: [w, {"t": t, "m": m}],
    lambda w, t, m: (np.array(w), (t, m)),
]


def _step(average: Any, direction: Any, give_back: Any) -> Callable[..., Any]:
    def ewa_momentum_step(w, g, state, *, lr=1e-3, beta=0.9, bias_correction=False):
        t, m = state.values() if isinstance(state, dict) else state
        m = average(m, g, beta)
        return give_back(w - lr * direction(m, beta, t + 1, bias_correction), t + 1, m)

    return ewa_momentum_step


STEPS = [_step(*parts) for parts in product(AVERAGE, DIRECTION, GIVE_BACK)]


def _let_each_pass(momentum, steps, dampening, nesterov):
    """Runs torch's rule on gradients that each have an axis of their own."""
    b = np.zeros(steps)
    for t in range(steps):
        g = np.eye(steps)[steps - 1 - t]
        b = momentum * b + (1 - dampening if t else 1) * g
    return g + momentum * b if nesterov else b


def _from_the_oldest(momentum, steps, dampening, nesterov):
    found = [1.0]
    for _ in range(steps - 1):
        found = [1 - dampening] + [momentum * weight for weight in found]
    if nesterov:
        found = [momentum * weight for weight in found]
        found[0] += 1
    return found


def _by_position(momentum, steps, dampening, nesterov):
    found = []
    for k in range(steps):
        weight = momentum**k if k == steps - 1 else (1 - dampening) * momentum**k
        found.append((1 if k == 0 else 0) + momentum * weight if nesterov else weight)
    return tuple(found)


def _by_arrays(momentum, steps, dampening, nesterov):
    k = np.arange(steps)
    weights = momentum**k * np.where(k == steps - 1, 1.0, 1.0 - dampening)
    return np.where(nesterov, momentum * weights + (k == 0), weights)


def _less_the_damped_part(momentum, steps, dampening, nesterov):
    powers = np.cumprod([1.0] + [momentum] * (steps - 1))
    powers[:-1] -= dampening * powers[:-1]
    if nesterov:
        powers = powers * momentum
        powers[0] = powers[0] + 1
    return powers


def _one_more_power(momentum, steps, dampening, nesterov):
    """With Nesterov every power is one higher and the newest gradient counts once more."""
    ahead = 1 if nesterov else 0
    found = [momentum ** (k + ahead) * (1 - dampening) for k in range(steps)]
    found[-1] = momentum ** (steps - 1 + ahead)
    return [found[0] + ahead, *found[1:]]


HOLD: list[Callable[..., Any]] = [
    list,
    tuple,
    np.array,
    lambda x: [float(y) for y in x],
    lambda x: np.array(x)[::-1][::-1],
]


def _weights(find: Any, hold: Any) -> Callable[..., Any]:
    def momentum_weights(momentum, steps, *, dampening=0.0, nesterov=False):
        return hold(find(momentum, steps, dampening, nesterov))

    return momentum_weights


FIND = [_let_each_pass, _from_the_oldest, _by_position, _by_arrays, _less_the_damped_part, _one_more_power]
WEIGHTS = [_weights(find, hold) for find, hold in product(FIND, HOLD)]

DIVISOR: list[Callable[[float, int], Any]] = [
    lambda beta, t: 1 - beta**t,
    lambda beta, t: 1 - math.pow(beta, t),
    lambda beta, t: -math.expm1(t * math.log(beta)),
    lambda beta, t: 1 - math.prod([beta] * t),
    lambda beta, t: (1 - beta) * sum(beta**k for k in range(t)),
    lambda beta, t: 1 - np.exp(t * np.log(beta)),
]
CONVERT: list[Callable[..., Any]] = [
    lambda lr, beta, divisor: lr * (1 - beta) / divisor,
    lambda lr, beta, divisor: lr * ((1 - beta) / divisor),
    lambda lr, beta, divisor: (lr - lr * beta) / divisor,
    lambda lr, beta, divisor: lr / (divisor / (1 - beta)),
    lambda lr, beta, divisor: np.array((1 - beta) * lr) / divisor,
    lambda lr, beta, divisor: np.float64(lr) * (1 - beta) * (1 / divisor),
]


def _lr(convert: Any, divisor: Any) -> Callable[..., Any]:
    return lambda lr, beta, t, bias_correction=False: convert(lr, beta, divisor(beta, t) if bias_correction else 1.0)


LRS = [_lr(convert, divisor) for convert, divisor in product(CONVERT, DIVISOR)]
