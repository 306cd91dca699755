r"""AdamW: Adam with a weight decay that its division does not touch.

Loshchilov, I., Hutter, F. (2019), "Decoupled weight decay regularization", ICLR, Algorithm 2. Torch multiplies their
:math:`\lambda` by lr, so a schedule of lr scales the decay as well.
"""

from functools import partial

from course_lib.arrays import Array
from course_lib.optimizers.adam import AdamState, adam_init, adam_step


def adamw_init(w: Array) -> AdamState:
    """State before the first step: Adam's."""
    return adam_init(w)


def adamw_step(
    w: Array,
    g: Array,
    state: AdamState,
    *,
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 1e-2,
    amsgrad: bool = False,
) -> tuple[Array, AdamState]:
    r"""Shrink the weights, then take Adam's step from there.

    .. math:: w_t = (1 - \eta\lambda)\, w_{t-1} - \eta\, \hat m_t / (\sqrt{\hat v_t} + \epsilon)

    Parameters
    ----------
    w, g, state
        As in every step: see ``course_lib.optimizers``. ``g`` is the gradient at ``w``, before it shrinks.
    lr, betas, eps, amsgrad
        As in ``adam_step``.
    weight_decay : float
        :math:`\lambda`; each step takes the share :math:`\eta\lambda` off every weight.

    Examples
    --------
    Without a gradient only the decay is left:

    >>> import numpy as np
    >>> w, g = np.array([1.0]), np.array([0.0])
    >>> w, state = adamw_step(w, g, adamw_init(w), lr=0.1, weight_decay=0.5)
    >>> print(w)
    [0.95]
    """
    shrunk = (1 - lr * weight_decay) * w
    adam = partial(adam_step, lr=lr, betas=betas, eps=eps, amsgrad=amsgrad)
    return adam(shrunk, g, state)
