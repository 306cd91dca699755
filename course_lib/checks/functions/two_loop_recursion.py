"""``two_loop_recursion``: what is asked of it, and the ways it goes wrong."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_lib.arrays import Array
from course_lib.checks.cases import numbers
from course_lib.checks.functions.common import FLOATS
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Misconception, Spec
from course_lib.line_search import dot, two_loop_recursion

PAGE = "chapters/lbfgs.html"
# Without the empty ones: along a move of no entries no curvature can be measured.
SHAPES: list[tuple[int, ...]] = [(), (4,), (2, 3)]


def wrong_recursion(ids: frozenset[str]) -> Callable[[Array, Sequence[Array], Sequence[Array]], Array]:
    """``two_loop_recursion`` with the mistakes ``ids``; without any, the reference."""

    def product(g: Array, s: Sequence[Array], y: Sequence[Array]) -> Array:
        pairs = list(zip(y, s, strict=True) if "s_and_y_swapped" in ids else zip(s, y, strict=True))
        oldest_first = range(len(pairs))
        newest_first = oldest_first[::-1]
        outward, back = (
            (oldest_first, newest_first)
            if "loops_swapped" in ids
            else (oldest_first if "first_loop_forwards" in ids else newest_first, oldest_first)
        )
        q, alphas = _first_loop(ids, g, pairs, outward)
        if "alphas_in_wrong_order" in ids:
            alphas = dict(zip(alphas, reversed(alphas.values()), strict=True))
        r = _gamma(ids, pairs) * q
        r = r if "second_loop_forgotten" in ids else _second_loop(ids, r, pairs, back, alphas)
        return -r if "negated" in ids else r

    return product


Pairs = list[tuple[Array, Array]]


def _first_loop(ids: frozenset[str], g: Array, pairs: Pairs, order: range) -> tuple[Array, dict[int, float]]:
    q, alphas = g, {}
    for i in order:
        s, y = pairs[i]
        alphas[i] = _rho(ids, pairs, i) * dot(y if "alpha_from_y" in ids else s, g if "alpha_from_g" in ids else q)
        q = q - alphas[i] * (s if "first_loop_takes_s" in ids else y)
    return q, alphas


def _second_loop(ids: frozenset[str], r: Array, pairs: Pairs, order: range, alphas: dict[int, float]) -> Array:
    for i in order:
        s, y = pairs[i]
        beta = _rho(ids, pairs, i) * dot(s if "beta_from_s" in ids else y, r)
        beta = 0.0 if "beta_forgotten" in ids else beta
        share = -beta if "alpha_forgotten" in ids else beta - alphas[i] if "signs_swapped" in ids else alphas[i] - beta
        r = r + share * (y if "second_loop_takes_y" in ids else s)
    return r


def _rho(ids: frozenset[str], pairs: Pairs, i: int) -> float:
    if "rho_forgotten" in ids:
        return 1.0
    s, y = pairs[-1 if "rho_of_the_newest" in ids else i]
    return dot(y, s) if "rho_upside_down" in ids else 1 / dot(y, s)


def _gamma(ids: frozenset[str], pairs: Pairs) -> float:
    if not pairs or "gamma_forgotten" in ids:
        return 1.0
    s, y = pairs[0 if "gamma_of_the_oldest" in ids else -1]
    if "gamma_by_s" in ids:
        return dot(s, s) / dot(y, s)
    return dot(y, y) / dot(y, s) if "gamma_upside_down" in ids else dot(y, s) / dot(y, y)


_GAMMA = "Between the loops multiply by γ = y·s / y·y of the newest pair, the last in the lists."
_RHO = "In both loops the inner product is divided by the pair's own y·s."
MISCONCEPTIONS = {
    "loops_swapped": Misconception(
        "Its first loop begins with the oldest pair and its second with the newest.",
        "It is the other way round: first from the newest back to the oldest, reversed(…), then forwards.",
    ),
    "first_loop_forwards": Misconception(
        "Its first loop begins with the oldest pair.",
        "The first loop goes back in time: the newest pair comes first, reversed(…).",
    ),
    "alphas_in_wrong_order": Misconception(
        "Its second loop takes the alphas in the order in which the first loop made them.",
        "Each pair needs the alpha of its own: the first loop ran backwards, so turn the list of alphas round.",
    ),
    "gamma_forgotten": Misconception("It leaves out gamma.", _GAMMA),
    "gamma_of_the_oldest": Misconception("It takes gamma from the oldest pair.", _GAMMA),
    "gamma_upside_down": Misconception(
        "Its gamma is upside down.",
        "Where the curvature is high, y is long and H must be small: γ = y·s / y·y.",
    ),
    "gamma_by_s": Misconception(
        "It divides s·s by y·s for gamma.",
        "That is a measure of curvature too, but the method takes the shorter one: γ = y·s / y·y.",
    ),
    "rho_upside_down": Misconception("It multiplies by y·s where it should divide.", _RHO),
    "rho_forgotten": Misconception("It does not divide by y·s.", _RHO),
    "rho_of_the_newest": Misconception("It divides by the y·s of the newest pair throughout.", _RHO),
    "s_and_y_swapped": Misconception(
        "It takes s for y and y for s.",
        "The lists come as s, the moves, and y, the changes of the gradient. Swapped, they build the Hessian itself.",
    ),
    "alpha_from_y": Misconception(
        "Its alpha is measured along y.",
        "How much of q lies along the move is what alpha asks: s·q / y·s.",
    ),
    "alpha_from_g": Misconception(
        "All its alphas are measured on g.",
        "Each pair finds what the ones before it have left: s·q with the q of that moment.",
    ),
    "first_loop_takes_s": Misconception(
        "Its first loop takes multiples of s away.",
        "What a move changes in a gradient is y, and q is a gradient: q − alpha · y.",
    ),
    "beta_from_s": Misconception(
        "Its beta is measured along s.",
        "In the second loop the roles change: beta is y·r / y·s.",
    ),
    "beta_forgotten": Misconception(
        "Its second loop leaves out beta.",
        "What is added is (alpha − beta) · s, with beta = y·r / y·s.",
    ),
    "alpha_forgotten": Misconception(
        "Its second loop leaves out alpha.",
        "What is added is (alpha − beta) · s; without the alphas the first loop's work is lost.",
    ),
    "signs_swapped": Misconception(
        "Its second loop adds beta − alpha times s.",
        "The signs are the other way round: (alpha − beta) · s.",
    ),
    "second_loop_takes_y": Misconception(
        "Its second loop adds multiples of y.",
        "By now r is a move, and so is what is added: (alpha − beta) · s.",
    ),
    "second_loop_forgotten": Misconception(
        "It stops after the first loop.",
        "A second loop, from the oldest pair to the newest, adds (alpha − beta) · s to r.",
    ),
    "negated": Misconception(
        "It returns the direction of the step, with its minus.",
        "The function is asked for H·g; the minus belongs to whoever takes the step.",
    ),
}


def _call(
    rng: np.random.Generator, shape: tuple[int, ...], pairs: int, dtype: type[np.floating] = np.float64
) -> list[Any]:
    """A gradient, some moves, and changes of the gradient that differ in direction but rise along their moves."""
    s = [numbers(rng, shape) for _ in range(pairs)]
    y = [move * rng.uniform(0.4, 2.5, shape) for move in s]
    g, s, y = _short(numbers(rng, shape), dtype), [_short(a, dtype) for a in s], [_short(a, dtype) for a in y]
    return [g, s, y]


def _short(a: np.ndarray, dtype: type[np.floating]) -> np.ndarray:
    """With two decimals, which can be read in a message."""
    return np.asarray(np.round(a, 2), dtype=dtype)


def _case(*calls: list[Any], backend: str = "numpy") -> Tree:
    return TWO_LOOP_RECURSION.case({"calls": list(calls), "settings": {}}, backend=backend)


def _one_pair(rng: np.random.Generator) -> list[Tree]:
    return [_case(*(_call(rng, (3,), pairs) for pairs in (1, 1, 0)))]


def _many_pairs(rng: np.random.Generator) -> list[Tree]:
    return [_case(_call(rng, (3,), 2), _call(rng, (3,), 2), _call(rng, (4,), 4))]


def _shapes_and_dtypes(rng: np.random.Generator) -> list[Tree]:
    return [_case(_call(rng, shape, 2, dtype), _call(rng, shape, 2, dtype)) for shape in SHAPES for dtype in FLOATS]


def _inputs(rng: np.random.Generator) -> list[Tree]:
    return [_case(_call(rng, (3,), 2), _call(rng, (3,), 1))]


def _torch(rng: np.random.Generator) -> list[Tree]:
    return [_case(_call(rng, (2, 3), 2), backend="torch")]


TWO_LOOP_RECURSION = Spec(
    function="two_loop_recursion",
    reference=two_loop_recursion,
    wrong=wrong_recursion,
    criteria={
        "one_pair": Criterion("With one pair it undoes the curvature seen, with none it is g", _one_pair, ("value",)),
        "many_pairs": Criterion("Of several pairs the newest comes first, and then last", _many_pairs, ("value",)),
        "any_shape_and_dtype": Criterion(
            "Numbers, vectors and matrices in float64 and float32", _shapes_and_dtypes, ("value",), form=True
        ),
        "inputs_unchanged": Criterion(
            "The arrays and lists passed in stay as they were", _inputs, ("value",), purity=True
        ),
        "torch_tensors": Criterion("It works on torch tensors too", _torch, ("value",), form=True, backend="torch"),
    },
    misconceptions=MISCONCEPTIONS,
    section=f"{PAGE}#lbfgs-two-loops",
)
