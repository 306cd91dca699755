"""Weights and gradients that no step can be taken with, refused in the caller's terms."""

from typing import Any

from course_lib.arrays import array_namespace, is_array
from course_lib.optimizers.sparse_grad import SparseGrad
from course_lib.optimizers.surroundings import is_complex


def check_weights(w: Any, *, takes_complex: bool = True) -> None:
    """Refuse weights that are not an array of floats (or of complex numbers, where the rule takes them)."""
    if not is_array(w):
        raise TypeError(f"w must be a NumPy array or torch tensor of floats (or a list of them); it is {w!r}")
    if is_complex(w) and not takes_complex:
        raise TypeError(f"this optimizer takes no complex weights, as in torch; w is {w.dtype}")
    if not is_complex(w) and not array_namespace(w).isdtype(w.dtype, "real floating"):
        raise TypeError(f"w must hold floats, since a step moves it by fractions; it is {w.dtype}")


def check_gradient(w: Any, g: Any, *, takes: str = "dense") -> None:
    """Refuse a gradient that is not of the weights' shape and dtype, or of a kind that the rule does not take.

    ``takes`` is ``"dense"``, ``"sparse"`` (a ``SparseGrad``) or ``"either"``.
    """
    values = g.values if isinstance(g, SparseGrad) else g
    if isinstance(g, SparseGrad) and takes == "dense":
        raise TypeError("this optimizer takes no SparseGrad, as in torch; give it g.to_dense()")
    if not isinstance(g, SparseGrad) and takes == "sparse":
        raise TypeError(f"this optimizer takes a SparseGrad (for dense gradients use Adam); the gradient is {g!r}")
    if not is_array(values):
        raise TypeError(f"the gradient must be an array like w, or None for no gradient; it is {g!r}")
    if tuple(g.shape) != tuple(w.shape):
        raise ValueError(f"w has shape {tuple(w.shape)} and its gradient {tuple(g.shape)}; they must be the same")
    if values.dtype != w.dtype:
        raise TypeError(f"w is {w.dtype} and its gradient {values.dtype}; they must be the same")
