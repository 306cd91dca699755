"""Functions to descend: each with its gradient, its minimum and the region worth drawing.

``f`` and ``grad`` take the coordinates along the first axis, as ``scipy.optimize.rosen`` does: a point of n coordinates
has shape ``(n,)`` and a grid of them ``(n, rows, columns)``. A function of one number (``dim == 0``) is elementwise.
"""

import math
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
    ``hess``, where there is one, gives the matrix of second derivatives at one point, shape ``(n, n)``.
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
    hess: Callable[[Array], Array] | None = None

    @property
    def dim(self) -> int:
        """How many coordinates a point has; 0 for a function of one number."""
        return len(self.start) if isinstance(self.start, tuple) else 0


def _matrix(*entries: Array) -> Array:
    """Two rows of two entries."""
    xp = array_namespace(*entries)
    return xp.reshape(xp.stack(entries), (2, 2))


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
    hess=lambda x: 8 + 0 * x,
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
        return xp.reshape(xp.asarray(curvatures, dtype=x.dtype, device=device(x)), (dim,) + (1,) * (x.ndim - 1))

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
        hess=lambda x: array_namespace(x).eye(dim, dtype=x.dtype, device=device(x)) * h(x),
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
    hess=lambda x: _matrix(1200 * x[0] ** 2 - 400 * x[1] + 2, -400 * x[0], -400 * x[0], 200 + 0 * x[0]),
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
    source="Dauphin et al. (2014), NeurIPS: the simplest critical point that is no minimum",
    hess=lambda x: _matrix(2 + 0 * x[0], 0 * x[0], 0 * x[0], 0 * x[0] - 2),
)


two_wells = Objective(
    name="two wells",
    formula=r"f(x, y) = x^2 + \tfrac14 \left(y^2 - 1\right)^2",
    f=lambda x: x[0] ** 2 + (x[1] ** 2 - 1) ** 2 / 4,
    grad=lambda x: array_namespace(x).stack([2 * x[0], x[1] * (x[1] ** 2 - 1)]),
    start=(1.5, 1e-3),
    minimum=(0.0, 1.0),
    value=0.0,
    domain=((-2.0, 2.0), (-1.6, 1.6)),
    source="the least that has a saddle (the origin) between two minima; the other is (0, -1)",
    hess=lambda x: _matrix(2 + 0 * x[0], 0 * x[0], 0 * x[0], 3 * x[1] ** 2 - 1),
)


def _beale(x: Array) -> list[Array]:
    return [c - x[0] + x[0] * x[1] ** k for k, c in enumerate((1.5, 2.25, 2.625), start=1)]


def _beale_grad(x: Array) -> Array:
    r1, r2, r3 = _beale(x)
    by_x = 2 * (r1 * (x[1] - 1) + r2 * (x[1] ** 2 - 1) + r3 * (x[1] ** 3 - 1))
    by_y = 2 * x[0] * (r1 + 2 * r2 * x[1] + 3 * r3 * x[1] ** 2)
    return array_namespace(x).stack([by_x, by_y])


beale = Objective(
    name="Beale",
    formula=r"\begin{aligned} f(x, y) = {} & (1.5 - x + xy)^2 \\ & + (2.25 - x + xy^2)^2 \\"
    r" & + (2.625 - x + xy^3)^2 \end{aligned}",
    f=lambda x: sum(r**2 for r in _beale(x)),
    grad=_beale_grad,
    start=(1.0, 1.0),
    minimum=(3.0, 0.5),
    value=0.0,
    domain=((-4.5, 4.5), (-4.5, 4.5)),
    source="Beale (1958), report 25, Princeton; Moré, Garbow & Hillstrom (1981), problem 5",
)


def _himmelblau_grad(x: Array) -> Array:
    r1, r2 = x[0] ** 2 + x[1] - 11, x[0] + x[1] ** 2 - 7
    return array_namespace(x).stack([4 * x[0] * r1 + 2 * r2, 2 * r1 + 4 * x[1] * r2])


himmelblau = Objective(
    name="Himmelblau",
    formula="f(x, y) = (x^2 + y - 11)^2 + (x + y^2 - 7)^2",
    f=lambda x: (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2,
    grad=_himmelblau_grad,
    start=(0.0, 0.0),
    minimum=(3.0, 2.0),
    value=0.0,
    domain=((-5.0, 5.0), (-5.0, 5.0)),
    source="Himmelblau (1972), Applied Nonlinear Programming, McGraw-Hill. Three more minima have the same value, "
    "near (-2.805, 3.131), (-3.779, -3.283) and (3.584, -1.848)",
)

rastrigin = Objective(
    name="Rastrigin",
    formula=r"f(x, y) = 20 + \sum_i \left(x_i^2 - 10 \cos 2\pi x_i\right)",
    f=lambda x: 20 + array_namespace(x).sum(x**2 - 10 * array_namespace(x).cos(2 * math.pi * x), axis=0),
    grad=lambda x: 2 * x + 20 * math.pi * array_namespace(x).sin(2 * math.pi * x),
    start=(2.2, -1.7),
    minimum=(0.0, 0.0),
    value=0.0,
    domain=((-5.12, 5.12), (-5.12, 5.12)),
    source="Rastrigin (1974), Systems of Extremal Control, Nauka; about 100 local minima in this square",
)
