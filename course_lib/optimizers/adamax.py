"""Adamax: Adam with the largest recent gradient in place of the root of the mean square.

Kingma, D. P., Ba, J. (2015), "Adam: a method for stochastic optimization", ICLR, section 7.1, Algorithm 2. The paper
has no eps; torch adds it to the gradient's size inside the maximum.
"""

from typing import NamedTuple

from course_lib.arrays import Array, array_namespace


class AdamaxState(NamedTuple):
    """``t`` counts the steps taken; the arrays have the weights' shape and start at zero.

    ``m`` is the running mean of the gradient (torch's ``exp_avg``), ``u`` its fading maximum (``exp_inf``).
    """

    t: int
    m: Array
    u: Array


def adamax_init(w: Array) -> AdamaxState:
    """State before the first step."""
    zeros = array_namespace(w).zeros_like(w)
    return AdamaxState(t=0, m=zeros, u=zeros)


def adamax_step(
    w: Array,
    g: Array,
    state: AdamaxState,
    *,
    lr: float = 2e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
) -> tuple[Array, AdamaxState]:
    r"""One step along the mean gradient, divided by the largest gradient not yet faded.

    .. math::
        m_t &= \beta_1 m_{t-1} + (1 - \beta_1)\, g_t \\
        u_t &= \max(\beta_2 u_{t-1},\, |g_t| + \epsilon) \\
        w_t &= w_{t-1} - \frac{\eta}{1 - \beta_1^t}\, \frac{m_t}{u_t}

    Parameters
    ----------
    w, g, state
        As in every step: see ``course_lib.optimizers``.
    lr : float
        :math:`\eta`.
    betas : two floats
        :math:`\beta_1, \beta_2`. Only the mean starts with a bias, so only it is corrected.
    eps : float
        :math:`\epsilon`, which keeps :math:`u` from 0.

    Examples
    --------
    >>> import numpy as np
    >>> w = np.array([1.0])
    >>> w, state = adamax_step(w, np.array([4.0]), adamax_init(w), lr=0.1)
    >>> print(w.round(6), state.u.round(6))
    [0.9] [4.]
    """
    xp = array_namespace(w)
    beta1, beta2 = betas
    t = state.t + 1
    m = beta1 * state.m + (1 - beta1) * g
    u = xp.maximum(beta2 * state.u, xp.abs(g) + eps)
    return w - lr / (1 - beta1**t) * m / u, AdamaxState(t, m, u)
