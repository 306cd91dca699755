"""``rprop_step``: what is asked of it."""

from typing import Any

import numpy as np

from course_lib.checks.cases import between, steps_run
from course_lib.checks.functions.common import FLOATS, SHAPES
from course_lib.checks.functions.rprop_mistakes import MISCONCEPTIONS, wrong_rprop
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Spec
from course_lib.optimizers.rprop import RpropState, rprop_init, rprop_step

PAGE = "chapters/rest_of_the_ten.html#rest-signs"

# The signs of four weights' gradients, step by step: each flips at steps of its own.
_PATHS = np.array([[1, 1, 1, 1], [-1, 1, -1, 1], [-1, -1, 1, 1], [-1, -1, 1, -1], [1, -1, 1, -1]])
_STEADY, _AT_ONCE = np.array([1, 1, 1, 1]), np.array([1, -1])


def _lr(rng: np.random.Generator) -> dict[str, Any]:
    return {"lr": between(rng, 0.05, 0.6)}


def _settings(rng: np.random.Generator) -> dict[str, Any]:
    return _lr(rng) | {"etas": (between(rng, 0.3, 0.7), between(rng, 1.1, 1.5))}


def _run(
    rng: np.random.Generator, shape: tuple[int, ...], signs: np.ndarray, settings: dict[str, Any], **more: Any
) -> Tree:
    """A run whose gradients have these signs, step by step, or the opposite ones, as each weight draws."""
    run = steps_run(rng, shape, len(signs), settings, **more)
    size = np.abs(run["gradients"])
    turned = signs.reshape(len(signs), *(shape if signs.ndim > 1 else (1,) * len(shape)))
    return run | {"gradients": size * (turned * rng.choice([-1, 1], shape)).astype(size.dtype)}


def _first_step(rng: np.random.Generator) -> list[Tree]:
    return [RPROP_STEP.case(steps_run(rng, shape, 1, _settings(rng))) for shape in [(3,), (2, 2)]]


def _steady(rng: np.random.Generator) -> list[Tree]:
    return [RPROP_STEP.case(*(_run(rng, (3,), _STEADY, _settings(rng)) for _ in range(2)), repeat=True)]


def _flips(rng: np.random.Generator) -> list[Tree]:
    return [RPROP_STEP.case(_run(rng, shape, _PATHS, _settings(rng))) for shape in [(4,), (2, 2)]]


def _bounds(rng: np.random.Generator) -> list[Tree]:
    low, high = between(rng, 0.1, 0.2), between(rng, 0.5, 0.6)
    starts_and_signs = [(2 * high, _STEADY), (low / 2, _STEADY), (high / 1.1, _STEADY), (low * 1.1, _AT_ONCE)]
    return [
        RPROP_STEP.case(_run(rng, (3,), signs, {"lr": lr, "step_sizes": (low, high)})) for lr, signs in starts_and_signs
    ]


def _shapes_and_dtypes(rng: np.random.Generator) -> list[Tree]:
    draws = [(shape, dtype, 1.0) for shape in SHAPES for dtype in FLOATS]
    draws += [((3,), np.float64, 1e-30), ((3,), np.float64, 1e30)]
    return [RPROP_STEP.case(_run(rng, shape, _STEADY, _lr(rng), dtype=d, scale=scale)) for shape, d, scale in draws]


def _inputs(rng: np.random.Generator) -> list[Tree]:
    steady = [_run(rng, shape, _STEADY, _lr(rng)) for shape in [(), (2, 2)]]
    return [RPROP_STEP.case(run) for run in [*steady, _run(rng, (4,), _PATHS, _settings(rng))]]


def _usual_etas(settings: Tree) -> bool:
    """So are the runs marked in which no sign flips."""
    return "etas" not in settings


def _torch(rng: np.random.Generator) -> list[Tree]:
    return [RPROP_STEP.case(_run(rng, (2, 2), _PATHS, _settings(rng)), backend="torch")]


RPROP_STEP = Spec(
    function="rprop_step",
    reference=rprop_step,
    wrong=wrong_rprop,
    criteria={
        "first_step": Criterion("The first step is lr long, whatever the gradient's size", _first_step, ("w",)),
        "steady": Criterion("While the sign holds, each weight's step grows", _steady, ("t", "w", "step_size")),
        "flip": Criterion(
            "On a flip the step shrinks, the weight waits, and the next step keeps its size",
            _flips,
            ("w", "prev", "step_size"),
        ),
        "bounds": Criterion("The steps stay between step_sizes, the first one too", _bounds, ("step_size",)),
        # These two judge the gradient that is remembered, and where no sign flips, so that a wrong size or a wrong
        # answer to a flip costs nothing here. Of the inputs it matters in a flip too that they stay as they were.
        "any_shape_and_dtype": Criterion(
            "Numbers, vectors and matrices, tiny and huge, in float64 and float32",
            _shapes_and_dtypes,
            ("prev",),
            form=True,
        ),
        "inputs_unchanged": Criterion(
            "The arrays passed in stay as they were", _inputs, ("prev",), judges_values_when=_usual_etas, purity=True
        ),
        "torch_tensors": Criterion("It works on torch tensors too", _torch, ("w",), form=True, backend="torch"),
    },
    misconceptions=MISCONCEPTIONS,
    section=PAGE,
    init="rprop_init",
    initial=rprop_init,
    fields=RpropState._fields,
    torch="Rprop",
    shown={"lr": 0.6},
)
