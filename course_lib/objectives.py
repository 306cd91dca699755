"""Functions to descend: each with its gradient, its minimum and the region worth drawing.

``f`` and ``grad`` take the coordinates along the first axis, as ``scipy.optimize.rosen`` does: a point of n coordinates
has shape ``(n,)`` and a grid of them ``(n, rows, columns)``. A function of one number (``dim == 0``) is elementwise.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course_lib.arrays import Array, array_namespace, device


@dataclass(frozen=True)
class Objective:
    """A function to minimize.

    ``start`` is where its trajectories usually begin; ``minimum`` the point of the least value and ``value`` that
    value (both None where there is none). A point is a number where ``dim`` is 0, else a tuple of ``dim`` numbers.
    ``domain`` holds ``(low, high)`` for each coordinate, ``formula`` is TeX, ``source`` says where it comes from.
    """

    name: str
    formula: str
    f: Callable[[Array], Array]
    grad: Callable[[Array], Array]
    start: float | tuple[float, ...]
    minimum: float | tuple[float, ...] | None
    value: float | None
    domain: tuple[tuple[float, float], ...]
    source: str

    @property
    def dim(self) -> int:
        """How many coordinates a point has; 0 for a function of one number."""
        return len(self.start) if isinstance(self.start, tuple) else 0


parabola = Objective(
    name="4x²",
    formula="f(x) = 4x^2",
    f=lambda x: 4 * x**2,
    grad=lambda x: 8 * x,
    start=2.0,
    minimum=0.0,
    value=0.0,
    domain=((-2.5, 2.5),),
    source="the course's first example",
)


def quadratic(condition: float = 10.0, dim: int = 2) -> Objective:
    r"""The bowl :math:`f(x) = \tfrac12 \sum_i h_i x_i^2` with curvatures :math:`h_i` from 1 to ``condition``.

    The curvatures are spaced evenly in the logarithm, so the condition number :math:`h_n / h_1` is ``condition``.

    Raises
    ------
    ValueError
        If ``condition`` is below 1 or ``dim`` below 2 (one curvature alone has condition number 1: use ``parabola``).

    Examples
    --------
    >>> bowl = quadratic(condition=100)
    >>> print(bowl.f(np.array([1.0, 1.0])), bowl.grad(np.array([1.0, 1.0])))
    50.5 [  1. 100.]
    """
    if not condition >= 1:
        raise ValueError(
            f"condition={condition}: a condition number is the largest curvature over the least, so 1 or more"
        )
    if dim < 2:
        raise ValueError(f"dim={dim}: a condition number takes at least two curvatures; for one dimension use parabola")
    curvatures = np.geomspace(1.0, condition, dim)

    def h(x: Array) -> Array:
        """The curvatures, one for each row of ``x``."""
        xp = array_namespace(x)
        return xp.reshape(
            xp.asarray(curvatures.tolist(), dtype=x.dtype, device=device(x)), (dim,) + (1,) * (x.ndim - 1)
        )

    return Objective(
        name=f"quadratic, condition number {condition:g}",
        formula=r"f(x) = \tfrac12 \sum_i h_i x_i^2",
        f=lambda x: array_namespace(x).sum(h(x) * x**2, axis=0) / 2,
        grad=lambda x: h(x) * x,
        start=(2.0,) * dim,
        minimum=(0.0,) * dim,
        value=0.0,
        domain=((-2.5, 2.5),) * dim,
        source="Nocedal & Wright (2006), Numerical Optimization, section 3.3",
    )


rosenbrock = Objective(
    name="Rosenbrock's valley",
    formula="f(x, y) = (1 - x)^2 + 100\\,(y - x^2)^2",
    f=lambda x: (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2,
    grad=lambda x: array_namespace(x).stack(
        [-2 * (1 - x[0]) - 400 * x[0] * (x[1] - x[0] ** 2), 200 * (x[1] - x[0] ** 2)]
    ),
    start=(-1.2, 1.0),
    minimum=(1.0, 1.0),
    value=0.0,
    domain=((-2.0, 2.0), (-1.0, 3.0)),
    source="Rosenbrock (1960), Comput. J. 3(3), 175-184; Moré, Garbow & Hillstrom (1981), problem 1",
)

saddle = Objective(
    name="saddle",
    formula="f(x, y) = x^2 - y^2",
    f=lambda x: x[0] ** 2 - x[1] ** 2,
    grad=lambda x: array_namespace(x).stack([2 * x[0], -2 * x[1]]),
    start=(1.5, 1e-3),
    minimum=None,
    value=None,
    domain=((-2.0, 2.0), (-2.0, 2.0)),
    source="Dauphin et al. (2014), NeurIPS, section 2: the simplest critical point that is no minimum",
)
