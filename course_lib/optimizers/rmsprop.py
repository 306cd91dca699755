"""RMSprop: Adagrad with a memory that fades.

Hinton, G., Srivastava, N., Swersky, K. (2012), "Neural networks for machine learning", lecture 6e, slide 29; centered
and with momentum: Graves, A. (2013), "Generating sequences with recurrent neural networks", arXiv:1308.0850,
eqs. (38)-(41). Torch differs from Graves: its eps stands outside the root.
"""

from typing import NamedTuple

from course_lib.arrays import Array, array_namespace


class RMSpropState(NamedTuple):
    """``t`` counts the steps taken; the arrays have the weights' shape and start at zero.

    ``v`` is the running mean of squared gradients (torch's ``square_avg``); ``m`` the running mean of gradients
    (``grad_avg``), kept only where centered; ``b`` the momentum buffer (``momentum_buffer``).
    """

    t: int
    v: Array
    m: Array
    b: Array


def rmsprop_init(w: Array) -> RMSpropState:
    """State before the first step."""
    zeros = array_namespace(w).zeros_like(w)
    return RMSpropState(t=0, v=zeros, m=zeros, b=zeros)


def rmsprop_step(
    w: Array,
    g: Array,
    state: RMSpropState,
    *,
    lr: float = 1e-2,
    alpha: float = 0.99,
    eps: float = 1e-8,
    momentum: float = 0.0,
    centered: bool = False,
) -> tuple[Array, RMSpropState]:
    r"""One step, divided by the root of the recent mean square.

    .. math::
        v_t &= \alpha\, v_{t-1} + (1 - \alpha)\, g_t^2 \\
        m_t &= \alpha\, m_{t-1} + (1 - \alpha)\, g_t \\
        & \quad \text{or, if not centered, } 0 \\
        b_t &= \mu\, b_{t-1} + \frac{g_t}{\sqrt{v_t - m_t^2} + \epsilon} \\
        w_t &= w_{t-1} - \eta\, b_t

    Parameters
    ----------
    w, g, state
        As in every step: see ``course_lib.optimizers``.
    lr : float
        :math:`\eta`; it multiplies the buffer when the weights move, and is no part of it.
    alpha : float
        :math:`\alpha`, the share of the means that survives a step.
    eps : float
        :math:`\epsilon`, outside the root. TensorFlow and Optax have it inside.
    momentum : float
        :math:`\mu`, the share of the buffer that survives a step.
    centered : bool
        Divide by the spread of the gradients about their mean instead of their size. Where they hardly vary,
        :math:`v - m^2` cancels, down to a negative rest whose root is nan: torch does not clamp it either.

    Examples
    --------
    >>> import numpy as np
    >>> w, g = np.array([1.0, 1.0]), np.array([100.0, 0.01])
    >>> w, state = rmsprop_step(w, g, rmsprop_init(w), lr=0.01)
    >>> print(w.round(6), state.v.round(9))
    [0.9      0.900001] [1.e+02 1.e-06]
    """
    xp = array_namespace(w)
    v = alpha * state.v + (1 - alpha) * g**2
    m = alpha * state.m + (1 - alpha) * g if centered else state.m
    spread = v - m**2 if centered else v
    b = momentum * state.b + g / (xp.sqrt(spread) + eps)
    return w - lr * b, RMSpropState(state.t + 1, v, m, b)
