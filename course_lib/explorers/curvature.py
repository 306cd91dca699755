"""L-BFGS in Rosenbrock's valley with a memory of m pairs, and what its model looks like at every point."""

from functools import cache
from typing import Any

import numpy as np

from course_lib.descent import Trajectory, minimize
from course_lib.explorers.base import Explorer
from course_lib.explorers.kept import kept
from course_lib.explorers.plane import level_lines, packed
from course_lib.line_search import two_loop_recursion
from course_lib.objectives import rosenbrock
from course_lib.optimizers import lbfgs_init, lbfgs_step
from course_lib.plotting import Figure, figure, ink

MEMORIES = (1, 2, 3, 5, 10, 40)
STEPS = 48
VIEW = ((-1.7, 1.5), (-0.9, 2.3))
LEVELS = (3.0, 15.0, 60.0, 200.0, 600.0)
LEAST = 1e-12  # losses below are drawn here
DONE = 1e-8  # a loss that counts as having arrived
MOST = 2.5  # coordinates and axes of ellipses are smaller
FARTHEST = 4.0  # jumps beyond are not drawn


@kept
def curvature_explorer(memory: int = 3, step: int = 9) -> Explorer:
    """How much of the Hessian a few pairs know.

    Parameters
    ----------
    memory : int
        How many pairs are remembered at first, one of ``MEMORIES``.
    step : int
        The point at which the model is shown at first, up to ``STEPS``.

    Raises
    ------
    ValueError
        If ``memory`` or ``step`` is none of these.
    """
    if memory not in MEMORIES or not 0 <= step <= STEPS:
        raise ValueError(f"memory is one of {MEMORIES} and step from 0 to {STEPS}; not {memory} and {step}")
    return Explorer(
        kind="curvature",
        title="What do a few pairs know of the curvature?",
        data=_data(),
        state={"memory": MEMORIES.index(memory), "step": step},
        fallback=_fallback(),
    )


def run(memory: int) -> Trajectory:
    """The walk with a memory of so many pairs."""
    return minimize(
        rosenbrock, lbfgs_init, lbfgs_step, steps=STEPS + 1, max_iter=1, max_eval=50, history_size=memory,
        tolerance_grad=0, tolerance_change=0, line_search_fn="strong_wolfe",
    )  # fmt: skip


def model(path: Trajectory, step: int) -> np.ndarray:
    """The inverse Hessian with which the walk goes on from the point ``w[step]``, as a matrix."""
    state = path.states[step + 1]
    H = np.stack([two_loop_recursion(axis, state.s, state.y) for axis in np.eye(2)])  # noqa: N806 - the book's symbol
    return np.asarray((H + H.T) / 2)


def axes(inverse: np.ndarray) -> np.ndarray | None:
    """The two half axes, the longer first, of the ellipse of moves ``d`` with ``d @ inv(inverse) @ d == 1``, as rows.

    None where the matrix is not positive definite: there is no such ellipse.

    >>> axes(np.diag([4.0, 9.0])).round(3) + 0.0
    array([[0., 3.],
           [2., 0.]])
    """
    squares, directions = np.linalg.eigh(inverse)
    if squares[0] <= 0:
        return None
    rows = (directions * np.sqrt(squares)).T[::-1]
    return np.asarray(rows * np.where(rows[:, 1:] < 0, -1, 1))


def hessian_axes(w: np.ndarray) -> np.ndarray | None:
    """The same of the true Hessian at ``w``."""
    assert rosenbrock.hess is not None
    return axes(np.linalg.inv(rosenbrock.hess(w)))


def jump(path: Trajectory, step: int) -> np.ndarray:
    """Where the model has its bottom: the point to which a full step leads."""
    return np.asarray(path.w[step] - model(path, step) @ path.grad[step])


@cache
def _data() -> dict[str, Any]:
    return {
        "view": VIEW,
        "levels": level_lines(rosenbrock, LEVELS, VIEW),
        "minimum": rosenbrock.minimum,
        "memories": MEMORIES,
        "steps": STEPS,
        "runs": [_run(memory) for memory in MEMORIES],
    }


def _run(memory: int) -> dict[str, Any]:
    """What is drawn and said of one walk, point by point."""
    path, points = run(memory), range(STEPS + 1)
    ours = [axes(model(path, k)) for k in points]
    true = [hessian_axes(path.w[k]) for k in points]
    arrived = np.flatnonzero(path.loss <= DONE)
    return {
        "points": packed(path.w[: STEPS + 1], MOST),
        "loss": packed(np.log10(np.maximum(path.loss[: STEPS + 1], LEAST)), 16),
        "model": packed(_stacked(ours), MOST),
        "hessian": packed(_stacked(true), MOST),
        "jump": packed(np.stack([jump(path, k) for k in points]), FARTHEST),
        "pairs": [len(path.states[k + 1].s) for k in points],
        "longer": [_longer(each) for each in ours],
        "truly": [_longer(each) for each in true],
        "arrived": int(arrived[0]) if len(arrived) else None,
    }


def _stacked(half_axes: list[np.ndarray | None]) -> np.ndarray:
    """All of them in one array, with nan where there is no ellipse."""
    return np.stack([np.full((2, 2), np.nan) if each is None else each for each in half_axes])


def _longer(half_axes: np.ndarray | None) -> float | None:
    """How many times as long as wide."""
    if half_axes is None:
        return None
    lengths = np.linalg.norm(half_axes, axis=1)
    return round(float(lengths[0] / lengths[1]), 2)


def _fallback() -> Figure:
    counts = {memory: int(np.argmax(run(memory).loss <= DONE)) for memory in (1, 3, 10)}
    told = ", ".join(f"with {memory} at step {count}" for memory, count in counts.items())
    alt = f"""Loss of L-BFGS in Rosenbrock's valley with memories of 1, 3 and 10 pairs. All fall slowly at first and
    then faster and faster. They are down to a hundred-millionth {told}."""
    with figure(alt, height=200) as drawing:
        for memory, colour, line in zip(counts, ("orange", "purple", "green"), (":", "--", "-"), strict=True):
            loss = np.maximum(run(memory).loss, LEAST)
            drawing.ax.plot(loss, line, color=ink(colour), label=f"{memory} pair" + "s" * (memory > 1))
        drawing.ax.set(xlabel="step", ylabel="loss", yscale="log")
        drawing.ax.minorticks_off()
        drawing.ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3)
    return drawing
