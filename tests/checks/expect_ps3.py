"""What the checks must make of the functions of ``ps3_averages_and_momentum``."""

from collections.abc import Callable
from typing import Any

import right_averages
import right_ewa_momentum

from course_lib.checks import spec_for
from course_lib.optimizers import EWAMomentumState, ewa_momentum_init

GIVEN: dict[str, Any] = {"EWAMomentumState": EWAMomentumState, "ewa_momentum_init": ewa_momentum_init}

RIGHT: dict[str, list[Callable[..., Any]]] = {
    "exponential_average": right_averages.AVERAGES,
    "expansion_weights": right_averages.WEIGHTS,
    "bias_corrected": right_averages.CORRECTED,
    "ewa_momentum_step": right_ewa_momentum.STEPS,
    "momentum_weights": right_ewa_momentum.WEIGHTS,
    "sgd_lr": right_ewa_momentum.LRS,
}


def _everywhere(name: str) -> dict[str, set[str]]:
    spec = spec_for(name)
    graded = {key for key, rule in spec.criteria.items() if rule.backend == "numpy"}
    return dict.fromkeys(spec.misconceptions, graded)


PATHS = {"average", "bias_correction", "any_shape_and_dtype", "inputs_unchanged"}
LATER = {"every_average", "any_shape_and_dtype"}
DAMPENING, NESTEROV, CORRECTION = {"dampening"}, {"nesterov"}, {"bias_correction"}

FAILS: dict[str, dict[str, set[str]]] = {
    "exponential_average": {
        **_everywhere("exponential_average"),
        "wrong_axis": {"any_shape_and_dtype"},
    },
    "expansion_weights": _everywhere("expansion_weights"),
    "bias_corrected": {
        **_everywhere("bias_corrected"),
        **dict.fromkeys(("last_power_for_all", "without_the_power", "power_of_the_bracket", "times_t"), LATER),
        "last_only": _everywhere("bias_corrected")["last_only"],
        "wrong_axis": {"any_shape_and_dtype"},
    },
    "ewa_momentum_step": {
        **_everywhere("ewa_momentum_step"),
        **dict.fromkeys(("ascends", "forgets_lr", "lr_twice", "moves_along_old_average"), PATHS),
        "lr_in_the_average": {"average", "bias_correction", "state"},
        **dict.fromkeys(
            ("correction_ignored", "correction_multiplies", "correction_without_power", "correction_counts_ahead"),
            CORRECTION,
        ),
        "correction_kept": CORRECTION,
        "correction_always": {"average", "any_shape_and_dtype", "inputs_unchanged"},
        "t_not_counted": {"bias_correction", "state"},
    },
    "momentum_weights": {
        **_everywhere("momentum_weights"),
        **dict.fromkeys(
            (
                *("dampening_ignored", "dampening_as_weight", "dampening_added", "dampening_on_the_buffer"),
                *("first_gradient_damped", "newest_not_damped"),
            ),
            DAMPENING,
        ),
        **dict.fromkeys(("nesterov_ignored", "nesterov_without_gradient", "nesterov_whole_buffer"), NESTEROV),
    },
    "sgd_lr": {
        **_everywhere("sgd_lr"),
        **dict.fromkeys(
            ("correction_ignored", "correction_multiplies", "power_of_the_bracket", "counts_ahead"), CORRECTION
        ),
        "correction_always": {"plain"},
    },
}

SIGNATURES = {
    "exponential_average": "def exponential_average(x, beta):",
    "expansion_weights": "def expansion_weights(beta, steps):",
    "bias_corrected": "def bias_corrected(v, beta):",
    "ewa_momentum_step": "def ewa_momentum_step(w, g, state, *, lr=1e-3, beta=0.9, bias_correction=False):",
    "momentum_weights": "def momentum_weights(momentum, steps, *, dampening=0.0, nesterov=False):",
    "sgd_lr": "def sgd_lr(lr, beta, t, *, bias_correction=False):",
}
UNLISTED = {
    "exponential_average": (
        "return np.maximum.accumulate(x)",
        "return np.cumsum(x, axis=0) * (1 - beta) / 2",
        "return x * beta",
        "return np.stack([np.median(x[: t + 1], axis=0) for t in range(len(x))])",
    ),
    "expansion_weights": (
        "return [(1 - beta) / (k + 1) for k in range(steps)]",
        "return [(1 - beta) * beta ** (2 * k) for k in range(steps)]",
        "return [max(1 - beta * k, 0.1) for k in range(steps)]",
    ),
    "bias_corrected": (
        "return v / (1 - beta ** 0.5)",
        "return v / np.sqrt(1 - beta ** np.arange(1, len(v) + 1)).reshape((-1,) + (1,) * (v.ndim - 1))",
        "return v + 1",
    ),
    "ewa_momentum_step": (
        "m = beta**2 * state.m + (1 - beta**2) * g; return w - lr * m, EWAMomentumState(state.t + 1, m)",
        "m = beta * state.m + (1 - beta) * g**2; return w - lr * m, EWAMomentumState(state.t + 1, m)",
        "m = beta * state.m + (1 - beta) * g; return w - lr * (m + g) / 2, EWAMomentumState(state.t + 1, m)",
    ),
    "momentum_weights": (
        "return [momentum**k / 2 for k in range(steps)]",
        "return [1 / (k + 1.5) for k in range(steps)]",
    ),
    "sgd_lr": ("return lr * (1 - beta) ** 1.5", "return lr * (1 - beta**2)", "return lr + beta"),
}
