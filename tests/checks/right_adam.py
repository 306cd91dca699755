"""Adam, AdamW and Adamax, right in many ways: ways to average times ways to correct and divide."""

import functools
import math
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np

from course_lib.optimizers import AdamaxState, AdamState


def _in_place(old, new, beta):
    kept = np.array(old)
    kept *= beta
    kept += (1 - beta) * new
    return kept


def _entry_by_entry(old, new, beta):
    kept = np.zeros_like(old)
    for index in np.ndindex(kept.shape):
        kept[index] = beta * np.asarray(old)[index] + (1 - beta) * np.asarray(new)[index]
    return kept


AVERAGE: dict[str, Callable[..., Any]] = {
    "formula": lambda old, new, beta: beta * old + (1 - beta) * new,
    "moves towards": lambda old, new, beta: old + (1 - beta) * (new - old),
    "numpy functions": lambda old, new, beta: np.add(np.multiply(old, beta), np.multiply(new, 1 - beta)),
    "in place on a copy": _in_place,
    "entry by entry": _entry_by_entry,
}


def _as_in_the_paper(m, v, lr, beta1, beta2, t, eps):
    return lr * (m / (1 - beta1**t)) / ((v / (1 - beta2**t)) ** 0.5 + eps)


def _rate_first(m, v, lr, beta1, beta2, t, eps):
    """The order that the paper calls more efficient, with eps scaled to match."""
    root = math.sqrt(1 - beta2**t)
    return lr * root / (1 - beta1**t) * m / (v**0.5 + eps * root)


def _as_torch_does_it(m, v, lr, beta1, beta2, t, eps):
    return (lr / (1 - beta1**t)) * m / (np.sqrt(v) / math.sqrt(1 - beta2**t) + eps)


def _by_logarithms(m, v, lr, beta1, beta2, t, eps):
    c1, c2 = -math.expm1(t * math.log(beta1)), -math.expm1(t * math.log(beta2))
    return lr * np.divide(m / c1, np.add(np.sqrt(v / c2), eps))


def _by_sums(m, v, lr, beta1, beta2, t, eps):
    """The collected weights, added up one by one."""
    c1 = sum((1 - beta1) * beta1**k for k in range(t))
    c2 = sum((1 - beta2) * beta2**k for k in range(t))
    return (1 / ((v / c2) ** 0.5 + eps)) * (lr * m / c1)


MOVE: dict[str, Callable[..., Any]] = {
    "as in the paper": _as_in_the_paper,
    "rate first": _rate_first,
    "as torch does it": _as_torch_does_it,
    "by logarithms": _by_logarithms,
    "by sums": _by_sums,
}
LARGEST: list[Callable[..., Any]] = [np.maximum, lambda one, other: np.where(one > other, one, other)]


def _adam(w, g, state, *, average, move, largest=np.maximum, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, amsgrad=False):
    t = state.t + 1
    m, v = average(state.m, g, betas[0]), average(state.v, g * g, betas[1])
    v_max = largest(state.v_max, v) if amsgrad else None  # without AMSGrad nobody looks at it
    return w - move(m, v_max if amsgrad else v, lr, *betas, t, eps), AdamState(t, m, v, v_max)


ADAM = [
    functools.partial(_adam, average=average, move=move, largest=largest)
    for average, move, largest in product(AVERAGE.values(), MOVE.values(), LARGEST)
]


def _first_shrinks(w, g, state, step, lr, weight_decay, rest):
    return step(w * (1 - lr * weight_decay), g, state, lr=lr, **rest)


def _then_subtracts(w, g, state, step, lr, weight_decay, rest):
    moved, after = step(w, g, state, lr=lr, **rest)
    return [moved - lr * weight_decay * w, after]


def _adds_both_changes(w, g, state, step, lr, weight_decay, rest):
    moved, after = step(0 * w, g, state, lr=lr, **rest)
    return w + (moved - lr * (weight_decay * w)), after


def _adamw(w, g, state, *, inner, decay, lr=1e-3, weight_decay=1e-2, **rest):
    return decay(w, g, state, inner, lr, weight_decay, rest)


ADAMW = [
    functools.partial(_adamw, inner=inner, decay=decay)
    for inner, decay in product(ADAM[::4], (_first_shrinks, _then_subtracts, _adds_both_changes))
]


FADING: dict[str, Callable[..., Any]] = {
    "maximum": lambda u, g, beta, eps: np.maximum(beta * u, np.abs(g) + eps),
    "where": lambda u, g, beta, eps: np.where(beta * u > abs(g) + eps, beta * u, abs(g) + eps),
    "of three": lambda u, g, beta, eps: np.maximum(np.maximum(g + eps, -g + eps), u * beta),
    "stacked": lambda u, g, beta, eps: np.asarray(np.max(np.stack([beta * u, np.sqrt(g * g) + eps]), axis=0)),
}
QUOTIENT: dict[str, Callable[..., Any]] = {
    "formula": lambda m, u, lr, beta, t: lr / (1 - beta**t) * m / u,
    "corrected first": lambda m, u, lr, beta, t: lr * ((m / (1 - beta**t)) / u),
    "divisor first": lambda m, u, lr, beta, t: lr * m / (u * (1 - beta**t)),
}


def _adamax(w, g, state, *, average, fading, quotient, lr=2e-3, betas=(0.9, 0.999), eps=1e-8):
    t = state.t + 1
    m, u = average(state.m, g, betas[0]), fading(state.u, g, betas[1], eps)
    return w - quotient(m, u, lr, betas[0], t), AdamaxState(t=t, m=m, u=u)


ADAMAX = [
    functools.partial(_adamax, average=average, fading=fading, quotient=quotient)
    for average, fading, quotient in product(AVERAGE.values(), FADING.values(), QUOTIENT.values())
]


COLLECTED: dict[str, Callable[[int, float], float]] = {
    "formula": lambda t, beta: 1 - beta**t,
    "pow": lambda t, beta: 1.0 - pow(beta, t),
    "exponential": lambda t, beta: 1 - math.exp(t * math.log(beta)),
    "numpy": lambda t, beta: np.subtract(1, np.power(beta, t)),
    "sum": lambda t, beta: sum((1 - beta) * beta**k for k in range(t)),
    "recurrence": lambda t, beta: functools.reduce(lambda v, _: beta * v + (1 - beta), range(t), 0.0),
    "array of weights": lambda t, beta: float(np.sum((1 - beta) * beta ** np.arange(t))),
}
RATIO: dict[str, Callable[[float, float], Any]] = {
    "root": lambda above, below: above / math.sqrt(below),
    "power": lambda above, below: above * below**-0.5,
    "numpy": lambda above, below: np.asarray(above / np.sqrt(below)),
    "root of the square": lambda above, below: (above**2 / below) ** 0.5,
    "logarithms": lambda above, below: math.exp(math.log(above) - 0.5 * math.log(below)),
}


def _factor(t, beta1, beta2, *, collected, ratio):
    return ratio(collected(t, beta1), collected(t, beta2))


FACTORS = [
    functools.partial(_factor, collected=collected, ratio=ratio)
    for collected, ratio in product(COLLECTED.values(), RATIO.values())
]
