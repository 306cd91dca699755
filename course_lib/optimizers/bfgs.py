r"""BFGS: Newton's step with a matrix learned from the gradients.

Nocedal, J., Wright, S. J. (2006), *Numerical Optimization*, 2nd ed., Algorithm 6.1; found in 1970 by Broyden, Fletcher,
Goldfarb and Shanno, each alone.
"""

import math
from functools import partial
from typing import NamedTuple

from course_lib.arrays import Array, array_namespace, device
from course_lib.line_search import Closure, Probe, dot, probe, strong_wolfe


class BFGSState(NamedTuple):
    """``t`` counts the steps taken, ``evals`` the closure's calls.

    ``H``, shape ``(n, n)`` for ``n`` weights, stands for the inverse of the Hessian: symmetric, positive definite.
    """

    t: int
    evals: int
    H: Array


def bfgs_init(w: Array) -> BFGSState:
    """State before the first step: the identity, with which it goes against the gradient."""
    return BFGSState(t=0, evals=0, H=_identity(w))


def bfgs_step(
    w: Array,
    closure: Closure,
    state: BFGSState,
    *,
    lr: float = 1.0,
    c1: float = 1e-4,
    c2: float = 0.9,
) -> tuple[Array, BFGSState]:
    r"""One step along :math:`-Hg`, as far as the strong Wolfe conditions ask, and a better :math:`H`.

    .. math::
        w_t &= w_{t-1} - \alpha_t H_{t-1} g_{t-1} \\
        H_t &= (I - \rho\, s y^\top)\, H_{t-1}\, (I - \rho\, y s^\top) + \rho\, s s^\top

    with :math:`s = w_t - w_{t-1}`, :math:`y = g_t - g_{t-1}` and :math:`\rho = 1 / y^\top s`, eq. (6.17).

    Parameters
    ----------
    w : array of floats, any shape
        The weights.
    closure : callable
        ``closure(w) -> (loss, grad)`` at any weights of ``w``'s shape.
    state : BFGSState
    lr : float
        The first length to try; the very first step tries :math:`\min(1, 1/\lVert g \rVert_1)` of it.
    c1, c2 : float
        What the two conditions ask: see ``course_lib.line_search``.

    Returns
    -------
    w, state
        New weights and new state. At a flat point both stay as they are, but for the count.

    Notes
    -----
    Before the first update :math:`H` is scaled to :math:`\frac{y^\top s}{y^\top y} I`, eq. (6.20). The strong Wolfe
    conditions ensure :math:`y^\top s > 0`; where the search ends without them, :math:`H` is left as it is.

    Examples
    --------
    >>> import numpy as np
    >>> curvatures = np.array([1.0, 10.0])
    >>> bowl = lambda w: (0.5 * np.sum(curvatures * w**2), curvatures * w)
    >>> w, state = np.array([2.0, 2.0]), bfgs_init(np.zeros(2))
    >>> for _ in range(8):
    ...     w, state = bfgs_step(w, bowl, state)
    >>> print(abs(w).max() < 1e-4, (1 / np.diag(state.H)).round(1))
    True [ 1. 10.]
    """
    xp = array_namespace(w)
    f, g = closure(w)
    d = xp.reshape(-(state.H @ xp.reshape(g, (-1,))), w.shape)
    start = Probe(0.0, float(f), dot(g, d), g)
    if start.slope >= 0:
        return w, state._replace(t=state.t + 1, evals=state.evals + 1)
    t = lr if state.t else lr * min(1.0, 1 / float(xp.sum(xp.abs(g))))
    along = partial(probe, w, closure, d)
    there, calls = strong_wolfe(along, start, t, c1=c1, c2=c2)
    H = updated_inverse(state.H, there.t * d, there.g - g, first=state.t == 0)  # noqa: N806 - the book's symbol
    return w + there.t * d, BFGSState(state.t + 1, state.evals + 1 + calls, H)


def updated_inverse(H: Array, s: Array, y: Array, *, first: bool = False) -> Array:  # noqa: N803 - the book's symbol
    """The inverse Hessian nearest to ``H`` with ``H @ y == s``: Nocedal & Wright (2006), eq. (6.17).

    ``s`` and ``y`` are a move and the gradient's change along it, of one shape. ``first``: scale ``H`` to them before,
    eq. (6.20). Where ``y @ s`` is not positive no such matrix is positive definite, and ``H`` is returned.
    """
    xp = array_namespace(H)
    s, y = xp.reshape(s, (-1, 1)), xp.reshape(y, (-1, 1))
    if not (ys := dot(y, s)) > 0:
        return H
    if first:
        H = ys / dot(y, y) * _identity(s)  # noqa: N806
    written = s @ xp.matrix_transpose(s) / ys
    across = _identity(s) - s @ xp.matrix_transpose(y) / ys
    return across @ H @ xp.matrix_transpose(across) + written


def _identity(w: Array) -> Array:
    return array_namespace(w).eye(math.prod(w.shape), dtype=w.dtype, device=device(w))
