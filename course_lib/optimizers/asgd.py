"""ASGD: gradient descent whose weights' average is the answer.

Polyak, B. T., Juditsky, A. B. (1992), "Acceleration of stochastic approximation by averaging", SIAM J. Control Optim.
30(4), 838-855; with the step sizes that Bottou, L. (2012), "Stochastic gradient descent tricks", in *Neural Networks:
Tricks of the Trade*, gives for averaged stochastic gradient descent, and which torch follows.
"""

from typing import NamedTuple

from course_lib.arrays import Array


class ASGDState(NamedTuple):
    """``t`` counts the steps taken; ``ax``, of the weights' shape, is their average, and the answer.

    ``eta`` and ``mu`` are the next step's learning rate and the share of its weights in the average; ``eta`` is None
    before the first step, which takes ``lr``.
    """

    t: int
    ax: Array
    eta: float | None = None
    mu: float = 1.0


def asgd_init(w: Array) -> ASGDState:
    """State before the first step: the weights are their own average."""
    return ASGDState(t=0, ax=w)


def asgd_step(
    w: Array,
    g: Array,
    state: ASGDState,
    *,
    lr: float = 1e-2,
    lambd: float = 1e-4,
    alpha: float = 0.75,
    t0: float = 1e6,
) -> tuple[Array, ASGDState]:
    r"""One step of gradient descent with decay, and the average brought up to date.

    .. math::
        w_t &= (1 - \lambda \eta_t)\, w_{t-1} - \eta_t\, g_t \\
        \bar w_t &= \bar w_{t-1} + \mu_t\, (w_t - \bar w_{t-1}) \\
        \eta_{t+1} &= \frac{\eta}{(1 + \lambda \eta t)^\alpha}, \qquad \eta_1 = \eta \\
        \mu_{t+1} &= \frac{1}{\max(1,\, t - t_0)}, \qquad \mu_1 = 1

    Parameters
    ----------
    w, g, state
        As in every step: see ``course_lib.optimizers``. The weights returned are the last point; the average is
        ``state.ax``.
    lr : float
        :math:`\eta`.
    lambd : float
        :math:`\lambda`, the decay of the weights, which also sets how soon lr falls.
    alpha : float
        :math:`\alpha`, the power with which it falls.
    t0 : float
        :math:`t_0`, the step after which averaging begins. Torch's default of a million means none in practice.

    Notes
    -----
    ``eta`` and ``mu`` are computed a step ahead, from the lr of the step before, as torch does.

    Examples
    --------
    >>> import numpy as np
    >>> w, state = np.array([1.0]), asgd_init(np.array([1.0]))
    >>> for g in np.array([[1.0], [-1.0], [1.0]]):
    ...     w, state = asgd_step(w, g, state, lr=0.5, lambd=0.0, t0=0)
    ...     print(w, state.ax.round(3))
    [0.5] [0.5]
    [1.] [1.]
    [0.5] [0.75]
    """
    t = state.t + 1
    eta = lr if state.eta is None else state.eta
    w = (1 - lambd * eta) * w - eta * g
    ax = w if state.mu == 1 else state.ax + state.mu * (w - state.ax)
    eta_next = lr / (1 + lambd * lr * t) ** alpha
    return w, ASGDState(t, ax, eta_next, 1 / max(1, t - t0))
