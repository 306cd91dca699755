"""``sgd_step``, right in many ways: every way to know the first step with every way to write the rest."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np

from course_lib.optimizers import SGDState


def _by_counter(state: Any) -> bool:
    return bool(state.t == 0)


def _by_empty_buffer(state: Any) -> bool:
    return not np.any(state.b)


FIRST = {"counter": _by_counter, "buffer": _by_empty_buffer}

BUFFER: dict[str, Callable[..., Any]] = {
    "formula": lambda b, g, mu, tau, first: g if first else mu * b + (1 - tau) * g,
    "one weight": lambda b, g, mu, tau, first: mu * b + (1.0 if first else 1.0 - tau) * g,
    "weight by arithmetic": lambda b, g, mu, tau, first: mu * b + (1 - tau * (not first)) * g,
    "sum less damped part": lambda b, g, mu, tau, first: mu * b + g - (0 if first else tau) * g,
    "in a loop": lambda b, g, mu, tau, first: _loop(b, g, mu, 1.0 if first else 1 - tau),
}


def _torch_like(b, g, mu, tau, first):
    if first:
        return g.copy()
    b = np.array(b)
    b *= mu
    b += (1 - tau) * g
    return b


BUFFER["as torch does it"] = _torch_like


def _loop(b, g, mu, weight):
    new = np.zeros_like(g)
    for index in np.ndindex(g.shape):
        new[index] = mu * np.asarray(b)[index] + weight * g[index]
    return new


MOVE: dict[str, Callable[..., Any]] = {
    "formula": lambda w, g, b, lr, mu, nesterov: w - lr * (g + mu * b if nesterov else b),
    "two subtractions": lambda w, g, b, lr, mu, nesterov: (w - lr * g) - lr * mu * b if nesterov else w - lr * b,
    "adds": lambda w, g, b, lr, mu, nesterov: w + -lr * np.where(nesterov, g + mu * b, b),
    "in place on a copy": lambda w, g, b, lr, mu, nesterov: _in_place(w, g, b, lr, mu, nesterov),
}


def _in_place(w, g, b, lr, mu, nesterov):
    new = np.array(w)
    new -= lr * (g + mu * b) if nesterov else lr * b
    return new


GIVE_BACK: dict[str, Callable[..., Any]] = {
    "given state": lambda w, t, b: (w, SGDState(t, b)),
    "list and tuple": lambda w, t, b: [w, SGDState(t=t, b=b)],
}


def right_steps() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Each combination with its name."""
    for (f, first), (u, buffer), (m, move), (r, give_back) in product(
        FIRST.items(), BUFFER.items(), MOVE.items(), GIVE_BACK.items()
    ):
        yield f"{f}, {u}, {m}, {r}", _step(first, buffer, move, give_back)


def _step(first: Any, buffer: Any, move: Any, give_back: Any) -> Callable[..., Any]:
    unused = None if buffer is _torch_like else 0.0  # without momentum the buffer may hold anything

    def sgd_step(w, g, state, *, lr=1e-3, momentum=0.0, dampening=0.0, nesterov=False):
        if momentum == 0:
            return give_back(w - lr * g, state.t + 1, unused)
        b = buffer(state.b, g, momentum, dampening, first(state))
        return give_back(move(w, g, b, lr, momentum, nesterov), state.t + 1, b)

    return sgd_step
