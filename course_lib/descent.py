"""The loop that every optimizer runs in: gradient, step, record."""

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from course_lib.arrays import Array, array_namespace, is_array, to_numpy
from course_lib.objectives import Objective


class Trajectory(NamedTuple):
    """What ``minimize`` recorded, from the start (index 0) to the last step.

    ``w`` and ``grad`` have shape ``(steps + 1, *w.shape)`` and ``loss`` has shape ``(steps + 1,)``, as NumPy arrays in
    the weights' dtype; ``states`` holds the ``steps + 1`` states, the initial one first. A function of one number takes
    an array of them as well, each on its own: ``loss`` then has the shape of ``w``.
    """

    w: np.ndarray
    loss: np.ndarray
    grad: np.ndarray
    states: tuple[Any, ...]


def minimize(
    objective: Objective,
    init: Callable[[Array], Any],
    step: Callable[..., tuple[Array, Any]],
    *,
    w: Array | None = None,
    steps: int = 20,
    **settings: Any,
) -> Trajectory:
    """Run ``step`` on ``objective`` and keep every point.

    Parameters
    ----------
    objective : Objective
    init, step : callables
        A step and its init (``sgd_init, sgd_step``, a learner's own, or those of ``from_torch``). A step whose second
        argument is called ``closure`` (``lbfgs_step``) gets ``closure(w) -> (loss, grad)`` instead of the gradient.
    w : array of floats, optional
        Where to start; a float64 NumPy array of ``objective.start`` unless given.
    steps : int
        How many steps to take.
    **settings
        Passed to every ``step``: ``lr=0.1``, ``momentum=0.9``, …

    Raises
    ------
    ValueError
        If ``steps`` is negative or ``w`` does not have the objective's number of coordinates.
    TypeError
        If ``w`` holds no floats, or ``step`` does not return the pair ``(w, state)``.

    Notes
    -----
    A trajectory that diverges is kept as it is, up to ``inf`` and ``nan``.

    Examples
    --------
    >>> from course_lib.objectives import parabola
    >>> from course_lib.optimizers import gd_init, gd_step
    >>> path = minimize(parabola, gd_init, gd_step, steps=2, lr=1.0)
    >>> print(path.w, path.loss)
    [  2. -14.  98.] [1.6000e+01 7.8400e+02 3.8416e+04]
    """
    at = _starting_point(objective, w)
    if steps < 0:
        raise ValueError(f"steps={steps}: the number of steps is 0 or more")
    state, by_closure = init(at), takes_closure(step)
    points, states = [at], [state]
    with np.errstate(over="ignore", invalid="ignore"):  # divergence is a lesson here, not an accident
        for _ in range(steps):
            at, state = state_pair(step(at, _given(objective, at, by_closure), state, **settings), step)
            points.append(at)
            states.append(state)
        return _record(objective, points, states)


def takes_closure(step: Callable[..., Any]) -> bool:
    """Whether ``step`` evaluates loss and gradient itself, by a second argument called ``closure``."""
    return list(inspect.signature(step).parameters)[1:2] == ["closure"]


def _given(objective: Objective, at: Array, by_closure: bool) -> Any:
    return (lambda w: (objective.f(w), objective.grad(w))) if by_closure else objective.grad(at)


def _starting_point(objective: Objective, w: Array | None) -> Array:
    at = np.array(objective.start) if w is None else w
    if not is_array(at) or not array_namespace(at).isdtype(at.dtype, "real floating"):
        raise TypeError(f"w must be an array of floats, such as np.array({objective.start}); it is {w!r}")
    if objective.dim and tuple(at.shape) != (objective.dim,):
        raise ValueError(f"{objective.name} takes points of shape ({objective.dim},); w has shape {tuple(at.shape)}")
    return at


def state_pair(answer: Any, step: Callable[..., Any]) -> tuple[Array, Any]:
    """What ``step`` returned, refused with its name if it is no pair ``(w, state)``."""
    if not isinstance(answer, tuple) or len(answer) != 2:
        name = getattr(step, "__name__", "step")
        raise TypeError(f"{name} must return the pair (w, state); it returned {type(answer).__name__}")
    return answer


def _record(objective: Objective, points: list[Array], states: list[Any]) -> Trajectory:
    loss = [to_numpy(objective.f(p)) for p in points]
    grad = [to_numpy(objective.grad(p)) for p in points]
    return Trajectory(np.stack([to_numpy(p) for p in points]), np.stack(loss), np.stack(grad), tuple(states))
