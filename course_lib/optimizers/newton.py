r"""Newton's method: the step to the minimum of the parabola that fits the loss here.

Nocedal, J., Wright, S. J. (2006), *Numerical Optimization*, 2nd ed., section 2.2; damped as in Levenberg,
K. (1944), "A method for the solution of certain non-linear problems in least squares", Q. Appl. Math. 2(2), 164-168.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

from course_lib.arrays import Array, array_namespace, device


class NewtonState(NamedTuple):
    """Newton's method remembers nothing; ``t`` counts the steps taken."""

    t: int


def newton_init(w: Array) -> NewtonState:
    """State before the first step."""
    return NewtonState(t=0)


def newton_step(
    w: Array,
    g: Array,
    state: NewtonState,
    *,
    hessian: Callable[[Array], Array],
    lr: float = 1.0,
    damping: float = 0.0,
) -> tuple[Array, NewtonState]:
    r"""One step that ends at the minimum at once, if the loss is a bowl of second degree.

    .. math:: w_t = w_{t-1} - \eta\, (\nabla^2 f(w_{t-1}) + \lambda I)^{-1} g_t

    Parameters
    ----------
    w, g, state
        As in every step: see ``course_lib.optimizers``.
    hessian : callable
        ``hessian(w)``, the matrix of second derivatives, shape ``(n, n)`` for ``n`` weights (an objective's ``hess``).
    lr : float
        :math:`\eta`, the share of the way to go.
    damping : float
        :math:`\lambda`. Enough of it makes every direction one of descent; much of it makes the step short, and
        parallel to the gradient.

    Raises
    ------
    numpy.linalg.LinAlgError
        If the damped Hessian is singular (on torch tensors, ``torch.linalg.LinAlgError``).

    Notes
    -----
    Where the Hessian has a negative eigenvalue the undamped step leads *up* that way: it seeks any flat point.

    Examples
    --------
    >>> import numpy as np
    >>> x, hessian = np.array([2.0]), lambda x: np.array([[8.0]])
    >>> x, state = newton_step(x, 8 * x, newton_init(x), hessian=hessian)
    >>> print(x)
    [0.]
    """
    xp = array_namespace(w)
    n = math.prod(w.shape)
    identity = xp.eye(n, dtype=w.dtype, device=device(w))
    curvature = xp.reshape(hessian(w), (n, n)) + damping * identity
    move = xp.linalg.solve(curvature, xp.reshape(g, (n, 1)))
    return w - lr * xp.reshape(move, w.shape), NewtonState(state.t + 1)
