"""LBFGS and its parts, right in many ways: ways to multiply, to go through the pairs, to forget, to step."""

import functools
import itertools
import math
from collections import deque
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np

from course_lib.optimizers import LBFGSState

DOT: dict[str, Callable[..., Any]] = {
    "sum": lambda a, b: (a * b).sum(),
    "vdot": np.vdot,
    "rows": lambda a, b: np.ravel(a) @ np.ravel(b),
    "tensordot": lambda a, b: np.tensordot(a, b, axes=np.ndim(a)),
    "exactly": lambda a, b: math.fsum((np.asarray(a, float) * b).ravel().tolist()),
}


def _as_in_the_book(g, s, y, dot):
    """Nocedal & Wright, Algorithm 7.4, with rho."""
    rho = [1 / dot(b, a) for a, b in zip(s, y, strict=True)]
    q, alpha = g, [0.0] * len(s)
    for i in reversed(range(len(s))):
        alpha[i] = rho[i] * dot(s[i], q)
        q = q - alpha[i] * y[i]
    r = dot(s[-1], y[-1]) / dot(y[-1], y[-1]) * q if s else q
    for i in range(len(s)):
        r = r + s[i] * (alpha[i] - rho[i] * dot(y[i], r))
    return r


def _stack_of_alphas(g, s, y, dot):
    q, stack = np.array(g), []
    for a, b in zip(s[::-1], y[::-1], strict=True):
        stack.append(dot(a, q) / dot(a, b))
        q = q - stack[-1] * b
    if len(y):
        q = q * (dot(y[-1], s[-1]) / dot(y[-1], y[-1]))
    for a, b in zip(s, y, strict=True):
        q = q + stack.pop() * a - dot(b, q) / dot(a, b) * a
    return q


def _recursively(g, s, y, dot):
    """H of all pairs by H of all but the newest: V'HV + ss'/y·s."""
    if not s:
        return g

    def product_with(v, k):
        if k == 0:
            return v * (dot(s[-1], y[-1]) / dot(y[-1], y[-1]))
        a, b = s[k - 1], y[k - 1]
        share = dot(a, v) / dot(a, b)
        inner = product_with(v - share * b, k - 1)
        return inner - dot(b, inner) / dot(a, b) * a + share * a

    return product_with(g, len(s))


def _by_matrix(g, s, y, dot):
    """The BFGS update of the inverse, written out in full."""
    n = int(np.size(g))
    H = np.eye(n, dtype=g.dtype)  # noqa: N806 (the paper's name)
    if len(s):
        H = H * np.asarray(dot(s[-1], y[-1]) / dot(y[-1], y[-1]), g.dtype)  # noqa: N806
    for a, b in zip(s, y, strict=True):
        column, rho = a.reshape(n, 1), np.asarray(1 / dot(a, b), g.dtype)
        V = np.eye(n, dtype=g.dtype) - rho * b.reshape(n, 1) @ column.T  # noqa: N806
        H = V.T @ H @ V + rho * column @ column.T  # noqa: N806
    return (H @ g.reshape(n)).reshape(g.shape)


def _torch_style(g, s, y, dot):
    """As torch has it: with the minus inside, taken out again at the end."""
    d, al, ro = -g, [None] * len(s), [1.0 / dot(b, a) for a, b in zip(s, y, strict=True)]
    for i in range(len(s) - 1, -1, -1):
        al[i] = dot(s[i], d) * ro[i]
        d = d + y[i] * -al[i]
    d = d * (1.0 / (ro[-1] * dot(y[-1], y[-1])) if s else 1)
    for i in range(len(s)):
        d = d + s[i] * (al[i] - dot(y[i], d) * ro[i])
    return -d


def _in_place_on_copies(g, s, y, dot):
    r, alphas = np.array(g), {}
    for i, (a, b) in reversed(list(enumerate(zip(s, y, strict=True)))):
        alphas[i] = dot(a, r) / dot(b, a)
        r -= alphas[i] * b
    for k, b in enumerate(y[-1:]):
        r *= dot(b, s[-1 - k]) / dot(b, b)
    for i, (a, b) in enumerate(zip(s, y, strict=True)):
        r += (alphas[i] - dot(b, r) / dot(b, a)) * a
    return r


