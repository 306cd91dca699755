"""``gd_step``, right in many ways: what a check must never refuse."""

import functools
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from course_lib.optimizers import GDState

RIGHT: list[Callable[..., Any]] = []


def right(function: Any) -> Any:
    RIGHT.append(function)
    return function


@right
def formula(w, g, state, *, lr=1e-3):
    return w - lr * g, GDState(state.t + 1)


@right
def positional_lr(w, g, state, lr=0.001):
    return w - g * lr, GDState(t=state.t + 1)


@right
def adds_the_negative(w, g, state, *, lr=1e-3):
    return w + (-lr) * g, GDState(1 + state.t)


@right
def direction_first(w, g, state, *, lr):
    direction = -g
    return w + lr * direction, GDState(state.t + 1)


@right
def minus_the_difference(w, g, state, *, lr=1e-3):
    return -(lr * g - w), GDState(state.t + 1)


@right
def a_list_for_the_pair(w, g, state, *, lr=1e-3):
    return [w - lr * g, GDState(state.t + 1)]


@right
def replaces(w, g, state, *, lr=1e-3):
    return w - lr * g, state._replace(t=state.t + 1)


@right
def plain_tuple_state(w, g, state, *, lr=1e-3):
    (t,) = state
    return w - lr * g, (t + 1,)


@right
def list_state(w, g, state, *, lr=1e-3):
    return w - lr * g, [state[0] + 1]


@right
def dict_state(w, g, state, *, lr=1e-3):
    t = state["t"] if isinstance(state, dict) else state.t
    return w - lr * g, {"t": t + 1}


@right
def namespace_state(w, g, state, *, lr=1e-3):
    return w - lr * g, SimpleNamespace(t=state.t + 1)


class Counted(NamedTuple):
    note: str
    t: int


@right
def state_with_a_note(w, g, state, *, lr=1e-3):
    return w - lr * g, Counted("mine", state.t + 1)


@dataclass
class Remembered:
    t: int


@right
def dataclass_state(w, g, state, *, lr=1e-3):
    return w - lr * g, Remembered(state.t + 1)


@right
def numpy_counter(w, g, state, *, lr=1e-3):
    return w - lr * g, GDState(np.int64(state.t) + np.int64(1))


@right
def array_counter(w, g, state, *, lr=1e-3):
    return w - lr * g, GDState(np.array(state.t + 1))


@right
def float_counter(w, g, state, *, lr=1e-3):
    return w - lr * g, GDState(state.t + 1.0)


@right
def in_place_on_a_copy(w, g, state, *, lr=1e-3):
    w = w.copy()
    w -= lr * g
    return w, GDState(state.t + 1)


@right
def fills_a_new_array(w, g, state, *, lr=1e-3):
    new = np.empty_like(w)
    new[...] = w - lr * g
    return new, GDState(state.t + 1)


@right
def out_argument(w, g, state, *, lr=1e-3):
    new = np.multiply(g, lr, out=np.zeros_like(w))
    np.subtract(w, new, out=new)
    return new, GDState(state.t + 1)


@right
def numpy_functions(w, g, state, *, lr=1e-3):
    return np.subtract(w, np.multiply(lr, g)), GDState(state.t + 1)


@right
def lr_in_the_dtype_of_w(w, g, state, *, lr=1e-3):
    return w - w.dtype.type(lr) * g, GDState(state.t + 1)


@right
def element_by_element(w, g, state, *, lr=1e-3):
    new = w.copy()
    for index in np.ndindex(w.shape):
        new[index] = w[index] - lr * g[index]
    return new, GDState(state.t + 1)


@right
def flat_lists(w, g, state, *, lr=1e-3):
    new = [a - lr * b for a, b in zip(w.ravel().tolist(), g.ravel().tolist(), strict=True)]
    return np.array(new, dtype=w.dtype).reshape(w.shape), GDState(state.t + 1)


@right
def vectorized(w, g, state, *, lr=1e-3):
    step = np.vectorize(lambda a, b: a - lr * b, otypes=[w.dtype])
    return step(w, g), GDState(state.t + 1)


@right
def half_of_twice(w, g, state, *, lr=1e-3):
    return ((w - 2 * lr * g) + w) / 2, GDState(state.t + 1)


@right
def two_half_steps(w, g, state, *, lr=1e-3):
    for _ in range(2):
        w = w - lr / 2 * g
    return w, GDState(state.t + 1)


@right
def by_division(w, g, state, *, lr=1e-3):
    return w - g / (1 / lr), GDState(state.t + 1)


@right
def einsum(w, g, state, *, lr=1e-3):
    return w - np.einsum("...,->...", g, w.dtype.type(lr)), GDState(state.t + 1)


@right
def upcasts_and_comes_back(w, g, state, *, lr=1e-3):
    wide = w.astype(np.longdouble) - lr * g.astype(np.longdouble)
    return wide.astype(w.dtype), GDState(state.t + 1)


@right
def fortran_order(w, g, state, *, lr=1e-3):
    return np.asarray(w - lr * g, order="F"), GDState(state.t + 1)


@right
def read_only(w, g, state, *, lr=1e-3):
    new = np.array(w - lr * g)
    new.flags.writeable = False
    return new, GDState(state.t + 1)


@right
def prints_and_warns(w, g, state, *, lr=1e-3):
    print("step", state.t)
    warnings.warn("look at me", stacklevel=1)
    return w - lr * g, GDState(state.t + 1)


@right
def any_settings(*arguments, **settings):
    w, g, state = arguments
    return w - settings["lr"] * g, GDState(state.t + 1)


def _walk(w, g, state, lr, sign):
    return w + sign * lr * g, GDState(state.t + 1)


@right
def with_a_helper(w, g, state, *, lr=1e-3):
    return _walk(w, g, state, lr, -1)


class Step:
    def __call__(self, w, g, state, *, lr=1e-3):
        return w - lr * g, GDState(state.t + 1)


right(Step())
right(functools.partial(_walk, sign=-1))
right(lambda w, g, state, lr=1e-3: (w - lr * g, GDState(state.t + 1)))
