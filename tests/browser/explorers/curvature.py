"""LBFGS on Rosenbrock's valley: what its pairs of steps say about the curvature."""

import numpy as np

from course_lib.explorers import curvature
from course_lib.objectives import rosenbrock
from course_lib.optimizers.bfgs import updated_inverse
from tests.browser.explorers.base import Case, Lines, State


def expected(state: State) -> Lines:
    """The ellipse by the matrix that BFGS makes of the same pairs, and its level line point by point."""
    path, step = curvature.run(curvature.MEMORIES[state["memory"]]), state["step"]
    w, loss = path.w[: curvature.STEPS + 1], path.loss[: curvature.STEPS + 1]
    s, y = path.states[step + 1].s, path.states[step + 1].y
    H = np.eye(2) * (y[-1] @ s[-1] / (y[-1] @ y[-1]) if s else 1)  # noqa: N806 - the book's symbol
    for move, change in zip(s, y, strict=True):
        H = updated_inverse(H, move, change)  # noqa: N806
    lines = {
        "walk": w,
        "loss": np.stack([np.arange(len(loss)), np.log10(np.maximum(loss, curvature.LEAST))], axis=1),
        "model": _ellipse(w[step], H),
    }
    inverse = np.linalg.inv(rosenbrock.hess(w[step]))
    if np.linalg.eigvalsh(inverse)[0] > 0:
        lines["hessian"] = _ellipse(w[step], inverse)
    bottom = w[step] - H @ path.grad[step]
    if (np.abs(bottom) <= curvature.FARTHEST).all():
        lines["jump"] = np.stack([w[step], bottom])
    return lines


def _ellipse(centre: np.ndarray, inverse: np.ndarray) -> np.ndarray:
    squares, directions = np.linalg.eigh(inverse)
    minor, major = (np.sqrt(squares) * np.where(directions[1] < 0, -1, 1) * directions).T
    turn = np.arange(41)[:, None] * np.pi / 20
    return np.asarray(centre + np.cos(turn) * major + np.sin(turn) * minor)


def says(state: State) -> str:
    pairs = len(curvature.run(curvature.MEMORIES[state["memory"]]).states[state["step"] + 1].s)
    return f"From {pairs} pair{'s' * (pairs > 1)} the model is" if pairs else "No pair is known yet"


CASE = Case("chapters/lbfgs.html", ("Memory", "Step"), expected, says)
