"""``lbfgs_step``, one iteration of it: what is asked, and the ways it goes wrong."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from course_lib.arrays import Array
from course_lib.checks.cases import between, numbers
from course_lib.checks.functions.common import FLOATS
from course_lib.checks.functions.remember import wrong_memory
from course_lib.checks.functions.two_loop_recursion import PAGE, SHAPES
from course_lib.checks.observe import Closure, Tree
from course_lib.checks.specs import Criterion, Misconception, Spec
from course_lib.line_search import two_loop_recursion
from course_lib.optimizers.lbfgs import LBFGSState, lbfgs_init, lbfgs_step

# What a learner writes: one iteration, without a line search and without rules for when to stop.
one_iteration = partial(lbfgs_step, max_iter=1, tolerance_grad=0.0, tolerance_change=0.0)


def wrong_lbfgs(ids: frozenset[str]) -> Callable[..., tuple[Array, LBFGSState]]:
    """``lbfgs_step`` with the mistakes ``ids``; without any, one iteration of the reference."""

    def step(
        w: Array, closure: Callable[[Array], Any], state: LBFGSState, *, lr: float = 1.0, history_size: int = 100
    ) -> tuple[Array, LBFGSState]:
        _, g = closure(w)
        t, pairs = state.t + 1, _pairs(ids, state, g, history_size)
        d = -_product(ids, g, state, pairs)
        rate = _rate(ids, g, t, 1.0 if "lr_forgotten" in ids else lr)
        move = -rate * d if "ascends" in ids else rate * d
        if "closure_twice" in ids:
            closure(w + move)
        s, y = (state.s, state.y) if "pairs_not_returned" in ids else pairs
        return w + move, LBFGSState(
            state.t if "t_not_counted" in ids else t,
            state.evals if "evals_not_counted" in ids else state.evals + 1,
            *(s, y),
            _carried_move(ids, move, d, w),
            state.g if "gradient_not_renewed" in ids and state.t > 0 else g,
        )

    return step


def _pairs(ids: frozenset[str], state: LBFGSState, g: Array, history_size: int) -> tuple[Any, Any]:
    if state.t == 0:
        return state.s, state.y
    change = g if "gradient_for_change" in ids else state.g - g if "change_turned_round" in ids else g - state.g
    size = 100 if "history_ignored" in ids else history_size
    return wrong_memory(ids & {"always_stored"})(state.s, state.y, state.move, change, size)


def _product(ids: frozenset[str], g: Array, state: LBFGSState, pairs: tuple[Any, Any]) -> Array:
    if "pairs_not_used" in ids:
        return g
    return two_loop_recursion(g, *((state.s, state.y) if "pairs_late" in ids else pairs))


def _rate(ids: frozenset[str], g: Array, t: int, lr: float) -> float:
    if "never_shortened" in ids or (t > 1 and "always_shortened" not in ids):
        return lr
    size = np.max(abs(g)) if "largest_entry" in ids else np.sqrt(np.sum(g * g)) if "two_norm" in ids else np.sum(abs(g))
    share = 1 / float(size)
    share = share if "minimum_forgotten" in ids else max(1.0, share) if "maximum" in ids else min(1.0, share)
    return share if "first_without_lr" in ids and t == 1 else lr * share


def _carried_move(ids: frozenset[str], move: Array, d: Array, w: Array) -> Array:
    if "direction_for_move" in ids:
        return d
    if "weights_for_move" in ids:
        return w + move
    return -move if "minus_lost" in ids else move


_FIRST = "The very first step is −lr · min(1, 1/Σ|gᵢ|) · g, so that a steep start cannot throw it far away."
_MOVE = "What a move is must match what a change is: from one point to the next, w_new − w, the learning rate included."
_CHANGE = "The change that belongs to state.move is the gradient here minus the one before it, g − state.g."
MISCONCEPTIONS = {
    "ascends": Misconception(
        "It walks up the slope instead of down.", "The two loops give H·g; the step goes along its negative."
    ),
    "lr_forgotten": Misconception("It ignores the learning rate.", "The move is lr times the direction."),
    "never_shortened": Misconception("It does not shorten the first step.", _FIRST),
    "always_shortened": Misconception(
        "It shortens every step.",
        "Only the very first step, where state.t is 0, knows no curvature. All others are lr times the direction long.",
    ),
    "minimum_forgotten": Misconception("Its first step grows where the gradient is small.", _FIRST),
    "maximum": Misconception("It takes the larger of 1 and 1/Σ|gᵢ| where the smaller is due.", _FIRST),
    "two_norm": Misconception("It measures the first gradient by the root of its squares.", _FIRST),
    "largest_entry": Misconception("It measures the first gradient by its largest entry.", _FIRST),
    "first_without_lr": Misconception("It leaves the learning rate out of the first step.", _FIRST),
    "pairs_not_used": Misconception(
        "It walks along the gradient itself, whatever it remembers.",
        "Put g and the pairs through your two_loop_recursion.",
    ),
    "pairs_late": Misconception(
        "It finds the direction first and adds the newest pair afterwards.",
        "The newest pair is the best: remember it first, then go through the two loops.",
    ),
    "pairs_not_returned": Misconception(
        "It returns the old lists of pairs instead of the new ones.",
        "Put what remember gives into the state you return, or the next step will not know it.",
    ),
    "always_stored": Misconception(
        "It remembers every pair, also where there is no curvature.",
        "Let your remember decide: a pair stays only if y·s is larger than 1e-10.",
    ),
    "history_ignored": Misconception("It takes no notice of history_size.", "Pass it on to your remember."),
    "gradient_for_change": Misconception("It takes the gradient for the change of the gradient.", _CHANGE),
    "change_turned_round": Misconception("It subtracts the new gradient from the old one.", _CHANGE),
    "direction_for_move": Misconception("It keeps the direction where the move is due.", _MOVE),
    "weights_for_move": Misconception("It keeps the new weights where the move is due.", _MOVE),
    "minus_lost": Misconception("It keeps the move without its sign.", _MOVE),
    "gradient_not_renewed": Misconception(
        "It keeps the very first gradient for ever.",
        "The next step compares its gradient with this one's: put g into the state you return.",
    ),
    "t_not_counted": Misconception(
        "It does not count the step.",
        "Return a new state whose t is one more; otherwise every step takes itself for the first.",
    ),
    "evals_not_counted": Misconception(
        "It does not count the closure's calls.", "Each step calls closure once: add 1 to evals."
    ),
    "closure_twice": Misconception(
        "It calls the closure twice.",
        "Loss and gradient are what costs. One call at w is enough: the next step will make the one at the new point.",
    ),
}


def _valley(rng: np.random.Generator, n: int) -> np.ndarray:
    """A symmetric matrix that curves upwards in every direction, so much that the first step leads to the far side."""
    coupled = rng.uniform(0.2, 0.4, (n, n)) / max(n - 1, 1) * rng.choice([-1.0, 1.0], (n, n))
    below = np.tril(coupled, -1)
    return np.asarray(below + below.T + np.diag(rng.uniform(2.8, 3.8, n)))


def _ridge(rng: np.random.Generator, n: int) -> np.ndarray:
    """One that curves downwards, so steeply that the gradient grows threefold in a step."""
    return -np.diag(rng.uniform(4.0, 5.0, n))


def _run(
    rng: np.random.Generator,
    shape: tuple[int, ...],
    steps: int,
    *,
    surface: Callable[[np.random.Generator, int], np.ndarray] = _valley,
    steep: bool = False,
    dtype: type[np.floating] = np.float64,
    changing_lr: bool = False,
    **settings: int,
) -> Tree:
    """A run with a closure. Only where it is ``steep`` does the first gradient add up to more than 1, so that what is
    wrong with a first step of its own length costs nothing elsewhere."""
    n = int(np.prod(shape))
    scale, pull = (0.3, 8.0) if steep else (0.03 / n, 0.03 / n)
    pull = 0.0 if surface is _ridge else pull  # or it might stand still there
    loss = {"matrix": surface(rng, n).astype(dtype), "vector": numbers(rng, (n,), pull, dtype)}
    rates = [between(rng, 0.5, 0.7) for _ in range(steps)]
    return {
        "w": numbers(rng, shape, scale, dtype),
        "gradients": [loss] * steps,
        "settings": settings if changing_lr else {"lr": rates[0], **settings},
        "schedule": {"lr": np.array(rates)} if changing_lr else {},
    }


def _first_step(rng: np.random.Generator) -> list[Tree]:
    return [
        LBFGS_STEP.case(_run(rng, (3,), 1, steep=steep), _run(rng, (3,), 1, steep=steep)) for steep in (True, False)
    ]


def _two_steps(rng: np.random.Generator) -> list[Tree]:
    """Two: the second one's pair and gradient hang on the first step alone, whatever direction it goes on in."""
    runs = (_run(rng, (3,), 2, surface=surface) for surface in (_valley, _ridge, _valley, _ridge))
    return [LBFGS_STEP.case(*runs, repeat=True)]


