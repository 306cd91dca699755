"""How far to go along a direction, and which direction curvature suggests: the parts that LBFGS is made of.

Nocedal, J., Wright, S. J. (2006), *Numerical Optimization*, 2nd ed., chapters 3 (Wolfe conditions, line search) and 7
(two-loop recursion). The line search is the one of M. Schmidt's minFunc, which ``torch.optim.LBFGS`` follows.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from course_lib.arrays import Array, array_namespace

Closure = Callable[[Array], tuple[Any, Array]]  # w -> (loss, gradient)


class Probe(NamedTuple):
    """What is known at one point of a search.

    ``t`` is how far along the direction ``d`` it lies, ``f`` the loss there, ``slope`` the loss's derivative by ``t``
    (the inner product of ``g`` and ``d``), and ``g`` the gradient.
    """

    t: float
    f: float
    slope: float
    g: Array


def dot(a: Array, b: Array) -> float:
    """The inner product of two arrays of one shape, whatever the shape."""
    return float(array_namespace(a).sum(a * b))


def probe(w: Array, closure: Closure, d: Array, t: float) -> Probe:
    """Evaluate the loss and its slope at ``w + t * d``, with one call of ``closure``."""
    f, g = closure(w + t * d)
    return Probe(t, float(f), dot(g, d), g)


def two_loop_recursion(g: Array, s: Sequence[Array], y: Sequence[Array]) -> Array:
    r"""The product :math:`H g` of LBFGS's inverse Hessian with a gradient, without ever building :math:`H`.

    Nocedal & Wright (2006), Algorithm 7.4, starting from :math:`H^0 = \gamma I`, eq. (7.20).

    Parameters
    ----------
    g : array
        The gradient.
    s, y : sequences of arrays of ``g``'s shape
        The last moves :math:`s_i = w_{i+1} - w_i` and the changes of the gradient :math:`y_i = g_{i+1} - g_i` along
        them, the oldest first, each pair with :math:`y_i \cdot s_i > 0`. With none, :math:`H` is the identity.

    Returns
    -------
    array
        :math:`H g`, of ``g``'s shape and dtype. The step direction is its negative.

    Examples
    --------
    One pair along an axis of curvature 4 makes the step along it exact:

    >>> import numpy as np
    >>> move, change = np.array([1.0, 0.0]), np.array([4.0, 0.0])
    >>> print(two_loop_recursion(np.array([8.0, 4.0]), [move], [change]))
    [2. 1.]
    """
    rho = [1 / dot(y_i, s_i) for s_i, y_i in zip(s, y, strict=True)]
    pairs = list(zip(rho, s, y, strict=True))
    q, alphas = g, []
    for rho_i, s_i, y_i in reversed(pairs):
        alphas.append(rho_i * dot(s_i, q))
        q = q - alphas[-1] * y_i
    gamma = dot(y[-1], s[-1]) / dot(y[-1], y[-1]) if y else 1.0
    r = gamma * q
    for (rho_i, s_i, y_i), alpha in zip(pairs, reversed(alphas), strict=True):
        beta = rho_i * dot(y_i, r)
        r = r + (alpha - beta) * s_i
    return r


def sufficient_decrease(start: Probe, there: Probe, c1: float = 1e-4) -> bool:
    """Whether the loss fell by at least ``c1`` of what the slope promised: Nocedal & Wright (2006), eq. (3.6a)."""
    return there.f <= start.f + c1 * there.t * start.slope


def curvature(start: Probe, there: Probe, c2: float = 0.9) -> bool:
    """Whether the slope has risen to at least ``c2`` of the first: Nocedal & Wright (2006), eq. (3.6b)."""
    return there.slope >= c2 * start.slope


def strong_curvature(start: Probe, there: Probe, c2: float = 0.9) -> bool:
    """Whether the slope's size has fallen to at most ``c2`` of the first: Nocedal & Wright (2006), eq. (3.7b)."""
    return abs(there.slope) <= -c2 * start.slope


def cubic_minimizer(a: Probe, b: Probe, bounds: tuple[float, float] | None = None) -> float:
    """Where the cubic through two probes, with their losses and slopes, is least.

    Nocedal & Wright (2006), eq. (3.59). Where that cubic has no minimum, the middle of the bounds.

    Parameters
    ----------
    a, b : Probe
        At two different distances, in either order.
    bounds : two floats, optional
        The answer is clipped to them; by default they are the two distances.

    Examples
    --------
    >>> parabola = lambda t: Probe(t, (t - 1) ** 2, slope=2 * (t - 1), g=None)
    >>> cubic_minimizer(parabola(0.0), parabola(3.0))
    1.0
    """
    a, b = sorted((a, b), key=lambda p: p.t)
    low, high = bounds or (a.t, b.t)
    d1 = a.slope + b.slope - 3 * (a.f - b.f) / (a.t - b.t)
    d2_squared = d1**2 - a.slope * b.slope
    if not 0 <= d2_squared < math.inf:
        return (low + high) / 2
    d2 = math.sqrt(d2_squared)
    if (bend := b.slope - a.slope + 2 * d2) == 0:
        return (low + high) / 2
    return min(max(b.t - (b.t - a.t) * (b.slope + d2 - d1) / bend, low), high)


