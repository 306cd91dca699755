"""What the checks must make of the functions of ``ps5_adam``."""

from collections.abc import Callable
from typing import Any

import right_adam

from course_lib.checks import spec_for
from course_lib.checks.functions.adam import given_init
from course_lib.optimizers import AdamaxState, AdamState, adamax_init

GIVEN: dict[str, Any] = {
    "AdamState": AdamState,
    "adam_init": given_init,
    "AdamaxState": AdamaxState,
    "adamax_init": adamax_init,
}

RIGHT: dict[str, list[Callable[..., Any]]] = {
    "startup_factor": right_adam.FACTORS,
    "adam_step": right_adam.ADAM,
    "adamw_step": right_adam.ADAMW,
    "adamax_step": right_adam.ADAMAX,
}

_FORM = {"any_shape_and_dtype", "inputs_unchanged"}
# What a wrong step costs; what is wrong with the averages shows from the second step on, or at once.
_LATER = {"many_steps", "eps", "amsgrad"}
_STEP = {"first_step"} | _LATER
_AVERAGES = {"averages"} | _FORM
_EPS, _AMSGRAD, _MANY = {"eps"}, {"amsgrad"}, {"many_steps"}
_FACTOR = {"first_step", "any_step"}
_DECAY = {"decay_alone", "many_steps"}
_MAX_LATER = {"many_steps", "eps"}
_MAX_STEP = {"first_step"} | _MAX_LATER
_MAXIMUM = {"maximum"} | _FORM

FAILS: dict[str, dict[str, set[str]]] = {
    "startup_factor": {
        **dict.fromkeys(spec_for("startup_factor").misconceptions, _FACTOR),
        "power_forgotten": {"any_step"},
        "power_outside": {"any_step"},
    },
    "adam_step": {
        **dict.fromkeys(("ascends", "forgets_lr", "no_bias_correction", "m_not_corrected", "v_not_corrected"), _STEP),
        **dict.fromkeys(("t_late", "correction_outside_root", "root_forgotten"), _STEP),
        **dict.fromkeys(("power_forgotten", "no_momentum"), _LATER),
        **dict.fromkeys(("shares_swapped", "m_summed", "v_never_fades", "square_of_mean"), _AVERAGES | _STEP),
        **dict.fromkeys(("betas_swapped", "m_not_returned", "v_not_returned", "hats_stored"), _AVERAGES | _LATER),
        "t_not_counted": {"averages"} | _LATER,
        **dict.fromkeys(("eps_inside_root", "eps_before_correction", "eps_forgotten", "eps_outside_quotient"), _EPS),
        **dict.fromkeys(("amsgrad_ignored", "amsgrad_not_used", "amsgrad_of_last_two"), _AMSGRAD),
        **dict.fromkeys(("amsgrad_replaces_v", "amsgrad_after_correction", "amsgrad_uncorrected"), _AMSGRAD),
    },
    "adamw_step": {
        **dict.fromkeys(("decay_ignored", "decay_without_lr", "decays_by_sign", "grows"), _DECAY),
        **dict.fromkeys(("decay_halved", "decay_doubled"), _DECAY),
        **dict.fromkeys(("decays_last", "ascends", "forgets_lr", "no_bias_correction"), _MANY),
        "l2": _DECAY | {"state"},
        "m_not_returned": {"many_steps", "state"} | _FORM,
        "t_not_counted": {"many_steps", "state"},
    },
    "adamax_step": {
        **dict.fromkeys(("ascends", "forgets_lr", "m_not_corrected", "u_corrected", "root_taken"), _MAX_STEP),
        **dict.fromkeys(("average", "fresh_share"), _MAXIMUM | _MAX_STEP),
        **dict.fromkeys(("m_not_returned", "u_not_returned", "never_fades", "squares"), _MAXIMUM | _MAX_LATER),
        **dict.fromkeys(("eps_in_the_division", "eps_outside_the_maximum", "eps_forgotten"), _EPS),
        "power_forgotten": _MAX_LATER,
        "t_not_counted": {"maximum"} | _MAX_LATER,
    },
}

