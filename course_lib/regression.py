r"""Losses over data, as objectives: a line through noisy points, and the boundary between two classes.

A batch of the data makes an objective of its own, whose gradient is a noisy one of the whole::

    x, y = noisy_line()
    for batch in batches(len(x), 10):
        g = linear_regression(x[batch], y[batch]).grad(w)
"""

from functools import partial

import numpy as np

from course_lib.arrays import Array, array_namespace, device
from course_lib.objectives import Objective
from course_lib.schedules import inverse_time_decay


def linear_regression(x: np.ndarray, y: np.ndarray) -> Objective:
    r"""Half the mean squared error of the line :math:`a x + b`, over :math:`w = (a, b)`.

    Parameters
    ----------
    x, y : arrays of floats, shape ``(n,)``
        The points.

    Raises
    ------
    ValueError
        If there are fewer than two different ``x``: no single line fits them best.
    """
    if len(np.unique(x)) < 2:
        raise ValueError("a line takes points at two different x at least")
    minimum = tuple(np.polyfit(x, y, 1).tolist())
    f = partial(_squared_error, x=x, y=y)
    return Objective(
        name="linear regression",
        formula=r"f(a, b) = \frac{1}{2n} \sum_i (a x_i + b - y_i)^2",
        f=f,
        grad=partial(line_gradient, x=x, y=y),
        start=(0.0, 0.0),
        minimum=minimum,
        value=float(f(np.array(minimum))),
        domain=_box(minimum),
        source="Legendre (1805), Nouvelles méthodes, appendix; the minimum by numpy.polyfit",
        hess=lambda w: _as(w, np.array([[np.mean(x * x), np.mean(x)], [np.mean(x), 1.0]])),
    )


def _residuals(w: Array, x: np.ndarray, y: np.ndarray) -> Array:
    """Those of every point, along a new last axis."""
    return w[0, ..., None] * _as(w, x) + w[1, ..., None] - _as(w, y)


def _squared_error(w: Array, x: np.ndarray, y: np.ndarray) -> Array:
    return array_namespace(w).mean(_residuals(w, x, y) ** 2, axis=-1) / 2


def line_gradient(w: Array, x: np.ndarray, y: np.ndarray) -> Array:
    r"""The gradient of half the mean squared error of the line :math:`a x + b`, at :math:`w = (a, b)`.

    .. math::
        \frac{\partial f}{\partial a} &= \frac1n \sum_i (a x_i + b - y_i)\, x_i \\
        \frac{\partial f}{\partial b} &= \frac1n \sum_i (a x_i + b - y_i)

    Being means, they can be estimated from a few of the points, or from one.

    Parameters
    ----------
    w : array of floats, shape ``(2, ...)``
        Slope and intercept.
    x, y : arrays of floats, shape ``(n,)``
        The points: at least one.

    Examples
    --------
    >>> x, y = np.array([1.0, 2.0]), np.array([0.0, 4.0])
    >>> print(line_gradient(np.array([1.0, 0.0]), x, y))
    [-1.5 -0.5]
    """
    xp, r = array_namespace(w), _residuals(w, x, y)
    return xp.stack([xp.mean(r * _as(w, x), axis=-1), xp.mean(r, axis=-1)])


def sgd_epoch(
    w: Array,
    x: np.ndarray,
    y: np.ndarray,
    order: np.ndarray,
    *,
    batch_size: int,
    lr: float,
    decay: float = 0.0,
    t: int = 0,
) -> Array:
    r"""The line after an epoch of stochastic gradient descent: one step for each batch of the points.

    Robbins, H., Monro, S. (1951), "A stochastic approximation method", Ann. Math. Stat. 22(3), 400-407.

    Parameters
    ----------
    w : array of floats, shape ``(2,)``
        Slope and intercept before the epoch.
    x, y : arrays of floats, shape ``(n,)``
        The points.
    order : array of integers, shape ``(n,)``
        The numbers 0 to n - 1 in the order in which the points are dealt out; the last batch may be smaller.
    batch_size : int
        How many points a step sees.
    lr, decay : float
        The step after ``t`` steps has the learning rate :math:`\eta / (1 + \delta t)`.
    t : int
        How many steps were taken before this epoch.

    Examples
    --------
    >>> w, x, order = np.zeros(2), np.array([1.0, 2.0]), np.array([1, 0])
    >>> print(sgd_epoch(w, x, 2 * x, order, batch_size=1, lr=0.1))
    [0.88 0.48]
    """
    schedule = inverse_time_decay(lr, decay=decay)
    for begin in range(0, len(order), batch_size):
        batch = order[begin : begin + batch_size]
        w = w - schedule(t) * line_gradient(w, x[batch], y[batch])
        t += 1
    return w


