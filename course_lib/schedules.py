"""Learning rates that change as training goes on.

A schedule is a function of the step's number, ``t = 0, 1, 2, …``, that gives its lr. Where ``torch.optim.lr_scheduler``
has the same one, the two agree, with torch's argument names and defaults::

    schedule = cosine(0.1, T_max=100)
    w, state = adam_step(w, g, state, lr=schedule(state.t))
"""

import math
from collections.abc import Callable
from typing import NamedTuple

Schedule = Callable[[int], float]


def constant(lr: float) -> Schedule:
    """The same lr throughout."""
    return lambda t: lr


def step_decay(lr: float, *, step_size: int, gamma: float = 0.1) -> Schedule:
    r""":math:`\eta\, \gamma^{\lfloor t / s \rfloor}`: a stair, lower every ``step_size`` steps (``StepLR``).

    Examples
    --------
    >>> [round(step_decay(1.0, step_size=2)(t), 3) for t in range(5)]
    [1.0, 1.0, 0.1, 0.1, 0.01]
    """
    return lambda t: lr * gamma ** (t // step_size)


def exponential_decay(lr: float, *, gamma: float) -> Schedule:
    r""":math:`\eta\, \gamma^t`: lower by ``gamma`` at every step (``ExponentialLR``)."""
    return lambda t: lr * gamma**t


def inverse_time_decay(lr: float, *, decay: float) -> Schedule:
    r""":math:`\eta / (1 + \delta t)`: Keras's ``decay``, and Adagrad's ``lr_decay``.

    With lr falling as 1/t, stochastic gradient descent converges to the minimum itself: Robbins, H., Monro, S. (1951),
    "A stochastic approximation method", Ann. Math. Stat. 22(3), 400-407.

    Examples
    --------
    >>> [round(inverse_time_decay(1.0, decay=1.0)(t), 3) for t in range(4)]
    [1.0, 0.5, 0.333, 0.25]
    """
    return lambda t: lr / (1 + decay * t)


def cosine(lr: float, *, T_max: int, eta_min: float = 0.0) -> Schedule:  # noqa: N803 - torch's name
    r""":math:`\eta_{\min} + \tfrac12 (\eta - \eta_{\min})(1 + \cos \pi t / T)`: half a wave (``CosineAnnealingLR``).

    Loshchilov, I., Hutter, F. (2017), "SGDR: stochastic gradient descent with warm restarts", ICLR. Past
    ``T_max`` it rises again, as torch's does.

    Examples
    --------
    >>> [round(cosine(1.0, T_max=4)(t), 3) for t in range(5)]
    [1.0, 0.854, 0.5, 0.146, 0.0]
    """
    half = (lr - eta_min) / 2
    return lambda t: eta_min + half * (1 + math.cos(math.pi * t / T_max))


def warm_up(then: Schedule, *, total_iters: int = 5, start_factor: float = 1 / 3) -> Schedule:
    """Rise in a line from ``start_factor`` of ``then``'s first lr to all of it, then follow ``then`` from its start.

    Equal to ``SequentialLR`` with ``LinearLR`` and the other at ``milestones=[total_iters]``.

    Examples
    --------
    >>> then = exponential_decay(1.0, gamma=0.5)
    >>> schedule = warm_up(then, total_iters=4, start_factor=0.2)
    >>> [round(schedule(t), 3) for t in range(7)]
    [0.2, 0.4, 0.6, 0.8, 1.0, 0.5, 0.25]
    """

    def schedule(t: int) -> float:
        if t >= total_iters:
            return then(t - total_iters)
        return then(0) * (start_factor + (1 - start_factor) * t / total_iters)

    return schedule


def one_cycle(
    max_lr: float, *, total_steps: int, pct_start: float = 0.3, div_factor: float = 25.0, final_div_factor: float = 1e4
) -> Schedule:
    """Half a wave up from ``max_lr / div_factor``, then half a wave down to nearly nothing (``OneCycleLR``).

    Smith, L. N., Topin, N. (2019), "Super-convergence: very fast training of neural networks using large learning
    rates", SPIE 11006. The share ``pct_start`` of the steps goes up; the end is ``max_lr / div_factor /
    final_div_factor``. Torch's momentum, which goes the other way by default (``cycle_momentum``), is not part of it.

    Raises
    ------
    ValueError
        When called for a step after the last: the cycle has ended.

    Examples
    --------
    >>> schedule = one_cycle(1.0, total_steps=11, pct_start=5 / 11)
    >>> [round(schedule(t), 3) for t in (0, 2, 4, 7, 10)]
    [0.04, 0.52, 1.0, 0.5, 0.0]
    """
    first = max_lr / div_factor
    last = first / final_div_factor
    top = pct_start * total_steps - 1

    def schedule(t: int) -> float:
        if t >= total_steps:
            raise ValueError(f"step {t} lies past the cycle's {total_steps} steps")
        if t <= top:
            return _half_wave(first, max_lr, t / top)
        return _half_wave(max_lr, last, (t - top) / (total_steps - 1 - top))

    return schedule


def _half_wave(start: float, end: float, share: float) -> float:
    return end + (start - end) / 2 * (1 + math.cos(math.pi * share))


class PlateauState(NamedTuple):
    """What ``plateau_step`` remembers: lr, the ``best`` loss, how many were ``bad`` since, the ``cooldown`` to go."""

    lr: float
    best: float = math.inf
    bad: int = 0
    cooldown: int = 0


def plateau_init(lr: float) -> PlateauState:
    """State before the first loss."""
    return PlateauState(lr)


def plateau_step(
    loss: float,
    state: PlateauState,
    *,
    factor: float = 0.1,
    patience: int = 10,
    threshold: float = 1e-4,
    cooldown: int = 0,
    min_lr: float = 0.0,
    eps: float = 1e-8,
) -> tuple[float, PlateauState]:
    """The lr after this loss: lower by ``factor`` once the loss has stopped falling (``ReduceLROnPlateau``).

    Parameters
    ----------
    loss : float
        The latest loss.
    state : PlateauState
    factor : float
        What lr is multiplied by.
    patience : int
        How many losses in a row may fail to be the best; one more lowers lr.
    threshold : float
        By which share a loss must undercut the best to count as better.
    cooldown : int
        For how many losses after that none counts as bad.
    min_lr : float
        The least lr.
    eps : float
        Lr stays where it would fall by no more than this.

    Examples
    --------
    >>> state = plateau_init(1.0)
    >>> for loss in (5.0, 5.0, 5.0, 4.0):
    ...     lr, state = plateau_step(loss, state, patience=1)
    ...     print(lr)
    1.0
    1.0
    0.1
    0.1
    """
    lr, best, bad, waiting = state
    better = loss < best * (1 - threshold)
    best, bad = (loss, 0) if better else (best, bad + 1)
    if waiting > 0:
        waiting, bad = waiting - 1, 0
    if bad > patience:
        lowered = max(lr * factor, min_lr)
        lr = lowered if lr - lowered > eps else lr
        waiting, bad = cooldown, 0
    return lr, PlateauState(lr, best, bad, waiting)
