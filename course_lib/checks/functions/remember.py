"""``remember``: what is asked of it, and the ways it goes wrong."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_lib.arrays import Array
from course_lib.checks.cases import numbers
from course_lib.checks.functions.two_loop_recursion import PAGE
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Misconception, Spec
from course_lib.line_search import dot
from course_lib.optimizers.lbfgs import LEAST_CURVATURE, remember

Arrays = tuple[Array, ...]


def wrong_memory(ids: frozenset[str]) -> Callable[..., tuple[Arrays, Arrays]]:
    """``remember`` with the mistakes ``ids``; without any, the reference."""

    def memory(
        s: Sequence[Array], y: Sequence[Array], move: Array, change: Array, history_size: int
    ) -> tuple[Arrays, Arrays]:
        stored = _stored(ids, move, change)
        if "roles_swapped" in ids:
            move, change = change, move
        both = [_with(ids, tuple(old), new, history_size, stored) for old, new in ((s, move), (y, change))]
        return (both[1], both[0]) if "lists_swapped" in ids else (both[0], both[1])

    return memory


def _stored(ids: frozenset[str], move: Array, change: Array) -> bool:
    if "never_stored" in ids or "always_stored" in ids:
        return "always_stored" in ids
    measure = dot(change, move)
    if "size_of_the_product" in ids:
        measure = abs(measure)
    if "length_of_the_move" in ids:
        measure = dot(move, move)
    if "length_of_the_change" in ids:
        measure = dot(change, change)
    return measure > (0.0 if "any_positive" in ids else LEAST_CURVATURE)


def _with(ids: frozenset[str], old: Arrays, new: Array, history_size: int, stored: bool) -> Arrays:
    """One of the two lists, with the new array if it is to be stored."""
    if not stored:
        if "clears_when_refused" in ids:
            return ()
        return old[-(history_size - 1) :] if "drops_when_refused" in ids and len(old) == history_size else old
    size = history_size - ("one_too_few" in ids)
    if "newest_first" in ids:
        return (new, *old)[:size]
    if "too_many_kept" in ids:
        return (*old, new)
    if "starts_anew_when_full" in ids and len(old) >= size:
        return (new,)
    return (*old, new)[:size] if "drops_the_newest" in ids else (*old, new)[-size:]


_TEST = "Keep the pair only if the product of change and move, y·s, is larger than 1e-10."
_DROP = "With the new pair at the end, keep the last history_size: a slice [-history_size:] of both lists does it."
MISCONCEPTIONS = {
    "always_stored": Misconception("It remembers every pair.", _TEST),
    "never_stored": Misconception(
        "It remembers nothing new.", "A pair goes to the end of both lists if its y·s is larger than 1e-10."
    ),
    "any_positive": Misconception(
        "It keeps a pair however little curvature it shows, if only y·s is positive.",
        "Dividing by a tiny y·s makes a huge step. As in torch, y·s must be larger than 1e-10.",
    ),
    "size_of_the_product": Misconception(
        "It looks at the size of y·s and not at its sign.",
        "Along a move with negative curvature the gradient falls: there y·s is negative, and the pair must go.",
    ),
    "length_of_the_move": Misconception("It tests how long the move is.", _TEST),
    "length_of_the_change": Misconception("It tests how much the gradient has changed.", _TEST),
    "roles_swapped": Misconception(
        "It appends the move to y and the change of the gradient to s.",
        "The list s holds the moves, y the changes of the gradient.",
    ),
    "lists_swapped": Misconception("It returns the two lists the wrong way round.", "Return s first, then y."),
    "newest_first": Misconception(
        "It puts the new pair at the front.",
        "The oldest pair stands first, the newest last, and it is the oldest that goes.",
    ),
    "drops_the_newest": Misconception("When there are too many pairs it drops the newest.", _DROP),
    "too_many_kept": Misconception("It keeps more than history_size pairs.", _DROP),
    "one_too_few": Misconception(
        "It keeps one pair less than history_size.",
        "Drop the oldest only if there is no room for the new pair: history_size of them may stay.",
    ),
    "starts_anew_when_full": Misconception("When the memory is full it forgets everything but the new pair.", _DROP),
    "clears_when_refused": Misconception(
        "When it refuses a pair it forgets the others too.",
        "The earlier pairs are as good as they were: return them as they are.",
    ),
    "drops_when_refused": Misconception(
        "It makes room for the new pair before it knows whether it will be kept.",
        "Test the curvature first. A pair that is refused costs no other its place.",
    ),
}

# How large the move is, and its change beside it; y·s goes with the square of the first times the second.
GOOD = (1.0, 1.5)
TINY_AND_GOOD = (1e-6, 3e3)
REFUSED = ((1.0, 1e-13), (1e-14, 1e14), (1e-7, 1.5), (1.0, -1.5), (1e-6, -3e3))


def _call(
    rng: np.random.Generator, pairs: int, history_size: int, move_and_curvature: tuple[float, float]
) -> list[Any]:
    scale, curvature = move_and_curvature
    s, y = ([numbers(rng, (3,)).round(2) for _ in range(pairs)] for _ in range(2))
    move = numbers(rng, (3,)).round(2) * scale
    change = move * rng.uniform(0.5, 2.0, 3).round(2) * curvature
    return [s, y, move, change, history_size]


def _case(calls: list[list[Any]]) -> Tree:
    return REMEMBER.case({"calls": calls, "settings": {}}, repeat=True)


def _kept(rng: np.random.Generator) -> list[Tree]:
    """With room for two more at least, and the usual size of a pair."""
    return [_case([_call(rng, *sizes, GOOD) for sizes in ((2, 4), (2, 7), (0, 3), (1, 5))])]


def _refused(rng: np.random.Generator) -> list[Tree]:
    """The last by a memory that is full."""
    calls = [_call(rng, 2, 6, pair) for pair in (*REFUSED, GOOD, TINY_AND_GOOD)]
    return [_case([*calls, _call(rng, 3, 3, REFUSED[-1])])]


def _full(rng: np.random.Generator) -> list[Tree]:
    return [_case([_call(rng, *sizes, GOOD) for sizes in ((2, 2), (3, 4), (3, 3), (4, 4))])]


def _inputs(rng: np.random.Generator) -> list[Tree]:
    return [_case([_call(rng, 2, 5, GOOD), _call(rng, 2, 5, GOOD)])]


REMEMBER = Spec(
    function="remember",
    reference=remember,
    wrong=wrong_memory,
    criteria={
        "kept": Criterion("A pair with enough curvature goes to the end of both lists", _kept, ("value",)),
        "refused": Criterion("One with too little, or with negative curvature, does not", _refused, ("value",)),
        "full": Criterion("When there are too many, the oldest goes", _full, ("value",)),
        "inputs_unchanged": Criterion("The lists passed in stay as they were", _inputs, ("value",), purity=True),
    },
    misconceptions=MISCONCEPTIONS,
    section=f"{PAGE}#lbfgs-threshold",
)
