r"""SparseAdam: Adam for gradients that touch few rows; the others neither move nor forget.

Kingma, D. P., Ba, J. (2015), "Adam: a method for stochastic optimization", ICLR, Algorithm 1 with the reordering just
before section 2.1 (their :math:`\hat\epsilon`), row by row as ``torch.optim.SparseAdam`` has it.
"""

import math
from typing import NamedTuple

from course_lib.arrays import Array, array_namespace
from course_lib.optimizers.sparse_grad import SparseGrad


class SparseAdamState(NamedTuple):
    """``t`` counts the steps taken, of all rows together; the arrays have the weights' shape and start at zero.

    ``m`` and ``v`` are the running means of the gradient and its square (torch's ``exp_avg``, ``exp_avg_sq``).
    """

    t: int
    m: Array
    v: Array


def sparse_adam_init(w: Array) -> SparseAdamState:
    """State before the first step."""
    zeros = array_namespace(w).zeros_like(w)
    return SparseAdamState(t=0, m=zeros, v=zeros)


def sparse_adam_step(
    w: Array,
    g: SparseGrad,
    state: SparseAdamState,
    *,
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
) -> tuple[Array, SparseAdamState]:
    r"""One step of Adam in the rows that have a gradient.

    .. math::
        m_t &= \beta_1 m_{t-1} + (1 - \beta_1)\, g_t \\
        v_t &= \beta_2 v_{t-1} + (1 - \beta_2)\, g_t^2 \\
        w_t &= w_{t-1} - \eta\, \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}\, \frac{m_t}{\sqrt{v_t} + \epsilon}

    Parameters
    ----------
    w, state
        As in every step: see ``course_lib.optimizers``. ``w`` is dense.
    g : SparseGrad
        The gradient at ``w``; rows given twice are summed first. One without rows still counts as a step.
    lr : float
        :math:`\eta`.
    betas : two floats
        :math:`\beta_1, \beta_2`. The correction counts all steps, also those that a row did not take part in.
    eps : float
        :math:`\epsilon`, added to the root of the *uncorrected* mean square, unlike Adam's.

    Examples
    --------
    >>> import numpy as np
    >>> w = np.array([1.0, 1.0, 1.0])
    >>> g = SparseGrad(np.array([2]), np.array([4.0]), (3,))
    >>> w, state = sparse_adam_step(w, g, sparse_adam_init(w), lr=0.1)
    >>> print(w.round(6))
    [1.  1.  0.9]
    """
    xp = array_namespace(w)
    beta1, beta2 = betas
    t = state.t + 1
    dense, touched = g.to_dense(), g.touched()
    m = xp.where(touched, beta1 * state.m + (1 - beta1) * dense, state.m)
    v = xp.where(touched, beta2 * state.v + (1 - beta2) * dense**2, state.v)
    step_size = lr * math.sqrt(1 - beta2**t) / (1 - beta1**t)
    moved = w - step_size * m / (xp.sqrt(v) + eps)
    return xp.where(touched, moved, w), SparseAdamState(t, m, v)
