"""``adamw_step``: what is asked of it, and the ways it goes wrong."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.arrays import Array
from course_lib.checks.cases import between, steps_run
from course_lib.checks.functions import adam, adam_mistakes
from course_lib.checks.functions.common import FLOATS, SHAPES
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Misconception, Spec
from course_lib.optimizers.adam import AdamState
from course_lib.optimizers.adamw import adamw_step

PAGE = "chapters/adam_family.html"
# The mistakes of the Adam step inside that are worth naming here as well.
_ADAMS = ("ascends", "forgets_lr", "no_bias_correction", "m_not_returned", "t_not_counted")


def wrong_adamw(ids: frozenset[str]) -> Callable[..., tuple[Array, AdamState]]:
    """``adamw_step`` with the mistakes ``ids``; without any, the reference."""
    inner = adam_mistakes.wrong_adam(ids)

    def step(
        w: Array, g: Array, state: AdamState, *, lr: float = 1e-3, weight_decay: float = 1e-2, **rest: Any
    ) -> tuple[Array, AdamState]:
        if "l2" in ids:
            return inner(w, g + weight_decay * w, state, lr=lr, **rest)
        moved, after = inner(w, g, state, lr=lr, **rest)
        share = _share(ids, lr, weight_decay)
        if "decays_last" in ids:
            return (1 - share) * moved, after
        if "decays_by_sign" in ids:
            return moved - share * np.sign(w), after
        return moved - share * w, after

    return step


def _share(ids: frozenset[str], lr: float, weight_decay: float) -> float:
    """What part of the weights a step takes away."""
    if "decay_ignored" in ids:
        return 0.0
    if "decay_without_lr" in ids:
        return weight_decay
    if "decay_halved" in ids:
        return lr * weight_decay / 2
    if "decay_doubled" in ids:
        return 2 * lr * weight_decay
    return -lr * weight_decay if "grows" in ids else lr * weight_decay


MISCONCEPTIONS = {
    "l2": Misconception(
        "It adds weight_decay · w to the gradient, which is Adam with an L2 penalty.",
        "There the decay is divided by √v̂ like everything else. AdamW shrinks the weights themselves: "
        "w − lr · weight_decay · w.",
    ),
    "decay_ignored": Misconception(
        "It ignores the weight decay.",
        "Before Adam's step the weights are multiplied by 1 − lr · weight_decay.",
    ),
    "decay_without_lr": Misconception(
        "It shrinks the weights by weight_decay, without the learning rate.",
        "Here, as in torch, the share that a step takes is lr · weight_decay.",
        f"{PAGE}#where-conventions-differ",
    ),
    "decays_last": Misconception(
        "It shrinks the weights after the step instead of before.",
        "The step itself must not shrink: multiply the old w, then move.",
    ),
    "decays_by_sign": Misconception(
        "It takes the same amount off every weight.",
        "The decay is a share of each weight: lr · weight_decay · w.",
    ),
    "decay_halved": Misconception(
        "It takes half of the decay.",
        "The share that a step takes is lr · weight_decay.",
    ),
    "decay_doubled": Misconception(
        "It takes twice the decay.",
        "The share that a step takes is lr · weight_decay, without the 2 of the derivative of w².",
    ),
    "grows": Misconception(
        "It makes the weights larger where they should shrink.",
        "The factor is 1 − lr · weight_decay, below 1.",
    ),
    **{name: adam_mistakes.MISCONCEPTIONS[name] for name in _ADAMS},
}


def _settings(rng: np.random.Generator) -> dict[str, Any]:
    return adam.adam_settings(rng) | {"weight_decay": between(rng, 0.1, 0.9)}


def _decay_alone(rng: np.random.Generator) -> list[Tree]:
    steady = steps_run(rng, (3,), 4, _settings(rng) | {"eps": 1e-8})
    changing = steps_run(rng, (2, 2), 4, adam.without_lr(_settings(rng) | {"eps": 1e-8}), changing_lr=True)
    for run in (steady, changing):
        run["gradients"] *= 0.0
    return [ADAMW_STEP.case(steady), ADAMW_STEP.case(changing)]


def _many_steps(rng: np.random.Generator) -> list[Tree]:
    return [
        ADAMW_STEP.case(steps_run(rng, (3,), 5, _settings(rng))),
        ADAMW_STEP.case(steps_run(rng, (2, 2), 5, adam.without_lr(_settings(rng)), changing_lr=True)),
    ]


def _state(rng: np.random.Generator) -> list[Tree]:
    return [ADAMW_STEP.case(*(steps_run(rng, (3,), 4, _settings(rng)) for _ in range(2)), repeat=True)]


def _without_decay(rng: np.random.Generator) -> dict[str, Any]:
    return _settings(rng) | {"weight_decay": 0.0}


def _shapes_and_dtypes(rng: np.random.Generator) -> list[Tree]:
    return [
        ADAMW_STEP.case(steps_run(rng, shape, 3, settings(rng), dtype=dtype))
        for shape in SHAPES
        for dtype in FLOATS
        for settings in (_settings, _without_decay)
    ]


def _inputs(rng: np.random.Generator) -> list[Tree]:
    settings = [_settings(rng), _without_decay(rng), _settings(rng)]
    return [ADAMW_STEP.case(steps_run(rng, s, 3, each)) for s, each in zip([(), (4,), (2, 2)], settings, strict=True)]


def _torch(rng: np.random.Generator) -> list[Tree]:
    return [ADAMW_STEP.case(steps_run(rng, (2, 3), 3, s(rng)), backend="torch") for s in (_settings, _without_decay)]


def _no_decay(settings: Tree) -> bool:
    return not settings["weight_decay"]


ADAMW_STEP = Spec(
    function="adamw_step",
    reference=adamw_step,
    wrong=wrong_adamw,
    criteria={
        "decay_alone": Criterion(
            "Without a gradient only the decay is left, lr times weight_decay", _decay_alone, ("w",)
        ),
        "many_steps": Criterion("With a gradient, Adam's step is taken on top", _many_steps, ("w",)),
        "state": Criterion("The averages know nothing of the decay", _state, ("t", "m", "v")),
        "any_shape_and_dtype": Criterion(
            "Numbers, vectors and matrices in float64 and float32",
            _shapes_and_dtypes,
            ("m", "v"),
            judges_values_when=_no_decay,
            form=True,
        ),
        "inputs_unchanged": Criterion(
            "The arrays passed in stay as they were", _inputs, ("m", "v"), judges_values_when=_no_decay, purity=True
        ),
        "torch_tensors": Criterion(
            "It works on torch tensors too",
            _torch,
            ("m", "v"),
            judges_values_when=_no_decay,
            form=True,
            backend="torch",
        ),
    },
    misconceptions=MISCONCEPTIONS,
    section=f"{PAGE}#adamw",
    init="adam_init",
    initial=adam.given_init,
    fields=AdamState._fields,
    free=adam.no_maximum,
    torch="AdamW",
    shown={"lr": 0.3, "betas": (0.5, 0.9), "weight_decay": 0.5},
)
