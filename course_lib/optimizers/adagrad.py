"""Adagrad: each weight divides its steps by the size of all the gradients it has seen.

Duchi, J., Hazan, E., Singer, Y. (2011), "Adaptive subgradient methods for online learning and stochastic optimization",
JMLR 12, 2121-2159, Figure 1, with diagonal matrices (δ there is ``eps``).
"""

from typing import NamedTuple

from course_lib.arrays import Array, array_namespace


class AdagradState(NamedTuple):
    """``t`` counts the steps taken; ``s``, of the weights' shape, sums the squared gradients (torch's ``sum``)."""

    t: int
    s: Array


def adagrad_init(w: Array, *, initial_accumulator_value: float = 0.0) -> AdagradState:
    """State before the first step: a sum that starts at ``initial_accumulator_value``."""
    xp = array_namespace(w)
    return AdagradState(t=0, s=xp.full_like(w, initial_accumulator_value))


def adagrad_step(
    w: Array,
    g: Array,
    state: AdagradState,
    *,
    lr: float = 1e-2,
    lr_decay: float = 0.0,
    eps: float = 1e-10,
) -> tuple[Array, AdagradState]:
    r"""One step, shorter for the weights whose gradients were large.

    .. math::
        s_t &= s_{t-1} + g_t^2 \\
        w_t &= w_{t-1} - \frac{\eta}{1 + (t-1)\,\delta}\, \frac{g_t}{\sqrt{s_t} + \epsilon}

    Parameters
    ----------
    w, g, state
        As in every step: see ``course_lib.optimizers``.
    lr : float
        :math:`\eta`, the length of the first step.
    lr_decay : float
        :math:`\delta`, by which lr falls on top of the falling that the sum brings.
    eps : float
        :math:`\epsilon`, outside the root. Optax puts it inside and starts the sum at 0.1: with g = 1e-5 and
        eps = 1e-8 the two first steps differ tenfold.

    Examples
    --------
    >>> import numpy as np
    >>> w, g = np.array([1.0, 1.0]), np.array([100.0, 0.01])
    >>> w, state = adagrad_step(w, g, adagrad_init(w), lr=0.1)
    >>> print(w, state.s)
    [0.9 0.9] [1.e+04 1.e-04]
    """
    xp = array_namespace(w)
    t = state.t + 1
    s = state.s + g**2
    decayed = lr / (1 + (t - 1) * lr_decay)
    return w - decayed * g / (xp.sqrt(s) + eps), AdagradState(t, s)
