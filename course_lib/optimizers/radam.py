r"""RAdam: Adam that waits with its division until the mean square can be trusted.

Liu, L., Jiang, H., He, P., Chen, W., Liu, X., Gao, J., Han, J. (2020), "On the variance of the adaptive learning rate
and beyond", ICLR, Algorithm 2. The paper rectifies from :math:`\rho_t > 4`; torch from :math:`\rho_t > 5`, strictly.
"""

import math
from typing import NamedTuple

from course_lib.arrays import Array, array_namespace


class RAdamState(NamedTuple):
    """``t`` counts the steps taken; the arrays have the weights' shape and start at zero.

    ``m`` and ``v`` are the running means of the gradient and its square (torch's ``exp_avg``, ``exp_avg_sq``).
    """

    t: int
    m: Array
    v: Array


def radam_init(w: Array) -> RAdamState:
    """State before the first step."""
    zeros = array_namespace(w).zeros_like(w)
    return RAdamState(t=0, m=zeros, v=zeros)


def rectification(t: int, beta2: float) -> float | None:
    r"""By how much to shorten step ``t`` for the variance of its mean square; None where too few gradients are in it.

    .. math::
        \rho_\infty &= \frac{2}{1 - \beta_2} - 1, \qquad \rho_t = \rho_\infty - \frac{2 t \beta_2^t}{1 - \beta_2^t} \\
        r_t &= \sqrt{\frac{(\rho_t - 4)(\rho_t - 2)\, \rho_\infty}{(\rho_\infty - 4)(\rho_\infty - 2)\, \rho_t}}

    Returns
    -------
    float or None
        :math:`r_t`, between 0 and 1; None while :math:`\rho_t \le 5`.

    Examples
    --------
    >>> [rectification(t, 0.999) is None for t in (1, 5, 6)]
    [True, True, False]
    """
    rho_inf = 2 / (1 - beta2) - 1
    rho = rho_inf - 2 * t * beta2**t / (1 - beta2**t)
    if rho <= 5:
        return None
    return math.sqrt((rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho))


def radam_step(
    w: Array,
    g: Array,
    state: RAdamState,
    *,
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
) -> tuple[Array, RAdamState]:
    r"""One step of Adam, rectified; of plain momentum while :math:`\rho_t \le 5`.

    .. math::
        m_t &= \beta_1 m_{t-1} + (1 - \beta_1)\, g_t \\
        v_t &= \beta_2 v_{t-1} + (1 - \beta_2)\, g_t^2 \\
        a_t &= \begin{cases}
            r_t \sqrt{1 - \beta_2^t} / (\sqrt{v_t} + \epsilon) & \rho_t > 5 \\ 1 & \text{else} \end{cases} \\
        w_t &= w_{t-1} - \eta\, a_t\, \frac{m_t}{1 - \beta_1^t}

    Parameters
    ----------
    w, g, state
        As in every step: see ``course_lib.optimizers``.
    lr : float
        :math:`\eta`.
    betas : two floats
        :math:`\beta_1, \beta_2`. With the usual :math:`\beta_2` rectified steps begin at the sixth, with 0.7 at the
        tenth, and below 2/3 there are none.
    eps : float
        :math:`\epsilon`, added to the root of the *uncorrected* mean square, unlike Adam's.

    Notes
    -----
    :math:`\rho_t` is a small difference of large numbers: programs that order its terms differently agree to
    about 1e-11, not 1e-15.

    Examples
    --------
    The first five steps do not divide:

    >>> import numpy as np
    >>> w = np.array([1.0])
    >>> w, state = radam_step(w, np.array([4.0]), radam_init(w), lr=0.1)
    >>> print(w.round(6))
    [0.6]
    """
    xp = array_namespace(w)
    beta1, beta2 = betas
    t = state.t + 1
    m = beta1 * state.m + (1 - beta1) * g
    v = beta2 * state.v + (1 - beta2) * g**2
    step = lr * m / (1 - beta1**t)
    if (r := rectification(t, beta2)) is not None:
        step = step * (r * math.sqrt(1 - beta2**t)) / (xp.sqrt(v) + eps)
    return w - step, RAdamState(t, m, v)
