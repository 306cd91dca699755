"""Momentum as an exponentially weighted average of the gradients, and what it takes to get the same from torch's.

Kingma, D. P., Ba, J. (2015), "Adam: a method for stochastic optimization", ICLR: the first moment of algorithm 1, with
its bias correction from section 3. ``torch.optim.SGD`` keeps a sum instead: ``sgd_step``.
"""

from typing import NamedTuple

from course_lib.arrays import Array, array_namespace


class EWAMomentumState(NamedTuple):
    """``t`` counts the steps taken; ``m``, of the weights' shape, is the average as it stands, never corrected."""

    t: int
    m: Array


def ewa_momentum_init(w: Array) -> EWAMomentumState:
    """State before the first step: nothing counted, an average of zeros like ``w``."""
    return EWAMomentumState(t=0, m=array_namespace(w).zeros_like(w))


def ewa_momentum_step(
    w: Array,
    g: Array,
    state: EWAMomentumState,
    *,
    lr: float = 1e-3,
    beta: float = 0.9,
    bias_correction: bool = False,
) -> tuple[Array, EWAMomentumState]:
    r"""One step along the running average of the gradients.

    .. math::
        m_t &= \beta\, m_{t-1} + (1 - \beta)\, g_t, \qquad m_0 = 0 \\
        w_t &= w_{t-1} - \eta\, m_t \\
        &\text{or, corrected,}\quad w_{t-1} - \eta\, \frac{m_t}{1 - \beta^t}

    Parameters
    ----------
    w : array of floats, any shape
        The weights.
    g : array, shape and dtype of ``w``
        The gradient of the loss at ``w``.
    state : EWAMomentumState
    lr : float
        The learning rate :math:`\eta`.
    beta : float
        The share of the average that survives a step, from 0 up to but not including 1.
    bias_correction : bool
        Whether to move along the average without the pull of its start at 0.

    Returns
    -------
    w, state
        New weights (shape, dtype and device of the old) and new state. The inputs are not changed.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([2.0])
    >>> state = ewa_momentum_init(x)
    >>> x, state = ewa_momentum_step(x, 8 * x, state, lr=0.1, beta=0.5)
    >>> print(x.round(3), state.m.round(3))
    [1.2] [8.]
    """
    t = state.t + 1
    m = beta * state.m + (1 - beta) * g
    d = m / (1 - beta**t) if bias_correction else m
    return w - lr * d, EWAMomentumState(t, m)


def sgd_lr(lr: float, beta: float, t: int, *, bias_correction: bool = False) -> float:
    r"""The lr with which ``sgd_step`` takes the step of ``ewa_momentum_step``: :math:`\eta (1 - \beta)`, or with the
    correction :math:`\eta (1 - \beta) / (1 - \beta^t)` at step ``t``, from 1.

    With this lr at every step and ``momentum=beta`` the two take the same path, since torch's buffer, without
    dampening, is :math:`b_t = m_t / (1 - \beta)`.

    Examples
    --------
    >>> round(sgd_lr(0.1, 0.9, 7), 6)
    0.01
    >>> round(sgd_lr(0.1, 0.9, 1, bias_correction=True), 6)
    0.1
    """
    share = (1 - beta) / (1 - beta**t) if bias_correction else 1 - beta
    return lr * share
