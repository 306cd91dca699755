"""What the checks must make of the functions of ``ps4_adaptive_rates``."""

from collections.abc import Callable
from typing import Any

import right_adaptive

from course_lib.optimizers import (
    AdadeltaState,
    AdagradState,
    RMSpropState,
    adadelta_init,
    adagrad_init,
    rmsprop_init,
)

GIVEN: dict[str, Any] = {
    "AdagradState": AdagradState,
    "adagrad_init": adagrad_init,
    "RMSpropState": RMSpropState,
    "rmsprop_init": rmsprop_init,
    "AdadeltaState": AdadeltaState,
    "adadelta_init": adadelta_init,
}

RIGHT: dict[str, list[Callable[..., Any]]] = {
    "adagrad_step": right_adaptive.ADAGRAD,
    "rmsprop_step": right_adaptive.RMSPROP,
    "adadelta_step": right_adaptive.ADADELTA,
}

_FORM = {"any_shape_and_dtype", "inputs_unchanged"}
_LATER = {"many_steps", "accumulator", "lr_decay", "eps"}
_STEP = {"first_step"} | _LATER
_SUM = {"sum"} | _FORM
_DECAY, _EPS = {"lr_decay"}, {"eps"}
_PATHS = {"plain", "momentum", "centered", "eps"}
_MEAN = {"mean_square"} | _FORM
_MOMENTUM, _CENTERED, _COUNTED = {"momentum"}, {"centered"}, {"mean_square"}
_MOVE = {"first_step", "many_steps"}
_UPDATE = _MOVE | {"mean_update"}
_UPDATE_LATER = _UPDATE - {"first_step"}

FAILS: dict[str, dict[str, set[str]]] = {
    "adagrad_step": {
        **dict.fromkeys(("ascends", "forgets_lr", "root_forgotten"), _STEP),
        **dict.fromkeys(("eps_inside_root", "eps_forgotten", "eps_outside_quotient"), _EPS),
        **dict.fromkeys(("sizes_summed", "one_for_all"), _SUM | _STEP),
        **dict.fromkeys(("largest_not_sum", "s_not_returned"), _SUM | _LATER),
        "mean_not_sum": _LATER,
        "sum_begins_anew": {"accumulator"},
        **dict.fromkeys(("decay_ignored", "decay_by_t", "decay_compounds", "decay_multiplies"), _DECAY),
        "t_not_counted": {"sum", "lr_decay"},
    },
    "rmsprop_step": {
        **dict.fromkeys(("ascends", "forgets_lr", "root_forgotten", "bias_corrected"), _PATHS),
        **dict.fromkeys(("eps_inside_root", "eps_forgotten", "eps_outside_quotient"), _EPS),
        **dict.fromkeys(("shares_swapped", "never_fades", "v_not_returned"), _MEAN | _PATHS),
        **dict.fromkeys(("momentum_ignored", "buffers_gradients", "lr_in_the_buffer", "buffer_averages"), _MOMENTUM),
        **dict.fromkeys(("centered_ignored", "square_added", "spread_averaged"), _CENTERED),
        **dict.fromkeys(("numerator_centered", "m_not_returned"), _CENTERED),
        "t_not_counted": _COUNTED,
    },
    "adadelta_step": {
        **dict.fromkeys(("ascends", "forgets_lr"), _MOVE),
        **dict.fromkeys(("root_forgotten", "root_above_alone", "root_below_alone", "upside_down"), _UPDATE),
        **dict.fromkeys(("eps_outside_roots", "eps_above_only", "gradient_forgotten"), _UPDATE),
        **dict.fromkeys(("u_not_returned", "lr_remembered", "averages_gradients_twice"), _UPDATE_LATER),
        **dict.fromkeys(("never_fades", "v_not_returned"), _MEAN | _UPDATE_LATER),
        "shares_swapped": _MEAN | _UPDATE,
        "t_not_counted": _COUNTED,
    },
}

_ADAGRAD = "\n    t = state.t + 1; s = state.s + g**2; rate = lr / (1 + (t - 1) * lr_decay)\n    "
_RMSPROP = """
    t = state.t + 1; v = alpha * state.v + (1 - alpha) * g**2
    m = alpha * state.m + (1 - alpha) * g if centered else state.m
    root = np.sqrt(v - m**2 if centered else v) + eps; b = momentum * state.b + g / root
    """
_ADADELTA = """
    t = state.t + 1; v = rho * state.v + (1 - rho) * g**2
    delta = np.sqrt((state.u + eps) / (v + eps)) * g; u = rho * state.u + (1 - rho) * delta**2
    """
UNLISTED: dict[str, tuple[str, ...]] = {
    "adagrad_step": (
        _ADAGRAD + "return w - 2 * rate * g / (np.sqrt(s) + eps), AdagradState(t, s)",
        _ADAGRAD + "return w - rate * g / (s ** (1 / 3) + eps), AdagradState(t, s)",
        _ADAGRAD + "return w - rate * g / (1 + np.sqrt(s) + eps), AdagradState(t, s)",
        _ADAGRAD + "return 0.99 * w - rate * g / (np.sqrt(s) + eps), AdagradState(t, s)",
        _ADAGRAD + "return w - rate * g / (np.sqrt(s) + eps), AdagradState(t, s + 0.1)",
        _ADAGRAD + "return w - rate * np.sign(g), AdagradState(t, s / 2)",
    ),
    "rmsprop_step": (
        _RMSPROP + "return w - lr * (g / root + momentum * b), RMSpropState(t, v, m, 0.5 * b)",
        _RMSPROP + "return w - 2 * lr * b, RMSpropState(t, v, m, b)",
        _RMSPROP + "return w - lr * (b + 0.01 * w), RMSpropState(t, v, m, b)",
        _RMSPROP + "return w - lr * b / t**0.5, RMSpropState(t, v, m, b)",
        _RMSPROP + "b = np.clip(b, -1, 1) * 0.7; return w - lr * b, RMSpropState(t, v, m, b)",
    ),
    "adadelta_step": (
        _ADADELTA + "return w - 2 * lr * delta, AdadeltaState(t, v, u)",
        _ADADELTA + "return w - lr * delta, AdadeltaState(t, v, u / 2)",
        _ADADELTA + "return w - lr * np.sqrt((u + eps) / (v + eps)) * g, AdadeltaState(t, v, u)",
        _ADADELTA + "return w - lr * delta / (1 - rho**t), AdadeltaState(t, v, u)",
        _ADADELTA + "return w - lr * g / np.sqrt(v + eps) / 3, AdadeltaState(t, v, u)",
    ),
}
SIGNATURES = {
    "adagrad_step": "def adagrad_step(w, g, state, *, lr=1e-2, lr_decay=0.0, eps=1e-10):",
    "rmsprop_step": ("def rmsprop_step(w, g, state, *, lr=1e-2, alpha=0.99, eps=1e-8, momentum=0.0, centered=False):"),
    "adadelta_step": "def adadelta_step(w, g, state, *, lr=1.0, rho=0.9, eps=1e-6):",
}
