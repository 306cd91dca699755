"""Adagrad, RMSprop and Adadelta, right in many ways."""

import functools
import math
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
from right_adam import AVERAGE

from course_lib.optimizers import AdadeltaState, AdagradState, RMSpropState


def _in_place(s, g):
    s = np.array(s)
    s += g * g
    return s


def _entry_by_entry(s, g):
    new = np.zeros_like(g)
    for index in np.ndindex(g.shape):
        new[index] = np.asarray(s)[index] + np.asarray(g)[index] ** 2
    return new


SUM: list[Callable[..., Any]] = [
    lambda s, g: s + g**2,
    lambda s, g: np.add(s, np.square(g)),
    lambda s, g: s - g * -g,
    _in_place,
    _entry_by_entry,
]
RATE: list[Callable[..., Any]] = [
    lambda lr, decay, t: lr / (1 + (t - 1) * decay),
    lambda lr, decay, t: lr * (1 / (1 + decay * t - decay)),
    lambda lr, decay, t: 1 / (1 / lr + (t - 1) * decay / lr),
]
QUOTIENT: list[Callable[..., Any]] = [
    lambda g, s, eps: g / (s**0.5 + eps),
    lambda g, s, eps: g * (1 / (np.sqrt(s) + eps)),
    lambda g, s, eps: np.divide(g, np.add(np.sqrt(s), eps)),
    lambda g, s, eps: np.sign(g) * (np.abs(g) / (eps + np.sqrt(s))),
]


def _adagrad(w, g, state, *, add, rate, quotient, lr=1e-2, lr_decay=0.0, eps=1e-10):
    t, s = state.t + 1, add(state.s, g)
    return w - rate(lr, lr_decay, t) * quotient(g, s, eps), AdagradState(t, s)


ADAGRAD = [
    functools.partial(_adagrad, add=add, rate=rate, quotient=quotient)
    for add, rate, quotient in product(SUM, RATE, QUOTIENT)
]

SPREAD: list[Callable[..., Any]] = [lambda v, m: v - m**2, lambda v, m: (v**0.5 - abs(m)) * (v**0.5 + abs(m))]


def _buffer(quotient, state, momentum):
    return momentum * state.b + quotient


def _only_where_used(quotient, state, momentum):
    return _buffer(quotient, state, momentum) if momentum > 0 else quotient


def _rmsprop(
    w, g, state, *, average, quotient, spread, buffer, lr=1e-2, alpha=0.99, eps=1e-8, momentum=0.0, centered=False
):
    v = average(state.v, g * g, alpha)
    m = average(state.m, g, alpha) if centered else None  # where it is not centered nobody looks at it
    b = buffer(quotient(g, spread(v, m) if centered else v, eps), state, momentum)
    return w - lr * b, RMSpropState(state.t + 1, v, m, b)


RMSPROP = [
    functools.partial(_rmsprop, average=average, quotient=quotient, spread=spread, buffer=buffer)
    for average, quotient, spread, buffer in product(
        AVERAGE.values(), QUOTIENT[::2], SPREAD, (_buffer, _only_where_used)
    )
]

RATIO: list[Callable[..., Any]] = [
    lambda u, v, eps: (u + eps) ** 0.5 / (v + eps) ** 0.5,
    lambda u, v, eps: np.sqrt((u + eps) / (v + eps)),
    lambda u, v, eps: np.sqrt(u + eps) * (v + eps) ** -0.5,
]


def _scaled_by_root_of_eps(u, v, eps):
    """Both sides measured in units of eps."""
    return np.hypot(np.sqrt(u), math.sqrt(eps)) / np.hypot(np.sqrt(v), math.sqrt(eps))


def _adadelta(w, g, state, *, average, ratio, late, lr=1.0, rho=0.9, eps=1e-6):
    v = average(state.v, g * g, rho)
    delta = ratio(state.u, v, eps) * g
    u = average(state.u, delta * delta, rho)
    return (w - lr * delta if late else w + -lr * delta), AdadeltaState(t=state.t + 1, v=v, u=u)


ADADELTA = [
    functools.partial(_adadelta, average=average, ratio=ratio, late=late)
    for average, ratio, late in product(AVERAGE.values(), [*RATIO, _scaled_by_root_of_eps], (True, False))
]
