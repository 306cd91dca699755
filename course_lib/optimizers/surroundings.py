"""What torch adds to every optimizer alike, composed around a step for one parameter.

In torch's order: ``maximize`` flips the gradient, *then* weight decay comes in, so that it shrinks weights while
maximizing too. Complex weights are pairs of independent reals. All of it is arithmetic that no single paper owns, kept
here so that the steps need not carry it.
"""

from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from course_lib.arrays import Array, array_namespace, as_pairs, from_pairs, is_array
from course_lib.optimizers.sparse_grad import SparseGrad

Step = Callable[..., tuple[Array, Any]]


def surround(step: Step, settings_around: Collection[str], *, dense: bool = True) -> Step:
    """``step`` for one parameter of any float or complex dtype, with torch's common settings around it.

    Parameters
    ----------
    step : callable
        ``step(w, g, state, **settings) -> (w, state)``, in the step contract.
    settings_around : names
        Which of ``maximize``, ``weight_decay`` and ``decoupled_weight_decay`` are taken here. The others, and all else,
        go to ``step`` (AdamW has a ``weight_decay`` of its own).
    dense : bool
        Whether ``step`` takes whole gradients, so that a ``SparseGrad`` is spread out for it.
    """

    def surrounded(w: Array, g: Any, state: Any, **settings: Any) -> tuple[Array, Any]:
        around = {name: settings.pop(name) for name in settings_around if name in settings}
        if isinstance(g, SparseGrad):
            g = _sparse(g, around, dense=dense)
        with np.errstate(all="ignore"):  # overflow goes to inf in silence, as torch has it
            real_w, real_g = _regarded(in_pairs(w), in_pairs(g), lr=settings.get("lr", 1.0), **around)
            moved, state = step(real_w, real_g, state, **settings)
            return _like(w, moved), state

    return surrounded


def _regarded(
    w: Array,
    g: Any,
    *,
    lr: float,
    maximize: bool = False,
    weight_decay: float = 0.0,
    decoupled_weight_decay: bool = False,
) -> tuple[Array, Any]:
    """The weights and the gradient that the step gets to see."""
    if maximize:
        g = -g
    if weight_decay and decoupled_weight_decay:
        return (1 - lr * weight_decay) * w, g
    if weight_decay:
        g = g + weight_decay * w
    return w, g


def _sparse(g: SparseGrad, around: dict[str, Any], *, dense: bool) -> Any:
    if around.get("weight_decay"):
        raise ValueError("weight_decay goes with no SparseGrad: it would move the rows that have no gradient")
    return g.to_dense() if dense else g


def in_pairs(x: Any) -> Any:
    """What a rule sees of weights or a gradient: pairs of reals where they are complex, else themselves."""
    return as_pairs(x) if is_array(x) and is_complex(x) else x


def is_complex(w: Array) -> bool:
    """Whether ``w`` holds complex numbers."""
    return bool(array_namespace(w).isdtype(w.dtype, "complex floating"))


def _like(w: Array, moved: Array) -> Array:
    """``moved`` in the form of ``w``: complex again, and an array where NumPy's arithmetic made a scalar of it."""
    return from_pairs(moved, w.dtype) if is_complex(w) else array_namespace(w).asarray(moved)
