"""What the checks must make of the functions of ``ps2_stochastic_descent``."""

from collections.abc import Callable
from typing import Any

import right_line

from course_lib.checks import spec_for
from course_lib.checks.functions.decayed_lr import decayed_lr
from course_lib.data import steps_per_epoch
from course_lib.regression import line_gradient

# What the functions of this set may call, when the learner has written it.
GIVEN: dict[str, Any] = {
    "line_gradient": line_gradient,
    "steps_per_epoch": steps_per_epoch,
    "decayed_lr": decayed_lr,
}

RIGHT: dict[str, list[Callable[..., Any]]] = {
    "line_gradient": right_line.GRADIENTS,
    "steps_per_epoch": right_line.ROUND_UP,
    "decayed_lr": right_line.LRS,
    "sgd_epoch": right_line.EPOCHS,
}

FAILS: dict[str, dict[str, set[str]]] = {
    name: {key: set(spec_for(name).criteria) for key in spec_for(name).misconceptions} for name in RIGHT
}
MANY, LATER, LEFT_OVER, DECAY = {"many_points"}, {"later_steps"}, {"last_batch"}, {"decay"}
FAILS["line_gradient"] |= dict.fromkeys(("sums", "means_multiplied", "first_point_only"), MANY)
FAILS["steps_per_epoch"] |= {key: {"remainder"} for key in ("rounds_down", "rounds_to_nearest", "not_rounded")}
FAILS["steps_per_epoch"]["always_one_more"] = {"no_remainder"}
FAILS["decayed_lr"] = dict.fromkeys(spec_for("decayed_lr").misconceptions, LATER)
FAILS["decayed_lr"]["counts_from_one"] = {"first_step", "later_steps"}
STEPPING = {"mini_batches", "last_batch", "decay"}
FAILS["sgd_epoch"] |= dict.fromkeys(
    ("gradient_at_the_start", "ignores_the_order", "first_batch_only", "all_points_every_step", "batches_overlap"),
    STEPPING,
)
FAILS["sgd_epoch"] |= dict.fromkeys(("drops_the_last", "last_batch_too_weak"), LEFT_OVER)
FAILS["sgd_epoch"] |= {key: DECAY for key in spec_for("sgd_epoch").misconceptions if key.startswith("decay_")}

SIGNATURES = {
    "line_gradient": "def line_gradient(w, x, y):",
    "steps_per_epoch": "def steps_per_epoch(n, batch_size):",
    "decayed_lr": "def decayed_lr(lr, decay, t):",
    "sgd_epoch": "def sgd_epoch(w, x, y, order, *, batch_size, lr, decay=0.0, t=0):",
}
UNLISTED = {
    "line_gradient": (
        "return np.array([np.mean(w[0] * x - y), np.median(y) + 1])",
        "return np.sign(np.array([np.mean((w[0] * x + w[1] - y) * x), np.mean(w[0] * x + w[1] - y)])) * 0.3",
        "return np.array([np.mean(abs(w[0] * x + w[1] - y) * x), np.mean(abs(w[0] * x + w[1] - y)) + 0.1])",
        "return np.array([np.mean((w[0] * x + w[1] - y) * x), np.mean(w[0] * x + w[1] - y)]) * 1.5",
    ),
    "steps_per_epoch": ("return n % batch_size + 7", "return n - batch_size", "return n // batch_size + 3"),
    "decayed_lr": (
        "return lr / (1 + decay * t + 0.01)",
        "return lr / (2 + decay * t)",
        "return lr / (1 + decay * t) ** 2 + 0.001",
    ),
    "sgd_epoch": (
        "return w - lr * line_gradient(w, x, y) / 2",
        "return w - lr * line_gradient(w, x[order[::-1]][:3], y[order[::-1]][:3]) * 1.1",
        "return w * 0.9",
    ),
}