def _short_history(rng: np.random.Generator) -> list[Tree]:
    runs = (_run(rng, (4,), 5, history_size=size) for size in (2, 1))
    # On a ridge a memory that stays empty by a wrong sign is told from one that is never filled.
    return [LBFGS_STEP.case(*runs, _run(rng, (4,), 2, surface=_ridge, history_size=2))]


def _many_steps(rng: np.random.Generator) -> list[Tree]:
    return [
        LBFGS_STEP.case(_run(rng, (3,), 5), _run(rng, (3,), 5, changing_lr=True)),
        LBFGS_STEP.case(_run(rng, (3,), 4, surface=_ridge)),
    ]


def _one_call(rng: np.random.Generator) -> list[Tree]:
    return [LBFGS_STEP.case(*(_run(rng, (3,), 1) for _ in range(2)))]


def _shapes_and_dtypes(rng: np.random.Generator) -> list[Tree]:
    return [LBFGS_STEP.case(_run(rng, shape, 2, dtype=dtype)) for shape in SHAPES for dtype in FLOATS]


def _inputs(rng: np.random.Generator) -> list[Tree]:
    return [LBFGS_STEP.case(_run(rng, (3,), 2), _run(rng, (3,), 2))]


def _torch(rng: np.random.Generator) -> list[Tree]:
    return [LBFGS_STEP.case(_run(rng, (2, 3), 3), backend="torch")]


