"""``sgd_step``: what is asked of it, and the ways it goes wrong."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.arrays import Array
from course_lib.checks.cases import between, steps_run
from course_lib.checks.functions.common import FLOATS, SHAPES
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Draw, Misconception, Spec
from course_lib.optimizers.sgd import SGDState, sgd_init, sgd_step

PAGE = "chapters/momentum.html"
FORM = f"{PAGE}#torch-form"
CONVENTIONS = f"{PAGE}#where-conventions-differ"
LOOK_AHEAD = "chapters/nesterov.html#the-formula-and-torchs-way-to-write-it"


def wrong_sgd(ids: frozenset[str]) -> Callable[..., tuple[Array, SGDState]]:
    """``sgd_step`` with the mistakes ``ids``; without any, the reference."""

    def step(
        w: Array,
        g: Array,
        state: SGDState,
        *,
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        nesterov: bool = False,
    ) -> tuple[Array, SGDState]:
        rate = (
            1.0 if "forgets_lr" in ids else lr * lr if "lr_twice" in ids else 1 / lr if "divides_by_lr" in ids else lr
        )
        t = state.t + 1
        if "lr_in_the_buffer" in ids:
            g, rate = rate * g, 1.0
        b = _buffer(ids, g, state, t, momentum, dampening)
        if momentum == 0:
            d = (1.0 - dampening) * g if "dampening_without_momentum" in ids and t > 1 else g
        else:
            d = _direction(ids, g, b, state, momentum, nesterov)
        towards = 1.0 if "ascends" in ids else -1.0
        kept = momentum if "momentum_on_the_weights" in ids and momentum else 1.0
        w = kept * w + towards * rate * d
        return w, SGDState(t - 1 if "t_not_counted" in ids else t, state.b if "buffer_not_returned" in ids else b)

    return step


def _buffer(ids: frozenset[str], g: Array, state: SGDState, t: int, momentum: float, dampening: float) -> Array:
    fresh, kept = 1.0 - dampening, momentum
    if "dampening_ignored" in ids:
        fresh = 1.0
    if "dampening_as_weight" in ids and dampening:
        fresh = dampening
    if "dampening_added" in ids:
        fresh = 1.0 + dampening
    if "dampening_on_the_buffer" in ids:
        fresh, kept = 1.0, momentum * (1.0 - dampening)
    if t == 1 and "first_buffer_damped" not in ids:
        fresh = 1.0
    if "averages" in ids or ("averages_after_first" in ids and t > 1):
        fresh = fresh * (1.0 - momentum)
    if "momentum_subtracted" in ids:
        kept = -kept
    if "buffer_starts_anew" in ids:
        kept = 0.0
    return kept * state.b + fresh * g


def _direction(ids: frozenset[str], g: Array, b: Array, state: SGDState, momentum: float, nesterov: bool) -> Array:
    if "moves_along_old_buffer" in ids:
        return state.b
    if "nesterov_always" in ids:
        nesterov = True
    if not nesterov or "nesterov_ignored" in ids:
        return b
    if "nesterov_without_gradient" in ids:
        return momentum * b
    if "nesterov_whole_buffer" in ids:
        return g + b
    return g + momentum * b


MISCONCEPTIONS = {
    "ascends": Misconception(
        "It walks up the slope instead of down.",
        "The gradient points to where the loss grows. Look at the sign in the last line.",
    ),
    "forgets_lr": Misconception(
        "It ignores the learning rate.",
        "The weights move by lr times the direction; as it stands, lr changes nothing.",
    ),
    "lr_twice": Misconception(
        "It multiplies by the learning rate twice.",
        "The learning rate enters once, when the weights move.",
    ),
    "divides_by_lr": Misconception(
        "It divides by the learning rate instead of multiplying.",
        "A smaller lr must give a smaller step.",
    ),
    "lr_in_the_buffer": Misconception(
        "It multiplies by lr before the buffer instead of after it.",
        "The buffer collects the gradients themselves; lr enters only when the weights move. "
        "The two agree until lr changes.",
        CONVENTIONS,
    ),
    "momentum_on_the_weights": Misconception(
        "It multiplies the weights by the momentum.",
        "Momentum keeps a share of the buffer; the weights are kept whole.",
    ),
    "dampening_without_momentum": Misconception(
        "It dampens the gradient although there is no momentum.",
        "Dampening belongs to the buffer. With momentum = 0 there is no buffer and the step is lr · g.",
        CONVENTIONS,
    ),
    "averages": Misconception(
        "Its buffer is an average: the new gradient enters with weight 1 − momentum.",
        "Here, as in torch, the buffer is a sum: the new gradient enters whole (with weight 1 − dampening).",
    ),
    "averages_after_first": Misconception(
        "From the second step on its buffer is an average: the new gradient enters with weight 1 − momentum.",
        "Here, as in torch, the buffer is a sum: the new gradient enters whole (with weight 1 − dampening).",
    ),
    "momentum_subtracted": Misconception(
        "It subtracts the old buffer's share instead of adding it.",
        "The new buffer is momentum · b plus the gradient.",
    ),
    "buffer_starts_anew": Misconception(
        "Its buffer forgets: every step starts it anew from the gradient.",
        "The new buffer needs momentum · state.b, the one that the last step returned.",
    ),
    "buffer_not_returned": Misconception(
        "It returns the old buffer instead of the new one.",
        "Put the b you have calculated into the state you return, or the next step will not know it.",
    ),
    "moves_along_old_buffer": Misconception(
        "It moves along the buffer of the step before.",
        "First bring the buffer up to date, then move along the new one.",
    ),
    "first_buffer_damped": Misconception(
        "It dampens the very first gradient too.",
        "The first buffer is the gradient itself; 1 − dampening enters from the second step on.",
        CONVENTIONS,
    ),
    "dampening_ignored": Misconception(
        "It ignores the dampening.",
        "From the second step on the new gradient enters the buffer with weight 1 − dampening.",
        CONVENTIONS,
    ),
    "dampening_as_weight": Misconception(
        "It takes the dampening itself as the gradient's weight.",
        "The weight is what dampening leaves over: 1 − dampening.",
        CONVENTIONS,
    ),
    "dampening_added": Misconception(
        "It adds the dampening where it should subtract it.",
        "The new gradient enters with weight 1 − dampening, so less of it and not more.",
        CONVENTIONS,
    ),
    "dampening_on_the_buffer": Misconception(
        "It dampens the old buffer instead of the new gradient.",
        "The old buffer is multiplied by momentum alone; 1 − dampening belongs to g.",
        CONVENTIONS,
    ),
    "nesterov_ignored": Misconception(
        "With nesterov=True it still moves along the buffer b.",
        "The direction is g + momentum · b with the new b, the one that already holds this step's gradient. "
        "With the old buffer, g + momentum · state.b is just b again.",
        LOOK_AHEAD,
    ),
    "nesterov_always": Misconception(
        "It looks ahead even when nesterov is False.",
        "Without nesterov the weights move along the buffer b.",
        LOOK_AHEAD,
    ),
    "nesterov_without_gradient": Misconception(
        "Its look-ahead leaves out the gradient.",
        "The direction is g + momentum · b.",
        LOOK_AHEAD,
    ),
    "nesterov_whole_buffer": Misconception(
        "It looks ahead with the whole buffer.",
        "Only the buffer's next share is added: momentum · b.",
        LOOK_AHEAD,
    ),
    "t_not_counted": Misconception(
        "It does not count the step.",
        "Return a new state whose t is one more than that of the state you were given.",
    ),
}


def _lr(rng: np.random.Generator) -> dict[str, Any]:
    return {"lr": between(rng, 0.05, 0.6)}


def _with_momentum(rng: np.random.Generator) -> dict[str, Any]:
    return _lr(rng) | {"momentum": between(rng, 0.6, 0.95)}


def _plain(rng: np.random.Generator) -> list[Tree]:
    damped = _lr(rng) | {"momentum": 0.0, "dampening": between(rng, 0.1, 0.4)}
    return [SGD_STEP.case(steps_run(rng, (3,), 3, _lr(rng))), SGD_STEP.case(steps_run(rng, (2, 2), 3, damped))]


def _with_dampening(rng: np.random.Generator) -> dict[str, Any]:
    return _with_momentum(rng) | {"dampening": between(rng, 0.1, 0.4)}


def _with_nesterov(rng: np.random.Generator) -> dict[str, Any]:
    return _with_momentum(rng) | {"nesterov": True}


def _paths(settings: Callable[[np.random.Generator], dict[str, Any]]) -> Draw:
    """A constant learning rate, then a changing one, which tells where lr stands."""

    def draw(rng: np.random.Generator) -> list[Tree]:
        steady = steps_run(rng, (3,), 5, settings(rng))
        changing = {name: value for name, value in settings(rng).items() if name != "lr"}
        return [SGD_STEP.case(steady), SGD_STEP.case(steps_run(rng, (2, 2), 5, changing, changing_lr=True))]

    return draw


def _state(rng: np.random.Generator) -> list[Tree]:
    in_turns = SGD_STEP.case(*(steps_run(rng, (3,), 4, _with_momentum(rng)) for _ in range(2)), repeat=True)
    return [in_turns, *_paths(_with_momentum)(rng)]


def _shapes_and_dtypes(rng: np.random.Generator) -> list[Tree]:
    cases = [
        SGD_STEP.case(steps_run(rng, shape, 3, settings(rng), dtype=dtype))
        for shape in SHAPES
        for dtype in FLOATS
        for settings in (_lr, _with_momentum)
    ]
    return cases + [SGD_STEP.case(steps_run(rng, (3,), 2, _lr(rng), scale=scale)) for scale in (1e-30, 1e30)]


def _inputs(rng: np.random.Generator) -> list[Tree]:
    settings = [_lr(rng), _with_momentum(rng), _with_nesterov(rng)]
    return [SGD_STEP.case(steps_run(rng, shape, 3, s)) for shape, s in zip([(3,), (2, 2), (4,)], settings, strict=True)]


def _torch(rng: np.random.Generator) -> list[Tree]:
    return [SGD_STEP.case(steps_run(rng, (2, 3), 3, s(rng)), backend="torch") for s in (_lr, _with_momentum)]


def _no_momentum(settings: Tree) -> bool:
    return not settings.get("momentum")


SGD_STEP = Spec(
    function="sgd_step",
    reference=sgd_step,
    wrong=wrong_sgd,
    criteria={
        "plain": Criterion("Without momentum it is gradient descent", _plain, ("w",)),
        "momentum": Criterion("With momentum the weights move along the buffer", _paths(_with_momentum), ("w",)),
        "dampening": Criterion("Dampening weakens every new gradient but the first", _paths(_with_dampening), ("w",)),
        "nesterov": Criterion("With nesterov it looks ahead along the new buffer", _paths(_with_nesterov), ("w",)),
        "state": Criterion("The state carries t and b, and nothing else remembers", _state, ("t", "b")),
        "any_shape_and_dtype": Criterion(
            "Numbers, vectors and matrices, tiny and huge, in float64 and float32",
            _shapes_and_dtypes,
            ("w",),
            judges_values_when=_no_momentum,
            form=True,
        ),
        "inputs_unchanged": Criterion(
            "The arrays passed in stay as they were", _inputs, ("w",), judges_values_when=_no_momentum, purity=True
        ),
        "torch_tensors": Criterion(
            "It works on torch tensors too", _torch, ("w",), judges_values_when=_no_momentum, form=True, backend="torch"
        ),
    },
    misconceptions=MISCONCEPTIONS,
    section=FORM,
    init="sgd_init",
    initial=sgd_init,
    fields=SGDState._fields,
    # Without momentum torch keeps no buffer, so what b holds there is the learner's own affair.
    free=lambda settings: frozenset() if settings.get("momentum") else frozenset({"b"}),
    torch="SGD",
    shown={"lr": 0.05, "momentum": 0.5},
)
