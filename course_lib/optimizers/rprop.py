"""Rprop: only the gradient's signs, and a step size for each weight that grows while they hold.

Riedmiller, M., Braun, H. (1993), "A direct adaptive method for faster backpropagation learning: the RPROP algorithm",
IEEE ICNN, 586-591; torch's variant, without backtracking, is iRprop- of Igel, C., Hüsken, M. (2000),
"Improving the Rprop learning algorithm", NC 2000, 115-121.
"""

from typing import NamedTuple

from course_lib.arrays import Array, array_namespace


class RpropState(NamedTuple):
    """``t`` counts the steps taken; the arrays have the weights' shape and start at zero.

    ``prev`` is the gradient of the step before, 0 where its sign had flipped; ``step_size`` the length of each weight's
    step, which is ``lr`` before the first.
    """

    t: int
    prev: Array
    step_size: Array


def rprop_init(w: Array) -> RpropState:
    """State before the first step."""
    zeros = array_namespace(w).zeros_like(w)
    return RpropState(t=0, prev=zeros, step_size=zeros)


def rprop_step(
    w: Array,
    g: Array,
    state: RpropState,
    *,
    lr: float = 1e-2,
    etas: tuple[float, float] = (0.5, 1.2),
    step_sizes: tuple[float, float] = (1e-6, 50.0),
) -> tuple[Array, RpropState]:
    r"""One step of each weight's own size against its gradient's sign.

    .. math::
        \Delta_t &= \Delta_{t-1} \cdot
            \begin{cases} \eta^+ & g_t\, g_{t-1} > 0 \\ \eta^- & g_t\, g_{t-1} < 0 \\ 1 & \text{else} \end{cases} \\
        \Delta_t &\leftarrow \operatorname{clip}(\Delta_t,\, \Delta_{\min},\, \Delta_{\max}) \\
        g_t &\leftarrow 0 \quad \text{where } g_t\, g_{t-1} < 0 \\
        w_t &= w_{t-1} - \Delta_t \operatorname{sign}(g_t)

    Parameters
    ----------
    w, g, state
        As in every step: see ``course_lib.optimizers``.
    lr : float
        The first step's length :math:`\Delta_0`; of no effect later.
    etas : two floats
        :math:`\eta^-, \eta^+`, by which a step size shrinks on a flip of the sign, and grows otherwise.
    step_sizes : two floats
        :math:`\Delta_{\min}, \Delta_{\max}`, which bound it at every step, the first included.

    Notes
    -----
    A weight whose gradient flips stays where it is, and its next step keeps its size. The *product* of the gradients is
    compared with 0, as in torch: in float32 it underflows for gradients below about 3e-23, which then count as no
    agreement and no flip.

    Examples
    --------
    >>> import numpy as np
    >>> w, state = np.array([1.0]), rprop_init(np.array([1.0]))
    >>> for g in (3.0, 0.1, -8.0, -8.0):
    ...     w, state = rprop_step(w, np.array([g]), state, lr=0.1)
    ...     print(w.round(3), state.step_size.round(3))
    [0.9] [0.1]
    [0.78] [0.12]
    [0.78] [0.06]
    [0.84] [0.06]
    """
    xp = array_namespace(w)
    shrink, grow = (xp.full_like(w, eta) for eta in etas)
    step_size = xp.full_like(w, lr) if state.t == 0 else state.step_size
    agreement = g * state.prev
    factor = xp.where(agreement < 0, shrink, xp.ones_like(w))
    factor = xp.where(agreement > 0, grow, factor)
    step_size = xp.clip(step_size * factor, *step_sizes)
    g = xp.where(agreement < 0, xp.zeros_like(g), g)
    return w - step_size * xp.sign(g), RpropState(state.t + 1, g, step_size)
