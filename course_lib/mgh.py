r"""Five test problems of Moré, Garbow and Hillstrom beside Rosenbrock's: small, and hard in different ways.

Moré, J. J., Garbow, B. S., Hillstrom, K. E. (1981), "Testing unconstrained optimization software", ACM Trans. Math.
Softw. 7(1), 17-41. Each is a sum of squares :math:`f = \sum_i r_i^2`; starts and values are theirs.
"""

import math

from course_lib.arrays import Array, array_namespace, device
from course_lib.objectives import Objective

SOURCE = "Moré, Garbow & Hillstrom (1981), ACM Trans. Math. Softw. 7(1), 17-41, problem "


def _freudenstein_roth(x: Array) -> tuple[Array, Array]:
    return -13 + x[0] + ((5 - x[1]) * x[1] - 2) * x[1], -29 + x[0] + ((x[1] + 1) * x[1] - 14) * x[1]


def _freudenstein_roth_grad(x: Array) -> Array:
    r1, r2 = _freudenstein_roth(x)
    by_x1 = 2 * r1 * (10 * x[1] - 3 * x[1] ** 2 - 2) + 2 * r2 * (3 * x[1] ** 2 + 2 * x[1] - 14)
    return array_namespace(x).stack([2 * (r1 + r2), by_x1])


freudenstein_roth = Objective(
    name="Freudenstein and Roth",
    formula=r"\begin{aligned} f = {} & (-13 + x + ((5 - y)y - 2)y)^2 \\"
    r" & + (-29 + x + ((y + 1)y - 14)y)^2 \end{aligned}",
    f=lambda x: sum(r**2 for r in _freudenstein_roth(x)),
    grad=_freudenstein_roth_grad,
    start=(0.5, -2.0),
    minimum=(5.0, 4.0),
    value=0.0,
    domain=((-5.0, 15.0), (-5.0, 6.0)),
    source=SOURCE + "2. From its start most methods end in the local minimum (11.41…, -0.8968…), value 48.9842…",
)


def _helical_valley(x: Array) -> tuple[Array, Array, Array]:
    xp = array_namespace(x)
    behind = xp.where((x[0] < 0) & (x[1] < 0), xp.ones_like(x[0]), xp.zeros_like(x[0]))
    turn = xp.atan2(x[1], x[0]) / (2 * math.pi) + behind  # from -1/4 to 3/4, as MGH cut it
    return 10 * (x[2] - 10 * turn), 10 * (xp.sqrt(x[0] ** 2 + x[1] ** 2) - 1), x[2]


def _helical_valley_grad(x: Array) -> Array:
    xp = array_namespace(x)
    r1, r2, _ = _helical_valley(x)
    squared = x[0] ** 2 + x[1] ** 2
    around, outward = 200 * r1 / (2 * math.pi * squared), 20 * r2 / xp.sqrt(squared)
    return xp.stack([around * x[1] + outward * x[0], -around * x[0] + outward * x[1], 20 * r1 + 2 * x[2]])


helical_valley = Objective(
    name="helical valley",
    formula=r"\begin{aligned} f(x, y, z) = {} & 100\,(z - 10\,\theta(x, y))^2 \\"
    r" & + 100\,(\sqrt{x^2 + y^2} - 1)^2 + z^2 \end{aligned}",
    f=lambda x: sum(r**2 for r in _helical_valley(x)),
    grad=_helical_valley_grad,
    start=(-1.0, 0.0, 0.0),
    minimum=(1.0, 0.0, 0.0),
    value=0.0,
    domain=((-2.0, 2.0), (-2.0, 2.0), (-1.0, 8.0)),
    source=SOURCE + "7. θ is the angle in turns, from -1/4 to 3/4",
)

_BARD_Y = (0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39)