LBFGS_STEP = Spec(
    function="lbfgs_step",
    reference=one_iteration,
    wrong=wrong_lbfgs,
    criteria={
        "first_step": Criterion("The first step adds up to lr at most, however steep it is", _first_step, ("w",)),
        "pairs": Criterion(
            "The second step pairs the move with the change of the gradient, in a valley but not on a ridge",
            _two_steps,
            ("t", "evals", "s", "y", "g"),
        ),
        "history": Criterion("It remembers as many pairs as history_size says", _short_history, ("s", "y")),
        "many_steps": Criterion("Many steps, each along the direction that the pairs give", _many_steps, ("w",)),
        "one_call": Criterion("It calls the closure once", _one_call, ("w", "calls")),
        # These two judge the gradient that is carried alone, so that a wrong direction costs nothing here.
        "any_shape_and_dtype": Criterion(
            "Numbers, vectors and matrices in float64 and float32", _shapes_and_dtypes, ("g",), form=True
        ),
        "inputs_unchanged": Criterion("What was passed in stays as it was", _inputs, ("g",), purity=True),
        "torch_tensors": Criterion("It works on torch tensors too", _torch, ("w",), form=True, backend="torch"),
    },
    misconceptions=MISCONCEPTIONS,
    section=f"{PAGE}#lbfgs-whole-step",
    init="lbfgs_init",
    initial=lbfgs_init,
    fields=LBFGSState._fields,
    shown={"lr": 0.7},
    gradient=Closure,
)
