"""Adam: momentum over RMSprop, with the bias of both averages taken out.

Kingma, D. P., Ba, J. (2015), "Adam: a method for stochastic optimization", ICLR, Algorithm 1; AMSGrad: Reddi, S. J.,
Kale, S., Kumar, S. (2018), "On the convergence of Adam and beyond", ICLR, Algorithm 2.
"""

from typing import NamedTuple

from course_lib.arrays import Array, array_namespace


class AdamState(NamedTuple):
    """``t`` counts the steps taken; the arrays have the weights' shape and start at zero.

    ``m`` and ``v`` are the running means of the gradient and of its square (torch's ``exp_avg`` and ``exp_avg_sq``);
    ``v_max`` is the largest ``v`` so far (``max_exp_avg_sq``), None until AMSGrad asks for it.
    """

    t: int
    m: Array
    v: Array
    v_max: Array = None


def adam_init(w: Array) -> AdamState:
    """State before the first step."""
    zeros = array_namespace(w).zeros_like(w)
    return AdamState(t=0, m=zeros, v=zeros)


def adam_step(
    w: Array,
    g: Array,
    state: AdamState,
    *,
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    amsgrad: bool = False,
) -> tuple[Array, AdamState]:
    r"""One step along the mean gradient, divided by the root of the mean square.

    .. math::
        m_t &= \beta_1 m_{t-1} + (1 - \beta_1)\, g_t \\
        v_t &= \beta_2 v_{t-1} + (1 - \beta_2)\, g_t^2 \\
        \hat m_t &= m_t / (1 - \beta_1^t), \qquad \hat v_t = v_t / (1 - \beta_2^t) \\
        w_t &= w_{t-1} - \eta\, \hat m_t / (\sqrt{\hat v_t} + \epsilon)

    Parameters
    ----------
    w, g, state
        As in every step: see ``course_lib.optimizers``.
    lr : float
        :math:`\eta`, about the most that a weight moves in a step.
    betas : two floats
        :math:`\beta_1, \beta_2`, the shares of the two means that survive a step.
    eps : float
        :math:`\epsilon`, outside the root and after the correction.
    amsgrad : bool
        Divide by the largest :math:`v` so far. The maximum is taken before the correction, as in torch; Optax takes
        it after, and Reddi et al. have no correction at all.

    Examples
    --------
    Whatever the gradient's size, the first step is about lr long:

    >>> import numpy as np
    >>> w, g = np.array([1.0, 1.0]), np.array([100.0, 0.01])
    >>> w, state = adam_step(w, g, adam_init(w), lr=0.1)
    >>> print(w.round(6))
    [0.9 0.9]
    """
    xp = array_namespace(w)
    beta1, beta2 = betas
    t = state.t + 1
    m = beta1 * state.m + (1 - beta1) * g
    v = beta2 * state.v + (1 - beta2) * g**2
    v_max = state.v_max
    if amsgrad:
        v_max = v if v_max is None else xp.maximum(v_max, v)
    m_hat = m / (1 - beta1**t)
    v_hat = (v_max if amsgrad else v) / (1 - beta2**t)
    return w - lr * m_hat / (xp.sqrt(v_hat) + eps), AdamState(t, m, v, v_max)
