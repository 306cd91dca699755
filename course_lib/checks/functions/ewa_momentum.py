"""``ewa_momentum_step``: what is asked of it, and the ways it goes wrong."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.arrays import Array
from course_lib.checks.cases import between, steps_run
from course_lib.checks.functions.common import FLOATS, SHAPES
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Draw, Misconception, Spec
from course_lib.optimizers.ewa_momentum import EWAMomentumState, ewa_momentum_init, ewa_momentum_step

PAGE = "chapters/momentum.html"


def wrong_ewa_momentum(ids: frozenset[str]) -> Callable[..., tuple[Array, EWAMomentumState]]:
    """``ewa_momentum_step`` with the mistakes ``ids``; without any, the reference."""

    def step(
        w: Array,
        g: Array,
        state: EWAMomentumState,
        *,
        lr: float = 1e-3,
        beta: float = 0.9,
        bias_correction: bool = False,
    ) -> tuple[Array, EWAMomentumState]:
        t = state.t + 1
        rate = 1.0 if "forgets_lr" in ids else lr * lr if "lr_twice" in ids else lr
        if "lr_in_the_average" in ids:
            g, rate = rate * g, 1.0
        m = _average(ids, g, state, t, beta)
        d = state.m if "moves_along_old_average" in ids else m
        if (bias_correction or "correction_always" in ids) and "correction_ignored" not in ids:
            weight = _weight(ids, beta, t)
            d = d * weight if "correction_multiplies" in ids else d / weight
            m = d if "correction_kept" in ids and bias_correction else m
        w = w + rate * d if "ascends" in ids else w - rate * d
        kept = state.m if "average_not_returned" in ids else m
        return w, EWAMomentumState(t - 1 if "t_not_counted" in ids else t, kept)

    return step


def _average(ids: frozenset[str], g: Array, state: EWAMomentumState, t: int, beta: float) -> Array:
    kept, fresh = (1 - beta, beta) if "weights_swapped" in ids else (beta, 1 - beta)
    if "sums" in ids or (t == 1 and "first_whole" in ids):
        fresh = 1.0
    if "average_starts_anew" in ids:
        kept = 0.0
    return kept * state.m + fresh * g


def _weight(ids: frozenset[str], beta: float, t: int) -> float:
    if "correction_without_power" in ids:
        return 1 - beta
    return float(1 - beta ** (t + 1 if "correction_counts_ahead" in ids else t))


MISCONCEPTIONS = {
    "ascends": Misconception(
        "It walks up the slope instead of down.",
        "The gradient points to where the loss grows. Look at the sign in the last line.",
    ),
    "forgets_lr": Misconception(
        "It ignores the learning rate.",
        "The weights move by lr times the average; as it stands, lr changes nothing.",
    ),
    "lr_twice": Misconception(
        "It multiplies by the learning rate twice.",
        "The learning rate enters once, when the weights move.",
    ),
    "lr_in_the_average": Misconception(
        "It multiplies by lr before averaging instead of after it.",
        "The average collects the gradients themselves; lr enters only when the weights move. "
        "The two agree until lr changes.",
        f"{PAGE}#where-conventions-differ",
    ),
    "sums": Misconception(
        "It keeps a sum, as torch does, where an average is asked for.",
        "Here the new gradient enters with weight 1 − beta.",
        f"{PAGE}#torch-form",
    ),
    "first_whole": Misconception(
        "It starts with the whole first gradient, as torch's buffer does.",
        "This average starts at 0, so the first one is (1 − beta) · g.",
        f"{PAGE}#torch-form",
    ),
    "weights_swapped": Misconception(
        "It keeps 1 − beta of the old average and gives beta to the new gradient.",
        "It is the other way round: beta is the share of the old average that survives.",
    ),
    "average_starts_anew": Misconception(
        "Its average forgets: every step starts it anew from the gradient.",
        "The new average needs beta · state.m, the one that the last step returned.",
    ),
    "average_not_returned": Misconception(
        "It returns the old average instead of the new one.",
        "Put the m you have calculated into the state you return, or the next step will not know it.",
    ),
    "moves_along_old_average": Misconception(
        "It moves along the average of the step before.",
        "First bring the average up to date, then move along the new one.",
    ),
    "correction_ignored": Misconception(
        "It does not correct although bias_correction is True.",
        "Move along m / (1 − beta**t) then.",
    ),
    "correction_always": Misconception(
        "It corrects even when bias_correction is False.",
        "Without the correction the weights move along m as it stands.",
    ),
    "correction_kept": Misconception(
        "It puts the corrected average into the state, so the next step corrects it again.",
        "Correct what the weights move along; what you keep is the plain m.",
    ),
    "correction_multiplies": Misconception(
        "It multiplies by 1 − betaᵗ instead of dividing.",
        "The average is too small at first, so the correction must enlarge it.",
    ),
    "correction_without_power": Misconception(
        "It divides by 1 − beta at every step.",
        "That is right at the first step alone; the divisor is 1 − beta**t with this step's t.",
    ),
    "correction_counts_ahead": Misconception(
        "Its correction counts one step too many.",
        "At the first step t is 1, and the divisor is 1 − beta.",
    ),
    "t_not_counted": Misconception(
        "It does not count the step.",
        "Return a new state whose t is one more than that of the state you were given.",
    ),
}


def _plain(rng: np.random.Generator) -> dict[str, Any]:
    return {"lr": between(rng, 0.05, 0.6), "beta": between(rng, 0.6, 0.95)}


def _corrected(rng: np.random.Generator) -> dict[str, Any]:
    return _plain(rng) | {"bias_correction": True}


def _paths(settings: Callable[[np.random.Generator], dict[str, Any]]) -> Draw:
    """A constant learning rate, then a changing one, which tells where lr stands."""

    def draw(rng: np.random.Generator) -> list[Tree]:
        steady = steps_run(rng, (3,), 5, settings(rng))
        changing = {name: value for name, value in settings(rng).items() if name != "lr"}
        return [EWA_MOMENTUM_STEP.case(run) for run in (steady, steps_run(rng, (2, 2), 5, changing, changing_lr=True))]

    return draw


def _state(rng: np.random.Generator) -> list[Tree]:
    in_turns = EWA_MOMENTUM_STEP.case(*(steps_run(rng, (3,), 4, _plain(rng)) for _ in range(2)), repeat=True)
    return [in_turns, *_paths(_plain)(rng)]


def _shapes_and_dtypes(rng: np.random.Generator) -> list[Tree]:
    runs = [steps_run(rng, shape, 2, _plain(rng), dtype=dtype) for shape in SHAPES for dtype in FLOATS]
    runs += [steps_run(rng, shape, 2, _corrected(rng), dtype=np.float32) for shape in [(), (4,)]]
    runs += [steps_run(rng, (3,), 2, _plain(rng), scale=scale) for scale in (1e-30, 1e30)]
    return [EWA_MOMENTUM_STEP.case(run) for run in runs]


def _inputs(rng: np.random.Generator) -> list[Tree]:
    runs = [steps_run(rng, shape, 3, s(rng)) for shape, s in [((3,), _plain), ((2, 2), _corrected)]]
    return [EWA_MOMENTUM_STEP.case(run) for run in runs]


def _torch(rng: np.random.Generator) -> list[Tree]:
    return [EWA_MOMENTUM_STEP.case(steps_run(rng, (2, 3), 3, s(rng)), backend="torch") for s in (_plain, _corrected)]


def _not_corrected(settings: Tree) -> bool:
    return not settings.get("bias_correction")


EWA_MOMENTUM_STEP = Spec(
    function="ewa_momentum_step",
    reference=ewa_momentum_step,
    wrong=wrong_ewa_momentum,
    criteria={
        "average": Criterion("The weights move along the average of the gradients", _paths(_plain), ("w",)),
        "bias_correction": Criterion(
            "Corrected, the first steps are as long as the others", _paths(_corrected), ("w",)
        ),
        "state": Criterion("The state carries t and the plain average, and nothing else remembers", _state, ("t", "m")),
        "any_shape_and_dtype": Criterion(
            "Numbers, vectors and matrices, tiny and huge, in float64 and float32",
            _shapes_and_dtypes,
            ("w",),
            judges_values_when=_not_corrected,
            form=True,
        ),
        "inputs_unchanged": Criterion(
            "The arrays passed in stay as they were", _inputs, ("w",), judges_values_when=_not_corrected, purity=True
        ),
        "torch_tensors": Criterion("It works on torch tensors too", _torch, ("w",), form=True, backend="torch"),
    },
    misconceptions=MISCONCEPTIONS,
    section=f"{PAGE}#what-the-zigzag-wastes",
    init="ewa_momentum_init",
    initial=ewa_momentum_init,
    fields=EWAMomentumState._fields,
    shown={"lr": 0.2, "beta": 0.5},
)
