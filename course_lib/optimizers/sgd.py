"""SGD with momentum, dampening and Nesterov's look-ahead, as ``torch.optim.SGD`` has it.

Polyak, B. T. (1964), "Some methods of speeding up the convergence of iteration methods", USSR Comput. Math. Math.
Phys. 4(5), 1-17; Sutskever, I., Martens, J., Dahl, G., Hinton, G. (2013), "On the importance of initialization
and momentum in deep learning", ICML, eqs. (1)-(4). Torch differs from both: its lr multiplies the buffer when the
weights move, so a buffer outlives a change of lr unscaled.
"""

from typing import NamedTuple

from course_lib.arrays import Array, array_namespace


class SGDState(NamedTuple):
    """``t`` counts the steps taken; ``b``, of the weights' shape, is torch's ``momentum_buffer``."""

    t: int
    b: Array


def sgd_init(w: Array) -> SGDState:
    """State before the first step: nothing counted, a buffer of zeros like ``w``."""
    return SGDState(t=0, b=array_namespace(w).zeros_like(w))


def sgd_step(
    w: Array,
    g: Array,
    state: SGDState,
    *,
    lr: float = 1e-3,
    momentum: float = 0.0,
    dampening: float = 0.0,
    nesterov: bool = False,
) -> tuple[Array, SGDState]:
    r"""One step along a decaying sum of the gradients seen so far.

    .. math::
        b_1 &= g_1, \qquad b_t = \mu\, b_{t-1} + (1 - \tau)\, g_t \\
        d_t &= g_t + \mu\, b_t \ \text{(Nesterov)} \quad\text{or}\quad b_t \\
        w_t &= w_{t-1} - \eta\, d_t

    Parameters
    ----------
    w : array of floats, any shape
        The weights.
    g : array, shape and dtype of ``w``
        The gradient of the loss at ``w``.
    state : SGDState
    lr : float
        The learning rate :math:`\eta`.
    momentum : float
        :math:`\mu`, the share of the buffer that survives a step; 0 is plain gradient descent.
    dampening : float
        :math:`\tau`; the new gradient enters with weight :math:`1 - \tau`, except the very first, which enters whole.
        Without momentum there is no buffer, and dampening does nothing.
    nesterov : bool
        Look ahead: move along the gradient plus the buffer's next share.

    Returns
    -------
    w, state
        New weights (shape, dtype and device of the old) and new state. The inputs are not changed.

    Notes
    -----
    Nothing is validated here; ``from_torch`` refuses what torch refuses (Nesterov without momentum, or with dampening).

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([2.0])
    >>> state = sgd_init(x)
    >>> for _ in range(3):
    ...     x, state = sgd_step(x, 8 * x, state, lr=0.1, momentum=0.5)
    ...     print(x.round(3), state.b.round(3))
    [0.4] [16.]
    [-0.72] [11.2]
    [-0.704] [-0.16]
    """
    t = state.t + 1
    # torch starts its buffer with the whole gradient
    fresh = 1.0 if t == 1 else 1.0 - dampening
    b = momentum * state.b + fresh * g
    if momentum == 0:
        d = g
    elif nesterov:
        d = g + momentum * b
    else:
        d = b
    return w - lr * d, SGDState(t, b)
