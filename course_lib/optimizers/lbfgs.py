r"""LBFGS: Newton's direction from the last few moves, without a matrix.

Liu, D. C., Nocedal, J. (1989), "On the limited memory BFGS method for large scale optimization", Math. Program. 45,
503-528; Nocedal, J., Wright, S. J. (2006), *Numerical Optimization*, 2nd ed., Algorithm 7.5. The stopping rules and the
first step's length are those of M. Schmidt's minFunc, as in ``torch.optim.LBFGS``.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from course_lib.arrays import Array, array_namespace
from course_lib.line_search import Closure, Probe, dot, probe, strong_wolfe, two_loop_recursion

LEAST_WIDTH = 1e-9  # of the line search's interval, as the largest move of a weight
LEAST_CURVATURE = 1e-10  # of y·s, for a pair to be remembered: absolute in torch, so not free of the loss's scale


class LBFGSState(NamedTuple):
    """What one ``lbfgs_step`` leaves to the next.

    ``t`` counts the iterations so far and ``evals`` the closure's calls (torch's ``n_iter``, ``func_evals``). ``s`` and
    ``y`` hold the last moves and the changes of the gradient along them, the oldest first (``old_stps``,
    ``old_dirs``). ``move`` is the last move, not yet among them, and ``g`` the gradient before it; both None at first.
    """

    t: int
    evals: int
    s: tuple[Array, ...]
    y: tuple[Array, ...]
    move: Array
    g: Array


def lbfgs_init(w: Array) -> LBFGSState:
    """State before the first step: nothing remembered."""
    return LBFGSState(t=0, evals=0, s=(), y=(), move=None, g=None)


def lbfgs_step(
    w: Array,
    closure: Closure,
    state: LBFGSState,
    *,
    lr: float = 1.0,
    max_iter: int = 20,
    max_eval: int | None = None,
    tolerance_grad: float = 1e-7,
    tolerance_change: float = 1e-9,
    history_size: int = 100,
    line_search_fn: str | None = None,
) -> tuple[Array, LBFGSState]:
    r"""Up to ``max_iter`` iterations from ``w``, each along :math:`-H_k g_k`.

    .. math::
        w_{k+1} &= w_k - \alpha_k H_k g_k \\
        s_k &= w_{k+1} - w_k, \qquad y_k = g_{k+1} - g_k

    with :math:`H_k g_k` from the pairs :math:`s, y` by the two-loop recursion (``course_lib.line_search``).

    Parameters
    ----------
    w : array of floats, any shape
        The weights.
    closure : callable
        ``closure(w) -> (loss, grad)`` at any weights of ``w``'s shape.
    state : LBFGSState
    lr : float
        :math:`\alpha_k`, or what the line search tries first. The very first iteration takes
        :math:`\min(1, 1/\lVert g \rVert_1)` of it.
    max_iter : int
        The most iterations in one step.
    max_eval : int, optional
        After as many calls of the closure no further iteration begins, and a line search ends, as in torch from 2.10 on
        (2.9 lets one look on); ``max_iter * 5 // 4`` unless given.
    tolerance_grad : float
        Stop once no entry of the gradient is larger.
    tolerance_change : float
        Stop once no weight moves by more, the loss changes by less, or the slope along the direction is less steep.
    history_size : int
        How many pairs are remembered.
    line_search_fn : None or ``"strong_wolfe"``
        Without a search :math:`\alpha_k` is lr.

    Returns
    -------
    w, state
        The last point and the new state. The inputs are not changed.

    Notes
    -----
    Every step begins with a call of the closure; without a line search the last iteration does not end with one. A loss
    of nan counts as too high a loss in the line search, where torch would go on from it.

    Examples
    --------
    >>> import numpy as np
    >>> curvatures = np.array([1.0, 10.0])
    >>> bowl = lambda w: (0.5 * np.sum(curvatures * w**2), curvatures * w)
    >>> w = np.array([2.0, 2.0])
    >>> state = lbfgs_init(w)
    >>> w, state = lbfgs_step(w, bowl, state, line_search_fn="strong_wolfe")
    >>> print(abs(w).max() < 1e-6, state.t, state.evals)
    True 7 7
    """
    calls = max_iter * 5 // 4 if max_eval is None else max_eval
    last, budget = state.t + max_iter, state.evals + calls
    here, state = _look(w, closure, state)
    # "not <=" instead of ">": with a nan it goes on, as torch does
    while state.t < last and not _largest(here.g) <= tolerance_grad:
        d, t, start, state = _direction(here, state, lr, history_size)
        if start.slope > -tolerance_change:
            break
        if line_search_fn is None and state.t == last:
            return w + t * d, state  # nothing will ask for the loss there
        along = partial(probe, w, closure, d)
        there, state = _go(along, start, t, d, state, line_search_fn, budget)
        w = w + there.t * d
        stalled = _stalled(here, there, state.move, tolerance_change)
        if stalled or state.evals >= budget:
            break
        here = there
    return w, state


def _look(w: Array, closure: Closure, state: LBFGSState) -> tuple[Probe, LBFGSState]:
    """Loss and gradient where the step begins; there is no direction yet, and so no slope along it."""
    loss, g = closure(w)
    return Probe(0.0, float(loss), 0.0, g), state._replace(evals=state.evals + 1)


def remember(
    s: Sequence[Array],
    y: Sequence[Array],
    move: Array,
    change: Array,
    history_size: int,
) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
    r"""The pairs with a new one at the end, where it shows curvature: Nocedal & Wright (2006), section 7.2.

    Parameters
    ----------
    s, y : sequences of arrays of one shape
        The pairs so far, the oldest first.
    move, change : arrays of that shape
        The new pair. It is left out unless :math:`y \cdot s > 10^{-10}`, so that :math:`-Hg` always leads downhill.
    history_size : int
        How many pairs are kept, at least 1; the oldest are dropped first.

    Returns
    -------
    s, y : tuples of arrays

    Examples
    --------
    >>> import numpy as np
    >>> move = np.array([1.0, 0.0])
    >>> len(remember((), (), move, 4 * move, history_size=5)[0]), len(remember((), (), move, -move, history_size=5)[0])
    (1, 0)
    """
    if dot(change, move) > LEAST_CURVATURE:
        s, y = (*s, move)[-history_size:], (*y, change)[-history_size:]
    return tuple(s), tuple(y)


def _direction(here: Probe, state: LBFGSState, lr: float, history_size: int) -> tuple[Array, float, Probe, LBFGSState]:
    """Where to go, how far to try first, how it begins; and the state with the last move among its pairs."""
    s, y, g = state.s, state.y, here.g
    if state.t > 0:
        s, y = remember(s, y, state.move, g - state.g, history_size)
    d = -two_loop_recursion(g, s, y)
    t = lr if state.t > 0 else lr * min(1.0, 1 / float(array_namespace(g).sum(abs(g))))
    start = Probe(0.0, here.f, dot(g, d), g)
    return d, t, start, LBFGSState(state.t + 1, state.evals, s, y, t * d, g)


def _go(
    along: Callable[[float], Probe],
    start: Probe,
    t: float,
    d: Array,
    state: LBFGSState,
    line_search_fn: str | None,
    last_eval: int,
) -> tuple[Probe, LBFGSState]:
    """The next point, and the state with the move there."""
    if line_search_fn is None:
        there, calls = along(t), 1
    else:
        width, tries = LEAST_WIDTH / _largest(d), last_eval - state.evals
        there, calls = strong_wolfe(along, start, t, least_width=width, max_tries=tries)
    return there, state._replace(evals=state.evals + calls, move=there.t * d)


def _stalled(here: Probe, there: Probe, move: Array, tolerance_change: float) -> bool:
    return _largest(move) <= tolerance_change or abs(there.f - here.f) < tolerance_change


def _largest(x: Array) -> float:
    return float(array_namespace(x).max(abs(x)))
