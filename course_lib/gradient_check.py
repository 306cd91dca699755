"""Checking a gradient: what a loss does when each weight in turn is moved a little.

>>> import numpy as np
>>> slope = central_difference(np.exp, np.array(1.0))
>>> bool(abs(slope - np.e) < 1e-9)
True
"""

from collections.abc import Callable

import numpy as np


def central_difference(f: Callable[[np.ndarray], float], w: np.ndarray, *, h: float = 1e-6) -> np.ndarray:
    r"""The gradient of ``f`` at ``w``, from two values of ``f`` for each weight.

    .. math:: \frac{\partial f}{\partial w_i} \approx \frac{f(w + h e_i) - f(w - h e_i)}{2h}

    Nocedal, J., Wright, S. J. (2006), Numerical Optimization, section 8.1.

    Parameters
    ----------
    f : callable
        Takes an array like ``w``, gives a number.
    w : array of floats, any shape
    h : float
        How far to move. The error is :math:`h^2/6` times the third derivative, and rounding: about the spacing of
        floats near ``f(w)``, over ``h``. In float64 they balance near 1e-5 where value and derivatives are near 1.

    Returns
    -------
    array
        Shape of ``w``.
    """
    basis = np.eye(w.size, dtype=w.dtype).reshape(w.size, *w.shape)
    slopes = [(f(w + h * e) - f(w - h * e)) / (2 * h) for e in basis]
    return np.array(slopes, dtype=w.dtype).reshape(w.shape)
