"""``momentum_weights``: torch's momentum unrolled. What is asked of it, and the ways it goes wrong."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.averages import momentum_weights
from course_lib.checks.cases import between
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Misconception, Spec

PAGE = "chapters/momentum.html"
CONVENTIONS = f"{PAGE}#where-conventions-differ"
LOOK_AHEAD = "chapters/nesterov.html#the-formula-and-torchs-way-to-write-it"


def wrong_weights(ids: frozenset[str]) -> Callable[..., list[float]]:
    """``momentum_weights`` with the mistakes ``ids``; without any, the reference."""

    def weights(momentum: float, steps: int, *, dampening: float = 0.0, nesterov: bool = False) -> list[float]:
        late = 1 if "one_power_too_many" in ids else 0
        count = steps + ("one_too_many" in ids) - ("one_too_few" in ids)
        fresh = [_fresh(ids, dampening, k, count) for k in range(count)]
        kept = momentum * (1 - dampening) if "dampening_on_the_buffer" in ids else momentum
        scale = 1 - momentum if "averages" in ids else 1.0
        found = [scale * fresh[k] * kept ** (k + late) for k in range(count)]
        found = _ahead(ids, found, momentum, nesterov)
        return found[::-1] if "oldest_first" in ids else found

    return weights


def _fresh(ids: frozenset[str], dampening: float, k: int, count: int) -> float:
    """The weight with which the gradient of ``k`` steps ago entered the buffer."""
    if "dampening_ignored" in ids or "dampening_on_the_buffer" in ids:
        return 1.0
    if k == count - 1 and "first_gradient_damped" not in ids:
        return 1.0
    if k == 0 and "newest_not_damped" in ids:
        return 1.0
    if "dampening_as_weight" in ids and dampening:
        return dampening
    return 1 + dampening if "dampening_added" in ids else 1 - dampening


def _ahead(ids: frozenset[str], found: list[float], momentum: float, nesterov: bool) -> list[float]:
    if not (nesterov or "nesterov_always" in ids) or "nesterov_ignored" in ids:
        return found
    share = 1.0 if "nesterov_whole_buffer" in ids else momentum
    own = 0.0 if "nesterov_without_gradient" in ids and nesterov else 1.0
    return [own * (k == 0) + share * weight for k, weight in enumerate(found)]


_ONE_EACH = "There is one weight for each gradient: as many as steps."
MISCONCEPTIONS = {
    "averages": Misconception(
        "It weighs as an average does, with a factor 1 − momentum.",
        "Torch's buffer is a sum: each new gradient enters whole (with weight 1 − dampening).",
    ),
    "one_power_too_many": Misconception(
        "Its powers of the momentum start at 1.",
        "The newest gradient has not been shrunk yet: its power is 0.",
    ),
    "oldest_first": Misconception(
        "It lists the first gradient's weight first.",
        "The newest gradient comes first in the list.",
    ),
    "one_too_many": Misconception("It lists one weight too many.", _ONE_EACH),
    "one_too_few": Misconception("It lists one weight too few.", _ONE_EACH),
    "dampening_ignored": Misconception(
        "It ignores the dampening.",
        "Every gradient but the very first enters the buffer with weight 1 − dampening.",
        CONVENTIONS,
    ),
    "first_gradient_damped": Misconception(
        "It dampens the very first gradient too.",
        "The first buffer is the gradient itself, so the oldest weight has no factor 1 − dampening.",
        CONVENTIONS,
    ),
    "newest_not_damped": Misconception(
        "It leaves the newest gradient undamped.",
        "The one that enters whole is the very first, which is the last in the list.",
        CONVENTIONS,
    ),
    "dampening_as_weight": Misconception(
        "It takes the dampening itself as the gradients' weight.",
        "The weight is what dampening leaves over: 1 − dampening.",
        CONVENTIONS,
    ),
    "dampening_added": Misconception(
        "It adds the dampening where it should subtract it.",
        "A new gradient enters with weight 1 − dampening, so less of it and not more.",
        CONVENTIONS,
    ),
    "dampening_on_the_buffer": Misconception(
        "It dampens what is kept instead of what is new.",
        "A step back multiplies by the momentum alone; 1 − dampening belongs to the gradient as it enters.",
        CONVENTIONS,
    ),
    "nesterov_ignored": Misconception(
        "With nesterov=True it still weighs as the buffer does.",
        "The direction is then g + momentum · b, where b already holds this step's gradient.",
        LOOK_AHEAD,
    ),
    "nesterov_always": Misconception(
        "It looks ahead even when nesterov is False.",
        "Without nesterov the direction is the buffer.",
        LOOK_AHEAD,
    ),
    "nesterov_without_gradient": Misconception(
        "Its look-ahead leaves out the gradient.",
        "The direction is g + momentum · b: the newest weight has 1 added to it.",
        LOOK_AHEAD,
    ),
    "nesterov_whole_buffer": Misconception(
        "It looks ahead with the whole buffer.",
        "Only the buffer's next share is added: momentum · b.",
        LOOK_AHEAD,
    ),
}


def _calls(rng: np.random.Generator, **settings: Any) -> Tree:
    return {"calls": [[between(rng, 0.55, 0.95), steps] for steps in (4, 1, 2, 9)], "settings": settings}


def _plain(rng: np.random.Generator) -> list[Tree]:
    return [MOMENTUM_WEIGHTS.case(_calls(rng))]


def _dampening(rng: np.random.Generator) -> list[Tree]:
    return [MOMENTUM_WEIGHTS.case(_calls(rng, dampening=between(rng, 0.1, 0.4)))]


def _nesterov(rng: np.random.Generator) -> list[Tree]:
    """With and without, since a wrong power without looks like a wrong look-ahead with it."""
    return [MOMENTUM_WEIGHTS.case(_calls(rng, nesterov=nesterov)) for nesterov in (True, False)]


MOMENTUM_WEIGHTS = Spec(
    function="momentum_weights",
    reference=momentum_weights,
    wrong=wrong_weights,
    criteria={
        "momentum": Criterion("Older gradients weigh less by the momentum, step by step", _plain, ("value",)),
        "dampening": Criterion("Dampening weakens every gradient but the very first", _dampening, ("value",)),
        "nesterov": Criterion(
            "With nesterov, and only then, the newest gradient counts once more", _nesterov, ("value",)
        ),
    },
    misconceptions=MISCONCEPTIONS,
    section=f"{PAGE}#torch-form",
)
