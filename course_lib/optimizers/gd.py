"""Gradient descent, the rule that all the others change.

Cauchy, A. (1847), "Méthode générale pour la résolution des systèmes d'équations simultanées",
Comptes rendus 25, 536-538.
"""

from typing import NamedTuple

from course_lib.arrays import Array


class GDState(NamedTuple):
    """Gradient descent remembers nothing; ``t`` counts the steps taken."""

    t: int


def gd_init(w: Array) -> GDState:
    """State before the first step."""
    return GDState(t=0)


def gd_step(w: Array, g: Array, state: GDState, *, lr: float = 1e-3) -> tuple[Array, GDState]:
    r"""One step against the gradient.

    .. math:: w_t = w_{t-1} - \eta\, g_t

    Parameters
    ----------
    w : array of floats, any shape
        The weights.
    g : array, shape and dtype of ``w``
        The gradient of the loss at ``w``.
    state : GDState
    lr : float
        The learning rate :math:`\eta`, in units of weight per unit of gradient.

    Returns
    -------
    w, state
        New weights (shape, dtype and device of the old) and new state. The inputs are not changed.

    Notes
    -----
    Nothing is validated here; ``course_lib.descent.minimize`` and ``from_torch`` are where wrong arguments are refused.

    Examples
    --------
    On :math:`y = 4x^2` from :math:`x = 2` with ``lr=1`` the step overshoots:

    >>> import numpy as np
    >>> x, state = np.array([2.0]), gd_init(None)
    >>> for _ in range(2):
    ...     x, state = gd_step(x, 8 * x, state, lr=1.0)
    ...     print(x)
    [-14.]
    [98.]
    """
    return w - lr * g, GDState(state.t + 1)
