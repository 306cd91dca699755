"""Adadelta: steps measured in the units of the weights, so that no learning rate need be found.

Zeiler, M. D. (2012), "ADADELTA: an adaptive learning rate method", arXiv:1212.5701, Algorithm 1.
"""

from typing import NamedTuple

from course_lib.arrays import Array, array_namespace


class AdadeltaState(NamedTuple):
    """``t`` counts the steps taken; the arrays have the weights' shape and start at zero.

    ``v`` is the running mean of squared gradients (torch's ``square_avg``), ``u`` that of squared updates
    (``acc_delta``).
    """

    t: int
    v: Array
    u: Array


def adadelta_init(w: Array) -> AdadeltaState:
    """State before the first step."""
    zeros = array_namespace(w).zeros_like(w)
    return AdadeltaState(t=0, v=zeros, u=zeros)


def adadelta_step(
    w: Array,
    g: Array,
    state: AdadeltaState,
    *,
    lr: float = 1.0,
    rho: float = 0.9,
    eps: float = 1e-6,
) -> tuple[Array, AdadeltaState]:
    r"""One step as long as recent steps were, for the gradient's share of its recent size.

    .. math::
        v_t &= \rho\, v_{t-1} + (1 - \rho)\, g_t^2 \\
        \Delta_t &= \sqrt{\frac{u_{t-1} + \epsilon}{v_t + \epsilon}}\; g_t \\
        u_t &= \rho\, u_{t-1} + (1 - \rho)\, \Delta_t^2 \\
        w_t &= w_{t-1} - \eta\, \Delta_t

    Parameters
    ----------
    w, g, state
        As in every step: see ``course_lib.optimizers``.
    lr : float
        :math:`\eta`, which the paper does not have (1). It scales the move, not what ``u`` remembers of it.
    rho : float
        :math:`\rho`, the share of the means that survives a step.
    eps : float
        :math:`\epsilon`, inside both roots: it sets the length of the first steps, of the order of its root.

    Examples
    --------
    >>> import numpy as np
    >>> w = np.array([1.0])
    >>> w, state = adadelta_step(w, np.array([2.0]), adadelta_init(w))
    >>> print(w.round(6))
    [0.996838]
    """
    xp = array_namespace(w)
    v = rho * state.v + (1 - rho) * g**2
    delta = xp.sqrt(state.u + eps) / xp.sqrt(v + eps) * g
    u = rho * state.u + (1 - rho) * delta**2
    return w - lr * delta, AdadeltaState(state.t + 1, v, u)
