"""NAdam: Adam that looks ahead, as Nesterov's momentum does.

Dozat, T. (2016), "Incorporating Nesterov momentum into Adam", ICLR workshop, with a momentum that grows, as in
Sutskever et al. (2013).
"""

from typing import NamedTuple

from course_lib.arrays import Array, array_namespace


class NAdamState(NamedTuple):
    """``t`` counts the steps taken; ``m`` and ``v`` have the weights' shape and start at zero.

    ``m`` and ``v`` are the running means of the gradient and its square (torch's ``exp_avg``, ``exp_avg_sq``);
    ``mu_product`` is the product of the momentum of every step so far, a plain number.
    """

    t: int
    m: Array
    v: Array
    mu_product: float = 1.0


def nadam_init(w: Array) -> NAdamState:
    """State before the first step."""
    zeros = array_namespace(w).zeros_like(w)
    return NAdamState(t=0, m=zeros, v=zeros)


def nadam_step(
    w: Array,
    g: Array,
    state: NAdamState,
    *,
    lr: float = 2e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    momentum_decay: float = 4e-3,
) -> tuple[Array, NAdamState]:
    r"""One step of Adam along the present gradient and the *next* step's share of the mean.

    .. math::
        \mu_t &= \beta_1 \left(1 - \tfrac12\, 0.96^{\,t\psi}\right) \\
        m_t &= \beta_1 m_{t-1} + (1 - \beta_1)\, g_t \\
        v_t &= \beta_2 v_{t-1} + (1 - \beta_2)\, g_t^2 \\
        \hat m_t &= \frac{\mu_{t+1}\, m_t}{1 - \prod_{i=1}^{t+1} \mu_i}
            + \frac{(1 - \mu_t)\, g_t}{1 - \prod_{i=1}^{t} \mu_i} \\
        w_t &= w_{t-1} - \eta\, \hat m_t / (\sqrt{v_t / (1 - \beta_2^t)} + \epsilon)

    Parameters
    ----------
    w, g, state
        As in every step: see ``course_lib.optimizers``.
    lr : float
        :math:`\eta`.
    betas : two floats
        :math:`\beta_1, \beta_2`. The momentum :math:`\mu_t` grows from about half of :math:`\beta_1` up to it.
    eps : float
        :math:`\epsilon`, outside the root.
    momentum_decay : float
        :math:`\psi`, how fast it grows. Optax and Keras keep :math:`\mu` constant or fix :math:`\psi`.

    Examples
    --------
    >>> import numpy as np
    >>> w = np.array([1.0])
    >>> w, state = nadam_step(w, np.array([4.0]), nadam_init(w), lr=0.1)
    >>> print(w.round(6), round(state.mu_product, 6))
    [0.894355] 0.450073
    """
    xp = array_namespace(w)
    beta1, beta2 = betas
    t = state.t + 1
    mu, mu_next = (beta1 * (1 - 0.5 * 0.96 ** (k * momentum_decay)) for k in (t, t + 1))
    mu_product = state.mu_product * mu
    m = beta1 * state.m + (1 - beta1) * g
    v = beta2 * state.v + (1 - beta2) * g**2
    m_hat = mu_next / (1 - mu_product * mu_next) * m + (1 - mu) / (1 - mu_product) * g
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (xp.sqrt(v_hat) + eps), NAdamState(t, m, v, mu_product)