RECURSION: list[Callable[..., Any]] = [
    _as_in_the_book,
    _stack_of_alphas,
    _recursively,
    _by_matrix,
    _torch_style,
    _in_place_on_copies,
]
PRODUCTS = [functools.partial(way, dot=dot) for way, dot in product(RECURSION, DOT.values())]

ENOUGH: list[Callable[..., bool]] = [
    lambda move, change: np.sum(move * change) > 1e-10,
    lambda move, change: not change @ move <= 1e-10,
    lambda move, change: max(np.dot(move, change), 1e-10) != 1e-10,
    lambda move, change: sum(a * b for a, b in zip(move, change, strict=True)) - 1e-10 > 0,
    lambda move, change: np.all(np.vdot(change, move) > 1e-10),
]


def _by_slices(s, y, move, change, history_size, enough):
    if enough(move, change):
        s, y = [*s, move][-history_size:], [*y, change][-history_size:]
    return s, y


def _by_popping(s, y, move, change, history_size, enough):
    """As torch does it, on copies."""
    s, y = list(s), list(y)
    if enough(move, change):
        if len(s) == history_size:
            s.pop(0)
            y.pop(0)
        s.append(move)
        y.append(change)
    return s, y


def _by_deques(s, y, move, change, history_size, enough):
    if not enough(move, change):
        return tuple(s), tuple(y)
    return deque([*s, move], maxlen=history_size), deque([*y, change], maxlen=history_size)


def _by_pairs(s, y, move, change, history_size, enough):
    pairs = list(zip(s, y, strict=True)) + [(move, change)] * bool(enough(move, change))
    pairs = pairs[max(0, len(pairs) - history_size) :]
    return [a for a, _ in pairs], [b for _, b in pairs]


def _early_return(s, y, move, change, history_size, enough):
    if not enough(move, change):
        return [s, y]
    keep = len(s) - max(0, len(s) + 1 - history_size)
    return [*s[len(s) - keep :], move], [*y[len(y) - keep :], change]


def _by_arrays(s, y, move, change, history_size, enough):
    """One array of three axes."""
    old = np.reshape(np.array([s, y], move.dtype), (2, len(s), *np.shape(move)))
    new = np.stack([move, change])[:, None]
    both = np.concatenate([old, new], axis=1)[:, -history_size:] if enough(move, change) else old
    return (list(both[0]), list(both[1]))


MEMORY: list[Callable[..., Any]] = [_by_slices, _by_popping, _by_deques, _by_pairs, _early_return, _by_arrays]
MEMORIES = [functools.partial(way, enough=enough) for way, enough in product(MEMORY, ENOUGH)]

PROMISED: list[Callable[..., Any]] = [
    lambda slope0, t, c1: c1 * t * slope0,
    lambda slope0, t, c1: slope0 * (t * c1),
    lambda slope0, t, c1: -c1 * t * abs(slope0),
    lambda slope0, t, c1: np.prod([c1, t, slope0]),
    lambda slope0, t, c1: c1 * np.float64(slope0) / (1 / t),
    lambda slope0, t, c1: -math.exp(math.log(c1) + math.log(t) + math.log(-slope0)),
]
BELOW: list[Callable[..., Any]] = [
    lambda f0, f, promised: f <= f0 + promised,
    lambda f0, f, promised: f0 - f >= -promised,
    lambda f0, f, promised: not f > f0 + promised,
    lambda f0, f, promised: (f - f0) / promised >= 1,
    lambda f0, f, promised: bool(np.less_equal(f - f0, promised)),
    lambda f0, f, promised: int(f - promised <= f0),
]


def _decreased(f0, slope0, t, f, c1=1e-4, *, promised, below):
    return below(f0, f, promised(slope0, t, c1))


DECREASES = [functools.partial(_decreased, promised=p, below=b) for p, b in product(PROMISED, BELOW)]

