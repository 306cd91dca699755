"""The one border between the course's code and array libraries (NumPy, torch), by the array API standard."""

from typing import Any

import numpy as np
from array_api_compat import array_namespace as array_namespace
from array_api_compat import device as device
from array_api_compat import is_array_api_obj, to_device

# An array of whichever library the caller uses. The standard has no common static type; its protocol is the contract.
Array = Any


def is_array(x: object) -> bool:
    """Whether ``x`` is an array (NumPy's 0-d results count, as arrays of shape ``()``)."""
    return bool(is_array_api_obj(x))


def to_numpy(x: Array) -> np.ndarray:
    """``x`` as a NumPy array in the computer's own memory, for recording and drawing; NumPy arrays pass through."""
    return np.asarray(x if isinstance(x, np.ndarray | np.generic) else to_device(x, "cpu"))


def as_pairs(z: Array) -> Array:
    """Complex numbers as pairs of reals: shape ``(..., 2)``, real part first, in the real dtype of ``z``."""
    xp = array_namespace(z)
    return xp.stack([xp.real(z), xp.imag(z)], axis=-1)


def from_pairs(x: Array, dtype: Any) -> Array:
    """Pairs of reals, shape ``(..., 2)``, as the complex numbers of ``dtype`` that they stand for."""
    z = array_namespace(x).empty(x.shape[:-1], dtype=dtype, device=device(x))
    # Written part by part: x + 1j*y would turn an infinite part into nan in the other.
    z.real[...], z.imag[...] = x[..., 0], x[..., 1]
    return z


def sum_rows(count: int, where: Array, rows: Array) -> Array:
    """``count`` rows, with each of ``rows``, shape ``(n, ...)``, added to its place in ``where``, shape ``(n,)``."""
    out = array_namespace(rows).zeros((count, *rows.shape[1:]), dtype=rows.dtype, device=device(rows))
    # The standard has no scatter; each library's own is needed for repeated places.
    if hasattr(out, "index_add"):
        return out.index_add(0, where, rows)
    np.add.at(out, where, rows)
    return out