def strong_wolfe(
    along: Callable[[float], Probe],
    start: Probe,
    t: float,
    *,
    c1: float = 1e-4,
    c2: float = 0.9,
    least_width: float = 1e-9,
    max_tries: int = 25,
) -> tuple[Probe, int]:
    """Find a point along a descent direction that satisfies both strong Wolfe conditions.

    First widen (``bracket``) until some interval must hold such a point, then narrow it (``zoom``).

    Parameters
    ----------
    along : callable
        ``along(t) -> Probe``; each call costs one evaluation of loss and gradient.
    start : Probe
        The point at ``t = 0``, with a negative slope.
    t : float
        The first distance to try.
    c1, c2 : float
        What ``sufficient_decrease`` and ``strong_curvature`` ask.
    least_width : float
        The interval's width at which narrowing ends.
    max_tries : int
        The most evaluations after the first.

    Returns
    -------
    found : Probe
        The point, or the lowest seen where tries or width ran out first: possibly ``start`` itself.
    evaluations : int
        How often ``along`` was called.

    Examples
    --------
    >>> parabola = lambda t: Probe(t, (t - 1) ** 2, slope=2 * (t - 1), g=None)
    >>> found, evaluations = strong_wolfe(parabola, parabola(0.0), t=0.01)
    >>> round(found.t, 3), evaluations
    (0.1, 2)
    """
    interval, evaluations, settled = bracket(along, start, t, c1=c1, c2=c2, max_tries=max_tries)
    if settled:
        return min(interval, key=_height), evaluations
    return zoom(
        along, start, interval, evaluations, c1=c1, c2=c2, least_width=least_width, max_evaluations=max_tries + 1
    )


def bracket(
    along: Callable[[float], Probe], start: Probe, t: float, *, c1: float, c2: float, max_tries: int
) -> tuple[list[Probe], int, bool]:
    """Go ever farther until a point that satisfies the strong Wolfe conditions is found, or passed.

    Returns
    -------
    interval, evaluations, settled
        Two probes around such a point; or, settled, the one found, or start and last where the tries ran out.
    """
    previous, here = start, along(t)
    for tries in range(max_tries):
        if not sufficient_decrease(start, here, c1) or (tries > 1 and here.f >= previous.f):
            return [previous, here], tries + 1, False
        if strong_curvature(start, here, c2):
            return [here], tries + 1, True
        if here.slope >= 0:
            return [previous, here], tries + 1, False
        bounds = (here.t + 0.01 * (here.t - previous.t), here.t * 10)
        previous, here = here, along(cubic_minimizer(previous, here, bounds))
    return [start, here], max_tries + 1, True


def zoom(
    along: Callable[[float], Probe],
    start: Probe,
    interval: list[Probe],
    evaluations: int,
    *,
    c1: float,
    c2: float,
    least_width: float,
    max_evaluations: int,
) -> tuple[Probe, int]:
    """Narrow an interval until its lower end satisfies the strong Wolfe conditions.

    Returns
    -------
    found, evaluations
        The lower end at last, and ``evaluations`` plus those made here.
    """
    ends, stalled = list(interval), False
    low = _lower(ends)
    while evaluations < max_evaluations and abs(ends[1].t - ends[0].t) >= least_width:
        t, stalled = _inside(cubic_minimizer(ends[0], ends[1]), ends, stalled)
        here, evaluations = along(t), evaluations + 1
        if not sufficient_decrease(start, here, c1) or here.f >= ends[low].f:
            ends[1 - low] = here
            low = _lower(ends)
            continue
        if strong_curvature(start, here, c2):
            return here, evaluations
        if here.slope * (ends[1 - low].t - ends[low].t) >= 0:
            ends[1 - low] = ends[low]
        ends[low] = here
    return ends[low], evaluations


def _lower(ends: list[Probe]) -> int:
    return 0 if _height(ends[0]) <= _height(ends[1]) else 1


def _height(p: Probe) -> float:
    return math.inf if math.isnan(p.f) else p.f


def _inside(t: float, ends: list[Probe], stalled: bool) -> tuple[float, bool]:
    """``t``, moved off an end of the interval that it came too near to twice running; and whether it did so once."""
    left, right = sorted(p.t for p in ends)
    margin = 0.1 * (right - left)
    if min(right - t, t - left) >= margin:
        return t, False
    if not stalled and left < t < right:
        return t, True
    return (right - margin if abs(t - right) < abs(t - left) else left + margin), False
