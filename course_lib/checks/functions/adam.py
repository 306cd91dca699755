"""``adam_step``, AMSGrad included: what is asked of it."""

from typing import Any

import numpy as np

from course_lib.arrays import Array
from course_lib.checks.cases import between, steps_run
from course_lib.checks.functions.adam_mistakes import MISCONCEPTIONS, PAGE, wrong_adam
from course_lib.checks.functions.common import FLOATS, SHAPES
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Spec
from course_lib.optimizers.adam import AdamState, adam_init, adam_step


def given_init(w: Array) -> AdamState:
    """The init that a learner is given: all three arrays are there from the start, so that no step meets a None."""
    return adam_init(w)._replace(v_max=0 * w)


def adam_settings(rng: np.random.Generator) -> dict[str, Any]:
    """Averages with a short memory, so that a few steps show all of it; without eps, which has its own criterion."""
    betas = (between(rng, 0.5, 0.75), between(rng, 0.8, 0.95))
    return {"lr": between(rng, 0.05, 0.6), "betas": betas, "eps": 0.0}


def without_lr(settings: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if name != "lr"}


def _averages_kept(rng: np.random.Generator) -> list[Tree]:
    return [ADAM_STEP.case(*(steps_run(rng, (3,), 4, adam_settings(rng)) for _ in range(2)), repeat=True)]


def _first_step(rng: np.random.Generator) -> list[Tree]:
    return [ADAM_STEP.case(steps_run(rng, shape, 1, adam_settings(rng))) for shape in [(3,), (2, 2)]]


def _many_steps(rng: np.random.Generator) -> list[Tree]:
    return [
        ADAM_STEP.case(steps_run(rng, (3,), 6, adam_settings(rng))),
        ADAM_STEP.case(steps_run(rng, (2, 2), 5, without_lr(adam_settings(rng)), changing_lr=True)),
    ]


def _with_eps(rng: np.random.Generator) -> list[Tree]:
    return [ADAM_STEP.case(steps_run(rng, (3,), 4, adam_settings(rng) | {"eps": between(rng, 0.05, 0.3)}))]


def _with_amsgrad(rng: np.random.Generator) -> list[Tree]:
    run = steps_run(rng, (3,), 5, adam_settings(rng) | {"amsgrad": True})
    run["gradients"][0] *= 30  # so that v falls afterwards, whatever the betas, and its maximum stands still
    # Beside it a run without, which tells a missing correction of v_max from one of v.
    return [ADAM_STEP.case(run), ADAM_STEP.case(steps_run(rng, (3,), 2, adam_settings(rng)))]


def _shapes_and_dtypes(rng: np.random.Generator) -> list[Tree]:
    cases = [
        ADAM_STEP.case(steps_run(rng, shape, 3, adam_settings(rng), dtype=dtype))
        for shape in SHAPES
        for dtype in FLOATS
    ]
    return cases + [ADAM_STEP.case(steps_run(rng, (3,), 2, adam_settings(rng), scale=scale)) for scale in (1e-30, 1e30)]


def _inputs(rng: np.random.Generator) -> list[Tree]:
    settings = [adam_settings(rng), adam_settings(rng), adam_settings(rng) | {"amsgrad": True}]
    return [ADAM_STEP.case(steps_run(rng, s, 3, each)) for s, each in zip([(), (4,), (2, 2)], settings, strict=True)]


def _torch(rng: np.random.Generator) -> list[Tree]:
    return [ADAM_STEP.case(steps_run(rng, (2, 3), 3, adam_settings(rng)), backend="torch")]


def _without_amsgrad(settings: Tree) -> bool:
    return not settings.get("amsgrad")


def no_maximum(settings: Tree) -> frozenset[str]:
    """Without AMSGrad nothing depends on ``v_max``."""
    return frozenset() if settings.get("amsgrad") else frozenset({"v_max"})


ADAM_STEP = Spec(
    function="adam_step",
    reference=adam_step,
    wrong=wrong_adam,
    criteria={
        "averages": Criterion(
            "m and v average the gradient and its square, step after step", _averages_kept, ("t", "m", "v")
        ),
        "first_step": Criterion("The first step is lr long, whatever the gradient's size", _first_step, ("w",)),
        "many_steps": Criterion("Every step is corrected by what its averages have collected", _many_steps, ("w",)),
        "eps": Criterion("eps is added after the correction and outside the root", _with_eps, ("w",)),
        "amsgrad": Criterion(
            "With amsgrad it divides by the largest v so far, and v goes on", _with_amsgrad, ("w", "v", "v_max")
        ),
        # These two judge the averages alone, so that a wrong correction costs nothing here.
        "any_shape_and_dtype": Criterion(
            "Numbers, vectors and matrices, tiny and huge, in float64 and float32",
            _shapes_and_dtypes,
            ("m", "v"),
            form=True,
        ),
        "inputs_unchanged": Criterion(
            "The arrays passed in stay as they were",
            _inputs,
            ("m", "v"),
            judges_values_when=_without_amsgrad,
            purity=True,
        ),
        "torch_tensors": Criterion("It works on torch tensors too", _torch, ("w",), form=True, backend="torch"),
    },
    misconceptions=MISCONCEPTIONS,
    section=f"{PAGE}#both-moments-and-where-the-hats-come-from",
    init="adam_init",
    initial=given_init,
    fields=AdamState._fields,
    free=no_maximum,
    torch="Adam",
    shown={"lr": 0.3, "betas": (0.5, 0.9)},
)