_ADAM = """
    beta1, beta2 = betas; t = state.t + 1
    m = beta1 * state.m + (1 - beta1) * g; v = beta2 * state.v + (1 - beta2) * g**2
    c1, c2 = 1 - beta1**t, 1 - beta2**t
    after = AdamState(t, m, v, state.v_max)
    """
_ADAMAX = """
    beta1, beta2 = betas; t = state.t + 1
    m = beta1 * state.m + (1 - beta1) * g; u = np.maximum(beta2 * state.u, np.abs(g) + eps)
    after = AdamaxState(t, m, u)
    """

UNLISTED: dict[str, tuple[str, ...]] = {
    "startup_factor": (
        "return (1 - beta1**t) / (1 - beta2**t) ** (1 / 3)",
        "return (1 + beta1**t) / math.sqrt(1 - beta2**t)",
        "return beta1**t / math.sqrt(1 - beta2**t)",
        "return (1 - beta1) * t / math.sqrt((1 - beta2) * t)",
        "return math.sqrt(t)",
    ),
    "adam_step": (
        _ADAM + "return w - lr * m / c1 / (np.sqrt(v / c2) + eps) / (t + 1) ** 0.5, after",
        _ADAM + "return w - 2 * lr * m / c1 / (np.sqrt(v / c2) + eps), after",
        _ADAM + "return w - lr * (beta1 * m / c1 + (1 - beta1) * g / c1) / (np.sqrt(v / c2) + eps), after",
        _ADAM + "return w - lr * m / c2 / (np.sqrt(v / c1) + eps), after",
        _ADAM + "return w - lr * np.sign(m) + 0 * eps, after",
        _ADAM + "return w - lr * m / c1 / (np.sqrt(v.mean() / c2) + eps), after",
        _ADAM + "return 0.99 * w - lr * m / c1 / (np.sqrt(v / c2) + eps), after",
        _ADAM + "v = beta2 * state.v + (1 - beta2) * (g - m)**2; return w - lr * m / c1 / (v**0.5 + 1e-3), after",
    ),
    "adamw_step": (
        _ADAM + "return w - lr * (m / c1 / (np.sqrt(v / c2) + eps) + weight_decay * w**2), after",
        _ADAM + "return w - lr * (m / c1 + weight_decay * w) / (np.sqrt(v / c2) + eps), after",
        _ADAM + "return w - lr * m / c1 / (np.sqrt(v / c2) + eps) - lr**2 * weight_decay * w, after",
        _ADAM + "return w - lr * m / c1 / (np.sqrt(v / c2) + eps) - lr * weight_decay * w / t, after",
    ),
    "adamax_step": (
        _ADAMAX + "return w - lr / (1 - beta1**t) * m / u**2, after",
        _ADAMAX + "return w - lr / (1 - beta1**t) * np.sign(m), after",
        _ADAMAX + "return w - lr / (1 - beta1**t) * m / np.max(u, initial=0), after",
        _ADAMAX + "return w - lr / (1 - beta1) ** t * m / u, after",
        _ADAMAX + "return w - lr / (1 - beta1**t) * g / u, after",
        "\n    beta1, beta2 = betas; t = state.t + 1; m = beta1 * state.m + (1 - beta1) * g\n"
        "    u = np.maximum(state.u, beta2 * np.abs(g)) + 0 * eps\n"
        "    return w - lr / (1 - beta1**t) * m / u, AdamaxState(t, m, u)",
    ),
}
_COMMON = "w, g, state, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8"
SIGNATURES = {
    "startup_factor": "import math\ndef startup_factor(t, beta1, beta2):",
    "adam_step": f"def adam_step({_COMMON}, amsgrad=False):",
    "adamw_step": f"def adamw_step({_COMMON}, weight_decay=0.01):",
    "adamax_step": f"def adamax_step({_COMMON}):",
}