STEEPEST: list[Callable[..., Any]] = [
    lambda slope0, c2: c2 * abs(slope0),
    lambda slope0, c2: -c2 * slope0,
    lambda slope0, c2: np.abs(c2 * slope0),
    lambda slope0, c2: max(c2 * slope0, -c2 * slope0),
    lambda slope0, c2: math.hypot(c2 * slope0),
]
FLATTER: list[Callable[..., Any]] = [
    lambda slope, most: abs(slope) <= most,
    lambda slope, most: -most <= slope <= most,
    lambda slope, most: np.abs(slope) <= most,
    lambda slope, most: slope**2 <= most**2,
    lambda slope, most: not (slope > most or slope < -most),
    lambda slope, most: abs(slope) / most <= 1,
    lambda slope, most: bool(np.clip(slope, -most, most) == slope),
]


def _flattened(slope0, slope, c2=0.9, *, steepest, flatter):
    return flatter(slope, steepest(slope0, c2))


CURVATURES = [functools.partial(_flattened, steepest=s, flatter=f) for s, f in product(STEEPEST, FLATTER)]


FIRST: list[Callable[..., float]] = [
    lambda g: min(1.0, 1 / float(abs(g).sum())),
    lambda g: 1 / max(1.0, float(np.abs(g).sum())),
    lambda g: 1.0 if (size := sum(abs(x) for x in g.ravel().tolist())) <= 1 else 1 / size,
    lambda g: float(np.minimum(1, 1 / np.linalg.norm(g.ravel(), 1))),
    lambda g: float(np.clip(1 / np.sum(abs(g)), 0, 1)),
]


def _by_parts(w, closure, state, lr, history_size, recursion, memory, first):
    _, g = closure(w)
    s, y = state.s, state.y
    if state.t > 0:
        s, y = memory(s, y, state.move, g - state.g, history_size)
    direction = -recursion(g, s, y)
    move = (lr if state.t else lr * first(g)) * direction
    return w + move, LBFGSState(state.t + 1, state.evals + 1, s, y, move, g)


def _move_from_points(w, closure, state, lr, history_size, recursion, memory, first):
    g = closure(w)[1]
    s, y = memory([*state.s], [*state.y], state.move, g - state.g, history_size) if state.t else ([], [])
    rate = lr * first(g) if state.t == 0 else lr
    new = w - rate * recursion(g, s, y)
    return [new, state._replace(t=state.t + 1, evals=1 + state.evals, s=s, y=y, move=new - w, g=g)]


def _on_one_row(w, closure, state, lr, history_size, recursion, memory, first):
    """Flattened for the arithmetic, and in the weights' shape again at the end."""
    _, g = closure(w.reshape(w.shape))
    row = g.reshape(-1)
    s, y = [a.reshape(-1) for a in state.s], [a.reshape(-1) for a in state.y]
    if state.move is not None:
        s, y = memory(s, y, state.move.reshape(-1), (g - state.g).reshape(-1), history_size)
    move = (-lr * (1 if state.t else first(g)) * recursion(row, s, y)).reshape(w.shape)
    s, y = ([a.reshape(w.shape) for a in pairs] for pairs in (s, y))
    return w + move, LBFGSState(state.t + 1, state.evals + 1, s, y, move, g)


STEP: list[Callable[..., Any]] = [_by_parts, _move_from_points, _on_one_row]


def _any_shape(move, change):
    return (move * change).sum() > 1e-10


def _step(w, closure, state, *, lr=1.0, history_size=100, step, parts, first):
    recursion, memory = parts
    w, after = step(w, closure, state, lr, history_size, recursion, functools.partial(memory, enough=_any_shape), first)
    return w, after


_PARTS = list(zip(PRODUCTS[::5], MEMORY, strict=True)) + list(zip(PRODUCTS[2::5], MEMORY[::-1], strict=True))
STEPS = [
    functools.partial(_step, step=step, parts=parts, first=first)
    for (step, parts), first in zip(product(STEP, _PARTS), itertools.cycle(FIRST), strict=False)
]