def logistic_regression(points: np.ndarray, labels: np.ndarray, *, l2: float = 0.01) -> Objective:
    r"""The mean log loss of :math:`P(1 \mid x) = 1 / (1 + e^{-w \cdot x})`, with an L2 penalty, over ``w``.

    Parameters
    ----------
    points : array of floats, shape ``(n, dim)``
        A column of ones makes an intercept of its weight.
    labels : array of 0 and 1, shape ``(n,)``
    l2 : float
        :math:`\lambda`, more than 0, so that the minimum is one point at a finite distance.

    Raises
    ------
    ValueError
        If ``l2`` is not above 0, or ``labels`` holds anything but 0 and 1.
    """
    if not l2 > 0:
        raise ValueError(f"l2={l2}: it must be more than 0, since classes that a line separates have no finite minimum")
    if not np.isin(labels, (0, 1)).all():
        raise ValueError("labels are 0 or 1")
    f, grad, hess = (partial(part, x=points, y=labels, l2=l2) for part in (_log_loss, _log_loss_grad, _log_loss_hess))
    bottom = np.zeros(points.shape[1])
    for _ in range(50):  # Newton's method, which on this convex loss ends at machine precision
        bottom = bottom - np.linalg.solve(hess(bottom), grad(bottom))
    minimum = tuple(bottom.tolist())
    return Objective(
        name="logistic regression",
        formula=r"f(w) = \frac1n \sum_i \left[\log(1 + e^{w \cdot x_i}) - y_i\, w \cdot x_i\right]"
        r" + \tfrac{\lambda}{2} \lVert w \rVert^2",
        f=f,
        grad=grad,
        start=(0.0,) * len(minimum),
        minimum=minimum,
        value=float(f(bottom)),
        domain=_box(minimum),
        source="Cox (1958), J. R. Stat. Soc. B 20(2), 215-242; the minimum by Newton's method",
        hess=hess,
    )


def _log_loss(w: Array, x: np.ndarray, y: np.ndarray, l2: float) -> Array:
    xp, z = array_namespace(w), _logits(w, x)
    losses = xp.logaddexp(xp.zeros_like(z), z) - _along_first(w, y) * z
    return xp.mean(losses, axis=0) + l2 / 2 * xp.sum(w**2, axis=0)


def _log_loss_grad(w: Array, x: np.ndarray, y: np.ndarray, l2: float) -> Array:
    missed = _sigmoid(_logits(w, x)) - _along_first(w, y)
    return array_namespace(w).tensordot(_as(w, x.T), missed, axes=1) / len(x) + l2 * w


def _log_loss_hess(w: Array, x: np.ndarray, y: np.ndarray, l2: float) -> Array:
    p, inputs = _sigmoid(_logits(w, x)), _as(w, x)
    return inputs.T @ (inputs * (p * (1 - p))[:, None]) / len(x) + l2 * _as(w, np.eye(x.shape[1]))


def _logits(w: Array, x: np.ndarray) -> Array:
    """Shape ``(n, ...)`` for weights, or a grid of them, of shape ``(dim, ...)``."""
    return array_namespace(w).tensordot(_as(w, x), w, axes=1)


def _sigmoid(z: Array) -> Array:
    xp = array_namespace(z)
    small = xp.exp(-xp.abs(z))
    return xp.where(z >= 0, 1 / (1 + small), small / (1 + small))


def _as(w: Array, data: np.ndarray) -> Array:
    """``data`` in ``w``'s library, dtype and device."""
    return array_namespace(w).asarray(data, dtype=w.dtype, device=device(w))


def _along_first(w: Array, data: np.ndarray) -> Array:
    """``data`` along the first axis, constant along the axes of a grid of weights."""
    return array_namespace(w).reshape(_as(w, data), (-1,) + (1,) * (w.ndim - 1))


def _box(minimum: tuple[float, ...]) -> tuple[tuple[float, float], ...]:
    """A box that holds both the start at 0 and the minimum, with room."""
    reach = 1.5 * max(1.0, *(abs(x) for x in minimum))
    return ((-reach, reach),) * len(minimum)
