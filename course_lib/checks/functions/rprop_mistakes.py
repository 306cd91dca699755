"""The ways ``rprop_step`` goes wrong."""

from collections.abc import Callable

import numpy as np

from course_lib.arrays import Array
from course_lib.checks.specs import Misconception
from course_lib.optimizers.rprop import RpropState


def wrong_rprop(ids: frozenset[str]) -> Callable[..., tuple[Array, RpropState]]:
    """``rprop_step`` with the mistakes ``ids``; without any, the reference."""

    def step(
        w: Array,
        g: Array,
        state: RpropState,
        *,
        lr: float = 1e-2,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50.0),
    ) -> tuple[Array, RpropState]:
        begins = (state.t == 0 and "lr_forgotten" not in ids) or "size_forgotten" in ids
        before = np.full_like(w, lr) if begins else state.step_size
        agreement = _agreement(ids, g * state.prev)
        size = _bounded(ids, before * _factor(ids, agreement, etas), step_sizes, state.t)
        flipped = agreement < 0
        moves = g if {"flip_ignored", "moves_on_a_flip"} & ids else np.where(flipped, 0 * g, g)
        kept = g if {"flip_ignored", "prev_kept"} & ids else np.where(flipped, 0 * g, g)
        change = (before if "moves_with_the_old_size" in ids else size) * _direction(ids, moves)
        w = w + change if "ascends" in ids else w - change
        if "backtracks" in ids:
            w = np.where(flipped, w + state.step_size * np.sign(state.prev), w)
        prev = np.sign(kept) if "sign_stored" in ids else kept
        return w, RpropState(
            state.t if "t_not_counted" in ids else state.t + 1,
            state.prev if "prev_not_returned" in ids else prev,
            state.step_size if "size_not_returned" in ids else size,
        )

    return step


def _agreement(ids: frozenset[str], products: Array) -> Array:
    return np.full_like(products, np.sum(products)) if "one_size_for_all" in ids else products


def _factor(ids: frozenset[str], agreement: Array, etas: tuple[float, float]) -> Array:
    shrink, grow = reversed(etas) if "etas_swapped" in ids else etas
    shrink, grow = (1.0 if "never_shrinks" in ids else shrink, 1.0 if "never_grows" in ids else grow)
    else_ = grow if "grows_at_zero" in ids else 1.0
    factors = np.where(agreement > 0, grow, np.where(agreement < 0, shrink, else_))
    return factors.astype(agreement.dtype)


def _bounded(ids: frozenset[str], size: Array, step_sizes: tuple[float, float], t: int) -> Array:
    if "not_bounded" in ids or ("first_not_bounded" in ids and t == 0):
        return size
    low, high = step_sizes
    return np.clip(size, 0 if "not_bounded_below" in ids else low, np.inf if "not_bounded_above" in ids else high)


def _direction(ids: frozenset[str], g: Array) -> Array:
    if "uses_the_gradient" in ids:
        return g
    return np.where(g > 0, 1.0, -1.0).astype(g.dtype) if "zero_moves" in ids else np.sign(g)


MISCONCEPTIONS = {
    "ascends": Misconception(
        "It walks up the slope instead of down.",
        "The gradient points to where the loss grows: subtract the step size times its sign.",
    ),
    "uses_the_gradient": Misconception(
        "It multiplies the step size by the gradient.",
        "Only the gradient's sign counts; np.sign gives it.",
    ),
    "lr_forgotten": Misconception(
        "It starts from a step size of 0 instead of lr.",
        "The init does not know lr: in the first step, where state.t is 0, every step size is lr.",
    ),
    "size_forgotten": Misconception(
        "It starts from lr at every step.",
        "Only the first step starts from lr; later ones change the size they find in state.step_size.",
    ),
    "size_not_returned": Misconception(
        "It returns the old step sizes instead of the new ones.",
        "Put the step sizes you have calculated into the state you return, or the next step will not know them.",
    ),
    "prev_not_returned": Misconception(
        "It returns the old prev, so it never sees a sign hold or flip.",
        "The state you return holds the gradient of this step, 0 where its sign flipped.",
    ),
    "t_not_counted": Misconception(
        "It does not count the step.",
        "Return a new state whose t is one more; otherwise every step is taken for the first.",
    ),
    "etas_swapped": Misconception(
        "It takes the two etas the wrong way round.",
        "The pair etas is (η⁻, η⁺): shrink with the first, grow with the second.",
    ),
    "grows_at_zero": Misconception(
        "It lets a step grow where the product of the gradients is 0.",
        "That is neither agreement nor a flip, as in the first step and after a flip: the factor is 1.",
    ),
    "never_grows": Misconception(
        "Its steps never grow.",
        "Where the product of the gradients is more than 0 the step size is multiplied by etas[1].",
    ),
    "never_shrinks": Misconception(
        "Its steps never shrink.",
        "Where the product of the gradients is less than 0 the step size is multiplied by etas[0].",
    ),
    "moves_with_the_old_size": Misconception(
        "It moves by the step size of the step before.",
        "First bring the step sizes up to date, then move by the new ones.",
    ),
    "one_size_for_all": Misconception(
        "It asks of all weights together whether the sign has held.",
        "Each weight has its own sign and its own step size: compare element by element, without sum().",
    ),
    "zero_moves": Misconception(
        "It moves a weight whose gradient is 0.",
        "The sign of 0 is 0, and so is the step: np.sign knows that, a test for g > 0 with else does not.",
    ),
    "flip_ignored": Misconception(
        "Where the sign flips it shrinks the step and goes on as usual.",
        "On a flip the gradient counts as 0: the weight stays, and prev becomes 0, so the next step keeps its size.",
    ),
    "moves_on_a_flip": Misconception(
        "It moves a weight whose gradient has just flipped.",
        "On a flip the gradient counts as 0, so the weight stays where it is in this step.",
    ),
    "prev_kept": Misconception(
        "It remembers the gradient that flipped.",
        "On a flip prev becomes 0, so that the next step neither grows nor shrinks.",
    ),
    "backtracks": Misconception(
        "On a flip it takes the last step back.",
        "That is the older Rprop. Here, as in torch, the weight stays where it is.",
    ),
    "not_bounded": Misconception(
        "It puts no bounds to the step sizes.",
        "After growing and shrinking, np.clip brings them between step_sizes[0] and step_sizes[1].",
    ),
    "first_not_bounded": Misconception(
        "It bounds the step sizes from the second step on only.",
        "The first size, lr, is clipped like any other.",
    ),
    "not_bounded_above": Misconception(
        "Its steps may grow without bound.",
        "The largest step is step_sizes[1]; np.clip takes both bounds.",
    ),
    "not_bounded_below": Misconception(
        "Its steps may shrink without bound.",
        "The smallest step is step_sizes[0]; np.clip takes both bounds.",
    ),
    "sign_stored": Misconception(
        "Its prev holds signs.",
        "Put the gradient itself into prev, 0 where it flipped.",
    ),
}
