"""What torch adds to every optimizer alike, composed around a step for one parameter.

In torch's order: ``maximize`` flips the gradient, *then* weight decay comes in, so that it shrinks weights while
maximizing too. Complex weights are pairs of independent reals. All of it is arithmetic that no single paper owns, kept
here so that the steps need not carry it.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.arrays import Array, array_namespace, as_pairs, from_pairs, is_array

Step = Callable[..., tuple[Array, Any]]


def surround(step: Step, *, takes_complex: bool = True) -> Step:
    """``step`` with ``maximize`` and ``weight_decay`` as further settings, on checked arrays of any float dtype.

    Parameters
    ----------
    step : callable
        ``step(w, g, state, **settings) -> (w, state)``, in the step contract.
    takes_complex : bool
        Whether complex weights are stepped as pairs of reals, or refused.

    Returns
    -------
    callable
        Takes one array with its gradient and state. A setting that is absent or zero changes nothing.
    """

    def surrounded(
        w: Array, g: Array, state: Any, *, maximize: bool = False, weight_decay: float = 0.0, **settings: Any
    ) -> tuple[Array, Any]:
        check_arrays(w, g, takes_complex=takes_complex)
        if maximize:
            g = -g
        if weight_decay:
            g = g + weight_decay * w
        with np.errstate(all="ignore"):  # overflow goes to inf in silence, as torch has it
            return _in_pairs(step, w, g, state, settings)

    return surrounded


def in_pairs(w: Array) -> Array:
    """What a rule's ``init`` and ``step`` see of ``w``: pairs of reals where it is complex, else ``w`` itself."""
    return as_pairs(w) if _is_complex(w) else w


def _in_pairs(step: Step, w: Array, g: Array, state: Any, settings: dict[str, Any]) -> tuple[Array, Any]:
    moved, state = step(in_pairs(w), in_pairs(g), state, **settings)
    if _is_complex(w):
        return from_pairs(moved, w.dtype), state
    return array_namespace(w).asarray(moved), state  # NumPy's arithmetic turns 0-d arrays into scalars


def check_arrays(w: Array, g: Array, *, takes_complex: bool = True) -> None:
    """Refuse weights and gradients that no step can be taken with, in the caller's terms."""
    check_weights(w, takes_complex=takes_complex)
    if not is_array(g):
        raise TypeError(f"the gradient must be an array like w, or None for no gradient; it is {g!r}")
    if tuple(g.shape) != tuple(w.shape):
        raise ValueError(f"w has shape {tuple(w.shape)} and its gradient {tuple(g.shape)}; they must be the same")
    if g.dtype != w.dtype:
        raise TypeError(f"w is {w.dtype} and its gradient {g.dtype}; they must be the same")


def check_weights(w: Array, *, takes_complex: bool = True) -> None:
    """Refuse weights that are not an array of floats (or of complex numbers, where the rule takes them)."""
    if not is_array(w):
        raise TypeError(f"w must be a NumPy array or torch tensor of floats (or a list of them); it is {w!r}")
    if _is_complex(w) and not takes_complex:
        raise TypeError(f"this optimizer takes no complex weights, as in torch; w is {w.dtype}")
    if not _is_complex(w) and not array_namespace(w).isdtype(w.dtype, "real floating"):
        raise TypeError(f"w must hold floats, since a step moves it by fractions; it is {w.dtype}")


def _is_complex(w: Array) -> bool:
    return bool(array_namespace(w).isdtype(w.dtype, "complex floating"))
