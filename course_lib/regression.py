"""Losses over data, as objectives: a line through noisy points, and the boundary between two classes.

A batch of the data makes an objective of its own, whose gradient is a noisy one of the whole::

    x, y = noisy_line()
    for batch in batches(len(x), 10):
        g = linear_regression(x[batch], y[batch]).grad(w)
"""

import numpy as np

from course_lib.arrays import Array, array_namespace, device
from course_lib.objectives import Objective


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
    slope, intercept = np.polyfit(x, y, 1)

    def residuals(w: Array) -> tuple[Array, Array]:
        """Those of every point, and the points, along a new last axis."""
        inputs, targets = _as(w, x), _as(w, y)
        return w[0, ..., None] * inputs + w[1, ..., None] - targets, inputs

    def f(w: Array) -> Array:
        return array_namespace(w).mean(residuals(w)[0] ** 2, axis=-1) / 2

    def grad(w: Array) -> Array:
        xp = array_namespace(w)
        r, inputs = residuals(w)
        return xp.stack([xp.mean(r * inputs, axis=-1), xp.mean(r, axis=-1)])

    return Objective(
        name="linear regression",
        formula=r"f(a, b) = \frac{1}{2n} \sum_i (a x_i + b - y_i)^2",
        f=f,
        grad=grad,
        start=(0.0, 0.0),
        minimum=(float(slope), float(intercept)),
        value=float(np.mean((slope * x + intercept - y) ** 2) / 2),
        domain=_around_origin((slope, intercept)),
        source="Legendre (1805), Nouvelles méthodes, appendix; the minimum by numpy.polyfit",
        hess=lambda w: _as(w, np.array([[np.mean(x * x), np.mean(x)], [np.mean(x), 1.0]])),
    )


def logistic_regression(points: np.ndarray, labels: np.ndarray, *, l2: float = 0.01) -> Objective:
    r"""The mean log loss of :math:`P(1 \mid x) = 1 / (1 + e^{-w \cdot x})`, with an L2 penalty, over ``w``.

    Parameters
    ----------
    points : array of floats, shape ``(n, dim)``
        With ``dim`` of 2 or more; a column of ones makes an intercept of its weight.
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
    dim, n = points.shape[1], len(points)

    def logits(w: Array) -> Array:
        """Shape ``(n, ...)`` for a grid of weights ``(dim, ...)``."""
        return array_namespace(w).tensordot(_as(w, points), w, axes=1)

    def f(w: Array) -> Array:
        xp = array_namespace(w)
        z = logits(w)
        # log(1 + e^z) - label z, without overflow.
        losses = xp.log1p(xp.exp(-xp.abs(z))) + xp.where(z > 0, z, 0 * z) - _rows(w, labels) * z
        return xp.mean(losses, axis=0) + l2 / 2 * xp.sum(w**2, axis=0)

    def grad(w: Array) -> Array:
        xp = array_namespace(w)
        missed = _sigmoid(logits(w)) - _rows(w, labels)
        return xp.tensordot(_as(w, points.T), missed, axes=1) / n + l2 * w

    def hess(w: Array) -> Array:
        p, x = _sigmoid(logits(w)), _as(w, points)
        return x.T @ (x * (p * (1 - p))[:, None]) / n + l2 * _as(w, np.eye(dim))

    bottom = np.zeros(dim)
    for _ in range(50):  # Newton's method, which on this convex loss ends at machine precision
        bottom = bottom - np.linalg.solve(hess(bottom), grad(bottom))
    return Objective(
        name="logistic regression",
        formula=r"f(w) = \frac1n \sum_i \left[\log(1 + e^{w \cdot x_i}) - y_i\, w \cdot x_i\right]"
        r" + \tfrac{\lambda}{2} \lVert w \rVert^2",
        f=f,
        grad=grad,
        start=(0.0,) * dim,
        minimum=tuple(bottom.tolist()),
        value=float(f(bottom)),
        domain=_around_origin(tuple(bottom)),
        source="Cox (1958), J. R. Stat. Soc. B 20(2), 215-242; the minimum by Newton's method",
        hess=hess,
    )


def _as(w: Array, data: np.ndarray) -> Array:
    """``data`` in ``w``'s library, dtype and device."""
    return array_namespace(w).asarray(data.tolist(), dtype=w.dtype, device=device(w))


def _rows(w: Array, data: np.ndarray) -> Array:
    """``data`` along the first axis, constant along the axes of a grid of weights."""
    return array_namespace(w).reshape(_as(w, data), (-1,) + (1,) * (w.ndim - 1))


def _sigmoid(z: Array) -> Array:
    xp = array_namespace(z)
    small = xp.exp(-xp.abs(z))
    return xp.where(z >= 0, 1 / (1 + small), small / (1 + small))


def _around_origin(point: tuple[float, ...]) -> tuple[tuple[float, float], ...]:
    """A box that holds both the start at 0 and the minimum, with room."""
    reach = 1.5 * max(1.0, *(abs(float(x)) for x in point))
    return ((-reach, reach),) * len(point)