def _bard(x: Array) -> tuple[Array, Array]:
    """The residuals along a new last axis, and their derivatives by the three coordinates, along the first."""
    xp = array_namespace(x)
    u = xp.arange(1, 16, dtype=x.dtype, device=device(x))
    v, y = 16 - u, xp.asarray(_BARD_Y, dtype=x.dtype, device=device(x))
    w = xp.where(u < v, u, v)
    below = v * x[1, ..., None] + w * x[2, ..., None]
    slopes = xp.stack([-xp.ones_like(below), u * v / below**2, u * w / below**2])
    return y - (x[0, ..., None] + u / below), slopes


def _bard_grad(x: Array) -> Array:
    residuals, slopes = _bard(x)
    return array_namespace(x).sum(2 * residuals * slopes, axis=-1)


bard = Objective(
    name="Bard",
    formula=r"f(x, y, z) = \sum_{i=1}^{15} \left(b_i - x - \frac{u_i}{v_i y + w_i z}\right)^2",
    f=lambda x: array_namespace(x).sum(_bard(x)[0] ** 2, axis=-1),
    grad=_bard_grad,
    start=(1.0, 1.0, 1.0),
    minimum=(0.08241056, 1.13303611, 2.34369516),
    value=8.214877306578e-3,
    domain=((-0.5, 1.5), (0.5, 2.5), (0.5, 3.0)),
    source=SOURCE + "8. Its value there is 8.21487e-3; more digits by SciPy's least_squares",
)


def _wood_grad(x: Array) -> Array:
    bend1, bend2 = x[1] - x[0] ** 2, x[3] - x[2] ** 2
    both = 20 * (x[1] + x[3] - 2)
    apart = 0.2 * (x[1] - x[3])
    return array_namespace(x).stack(
        [
            -400 * x[0] * bend1 - 2 * (1 - x[0]),
            200 * bend1 + both + apart,
            -360 * x[2] * bend2 - 2 * (1 - x[2]),
            180 * bend2 + both - apart,
        ]
    )


wood = Objective(
    name="Wood",
    formula=r"\begin{aligned} f = {} & 100(x_2 - x_1^2)^2 + (1 - x_1)^2 \\ & + 90(x_4 - x_3^2)^2 + (1 - x_3)^2 \\"
    r" & + 10(x_2 + x_4 - 2)^2 + \tfrac{1}{10}(x_2 - x_4)^2 \end{aligned}",
    f=lambda x: (
        100 * (x[1] - x[0] ** 2) ** 2
        + (1 - x[0]) ** 2
        + 90 * (x[3] - x[2] ** 2) ** 2
        + (1 - x[2]) ** 2
        + 10 * (x[1] + x[3] - 2) ** 2
        + (x[1] - x[3]) ** 2 / 10
    ),
    grad=_wood_grad,
    start=(-3.0, -1.0, -3.0, -1.0),
    minimum=(1.0, 1.0, 1.0, 1.0),
    value=0.0,
    domain=((-3.0, 3.0),) * 4,
    source=SOURCE + "14",
)


def _powell_singular_grad(x: Array) -> Array:
    first, second = x[0] + 10 * x[1], x[2] - x[3]
    third, fourth = (x[1] - 2 * x[2]) ** 3, (x[0] - x[3]) ** 3
    return array_namespace(x).stack(
        [2 * first + 40 * fourth, 20 * first + 4 * third, 10 * second - 8 * third, -10 * second - 40 * fourth]
    )


powell_singular = Objective(
    name="Powell's singular function",
    formula=r"\begin{aligned} f = {} & (x_1 + 10x_2)^2 + 5(x_3 - x_4)^2 \\"
    r" & + (x_2 - 2x_3)^4 + 10(x_1 - x_4)^4 \end{aligned}",
    f=lambda x: (x[0] + 10 * x[1]) ** 2 + 5 * (x[2] - x[3]) ** 2 + (x[1] - 2 * x[2]) ** 4 + 10 * (x[0] - x[3]) ** 4,
    grad=_powell_singular_grad,
    start=(3.0, -1.0, 0.0, 1.0),
    minimum=(0.0, 0.0, 0.0, 0.0),
    value=0.0,
    domain=((-4.0, 4.0),) * 4,
    source=SOURCE + "13. Its Hessian has rank 2 at the minimum",
)
