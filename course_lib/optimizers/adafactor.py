r"""Adafactor: Adam's division from a row and a column of sums, for matrices too large to keep a second copy of.

Shazeer, N., Stern, M. (2018), "Adafactor: adaptive learning rates with sublinear memory cost", ICML, Algorithm 4, its
counterpart for vectors, and the settings proposed with them. Torch differs: where the paper adds :math:`\epsilon_1`
to the squared gradient, it bounds the estimate from below; and the cap on lr, 0.01 in the paper, is ``lr``.
"""

import math
from typing import NamedTuple

from course_lib.arrays import Array, array_namespace


class AdafactorState(NamedTuple):
    """``t`` counts the steps taken; the means of squared gradients start at zero.

    Weights with two or more axes keep ``row``, shape ``(..., n, 1)``, and ``col``, shape ``(..., 1, m)`` (torch's
    ``row_var`` and ``col_var``); others keep ``v`` in full (``variance``). What is not kept is None.
    """

    t: int
    row: Array
    col: Array
    v: Array


def adafactor_init(w: Array) -> AdafactorState:
    """State before the first step."""
    zeros = array_namespace(w).zeros_like(w)
    if w.ndim < 2:
        return AdafactorState(t=0, row=None, col=None, v=zeros)
    return AdafactorState(t=0, row=zeros[..., :1], col=zeros[..., :1, :], v=None)


def root_mean_square(x: Array) -> Array:
    """The size of a typical entry of ``x``, of shape ``()``."""
    xp = array_namespace(x)
    return xp.sqrt(xp.mean(x**2))


def adafactor_step(
    w: Array,
    g: Array,
    state: AdafactorState,
    *,
    lr: float = 1e-2,
    beta2_decay: float = -0.8,
    eps: tuple[float | None, float] = (None, 1e-3),
    d: float = 1.0,
    weight_decay: float = 0.0,
) -> tuple[Array, AdafactorState]:
    r"""One step in proportion to the weights' own size, divided by a factored mean square.

    .. math::
        \gamma_t &= t^{\,c} \\
        R_t &= (1 - \gamma_t) R_{t-1} + \gamma_t \operatorname{mean}_{\text{columns}} g_t^2 \\
        C_t &= (1 - \gamma_t) C_{t-1} + \gamma_t \operatorname{mean}_{\text{rows}} g_t^2 \\
        v_t &= R_t C_t / \max(\operatorname{mean} R_t,\, \epsilon_1) \\
        u_t &= g_t / \sqrt{\max(v_t, \epsilon_1^2)} \\
        \hat u_t &= u_t / \max(1, \operatorname{RMS}(u_t) / d) \\
        \alpha_t &= \max(\epsilon_2, \operatorname{RMS}(w_{t-1}))\, \min(\eta, 1/\sqrt t) \\
        w_t &= (1 - \eta\lambda)\, w_{t-1} - \alpha_t\, \hat u_t

    Parameters
    ----------
    w, g, state
        As in every step: see ``course_lib.optimizers``. ``w`` is not empty. Of more than two axes the last two are
        factored.
    lr : float
        :math:`\eta`, relative to the weights' size.
    beta2_decay : float
        :math:`c`, at most 0: the mean square forgets more slowly as t grows.
    eps : two floats, the first or None
        :math:`\epsilon_1` (None: the dtype's machine epsilon) and :math:`\epsilon_2`, the least size of the weights.
    d : float
        The size at which an update is clipped, at least 1.
    weight_decay : float
        :math:`\lambda`, decoupled, in proportion to the plain lr.

    Examples
    --------
    >>> import numpy as np
    >>> w, g = np.ones((2, 3)), np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]])
    >>> w, state = adafactor_step(w, g, adafactor_init(w))
    >>> print(w.round(6), state.row.shape, state.col.shape)
    [[0.99 0.99 0.99]
     [0.99 0.99 0.99]] (2, 1) (1, 3)
    """
    xp = array_namespace(w)
    t = state.t + 1
    eps1 = xp.finfo(w.dtype).eps if eps[0] is None else eps[0]
    size = xp.clip(root_mean_square(w), min=eps[1])
    alpha = size * min(lr, 1 / math.sqrt(t))
    state = _averaged(state, g, t**beta2_decay)
    v = state.v if state.row is None else _product(state.row, state.col, eps1)
    u = g / xp.sqrt(xp.clip(v, min=eps1**2))
    clipped = u / xp.clip(root_mean_square(u) / d, min=1.0)
    return (1 - lr * weight_decay) * w - alpha * clipped, state


def _averaged(state: AdafactorState, g: Array, share: float) -> AdafactorState:
    """The means with ``share`` of the new gradient's square in them."""
    xp = array_namespace(g)
    t = state.t + 1
    if state.v is not None:
        return AdafactorState(t, None, None, (1 - share) * state.v + share * g**2)
    row = (1 - share) * state.row + share * xp.mean(g**2, axis=-1, keepdims=True)
    col = (1 - share) * state.col + share * xp.mean(g**2, axis=-2, keepdims=True)
    return AdafactorState(t, row, col, None)


def _product(row: Array, col: Array, eps1: float) -> Array:
    """The matrix of mean squares whose rows and columns have these means."""
    xp = array_namespace(row)
    return row * col / xp.clip(xp.mean(row, axis=-2, keepdims=True), min=eps1)
