"""The sample class of ``ps5_adam``: right in different styles, wrong in named ways, one hostile.

What each version loses is written down by hand, as in ``ps1_gradient_descent``.
"""

from autograder.samples.cast import EVERYTHING, Learner, Version

_FACTOR = "(1 - beta1**t) / np.sqrt(1 - beta2**t)"
_M_HAT, _V_HAT = "m / (1 - beta1**t)", "(v_max if amsgrad else v) / (1 - beta2**t)"
_MOVE = "w - lr * m_hat / (np.sqrt(v_hat) + eps), AdamState(t, m, v, v_max)"
_SHRUNK = "(1 - lr * weight_decay) * w"
_ADAMW = "adam_step(shrunk, g, state, lr=lr, betas=betas, eps=eps)"
_U = "np.maximum(beta2 * state.u, np.abs(g) + eps)"
_ADAMAX = "w - lr / (1 - beta1**t) * m / u"

# Right, in other words.
FACTOR_BY_SUMS = Version(
    "by_sums",
    "startup_factor",
    (
        (
            f"return {_FACTOR}",
            "one, other = (sum((1 - b) * b**k for k in range(t)) for b in (beta1, beta2))\n    return one / other**0.5",
        ),
    ),
)
ADAM_RATE_FIRST = Version(
    "rate_first",
    "adam_step",
    (
        (f"    m_hat = {_M_HAT}\n    v_hat = {_V_HAT}\n", "    root = (1 - beta2**t) ** 0.5\n"),
        (
            f"return {_MOVE}",
            "rate = lr * root / (1 - beta1**t)\n    largest = v_max if amsgrad else v\n"
            "    return w - rate * m / (largest**0.5 + eps * root), state._replace(t=t, m=m, v=v, v_max=v_max)",
        ),
    ),
)
ADAMW_SUBTRACTS = Version(
    "subtracts",
    "adamw_step",
    (
        (f"    shrunk = {_SHRUNK}\n", ""),
        (
            f"return {_ADAMW}",
            "new, state = adam_step(w, g, state, lr=lr, betas=betas, eps=eps)\n"
            "    return new - lr * weight_decay * w, state",
        ),
    ),
)
ADAMAX_BY_WHERE = Version(
    "by_where", "adamax_step", ((_U, "np.where(beta2 * state.u > abs(g) + eps, beta2 * state.u, abs(g) + eps)"),)
)

# Wrong.
FACTOR_SWAPPED = Version("upside_down", "startup_factor", ((_FACTOR, f"1 / ({_FACTOR})"),), EVERYTHING)
FACTOR_FIRST = Version(
    "power_forgotten", "startup_factor", (("beta1**t", "beta1"), ("beta2**t", "beta2")), ("any_step",)
)
_LATER = ("many_steps", "eps", "amsgrad")
_STEP = ("first_step", *_LATER)
_FORM = ("any_shape_and_dtype", "inputs_unchanged")
# AdamW calls Adam, and is then as wrong as that.
_MOVES = ("adamw_step-many_steps",)
_COUNTS = (*_MOVES, "adamw_step-state")
_AVERAGES = (*_COUNTS, *(f"adamw_step-{criterion}" for criterion in _FORM))
ADAM_UNCORRECTED = Version(
    "no_bias_correction", "adam_step", ((_M_HAT, "m"), (_V_HAT, "v_max if amsgrad else v")), _STEP, _MOVES
)
ADAM_POWERLESS = Version("power_forgotten", "adam_step", (("beta1**t", "beta1"), ("beta2**t", "beta2")), _LATER, _MOVES)
ADAM_EPS_INSIDE = Version(
    "eps_inside_root", "adam_step", (("(np.sqrt(v_hat) + eps)", "np.sqrt(v_hat + eps)"),), ("eps",)
)
ADAM_BRACKETS = Version(
    "eps_outside_quotient",
    "adam_step",
    (("m_hat / (np.sqrt(v_hat) + eps)", "(m_hat / np.sqrt(v_hat) + eps)"),),
    ("eps",),
    ("adamw_step-decay_alone",),  # where there is no gradient, 0 / 0
)
ADAM_PLAIN = Version(
    "amsgrad_ignored",
    "adam_step",
    (
        (" if amsgrad else state.v_max", ""),
        ("np.maximum(state.v_max, v)", "state.v_max"),
        ("(v_max if amsgrad else v)", "v"),
    ),
    ("amsgrad",),
)
ADAM_NOT_COUNTED = Version(
    "t_not_counted", "adam_step", (("AdamState(t,", "AdamState(state.t,"),), ("averages", *_LATER), _COUNTS
)
ADAM_SWAPPED = Version(
    "betas_swapped",
    "adam_step",
    (("beta1, beta2 = betas", "beta2, beta1 = betas"),),
    ("averages", *_LATER, *_FORM),
    _AVERAGES,
)
ADAMW_L2 = Version(
    "l2",
    "adamw_step",
    ((f"    shrunk = {_SHRUNK}\n", ""), ("adam_step(shrunk, g,", "adam_step(w, g + weight_decay * w,")),
    ("decay_alone", "many_steps", "state"),
)
ADAMW_WITHOUT_LR = Version(
    "decay_without_lr", "adamw_step", (("1 - lr * weight_decay", "1 - weight_decay"),), ("decay_alone", "many_steps")
)
ADAMW_LAST = Version(
    "decays_last",
    "adamw_step",
    (
        (f"    shrunk = {_SHRUNK}\n", ""),
        (
            f"return {_ADAMW}",
            "w, state = adam_step(w, g, state, lr=lr, betas=betas, eps=eps)\n"
            "    return (1 - lr * weight_decay) * w, state",
        ),
    ),
    ("many_steps",),
)
ADAMAX_U_CORRECTED = Version(
    "u_corrected", "adamax_step", (("m / u,", "m / (u / (1 - beta2**t)),"),), ("first_step", "many_steps", "eps")
)
ADAMAX_NEVER_FADES = Version(
    "never_fades", "adamax_step", (("beta2 * state.u", "state.u"),), ("maximum", "many_steps", "eps", *_FORM)
)
ADAMAX_EPS_DIVIDES = Version(
    "eps_in_the_division", "adamax_step", (("np.abs(g) + eps", "np.abs(g)"), ("m / u,", "m / (u + eps),")), ("eps",)
)

# Not begun.
FACTOR_STUB, ADAMW_STUB, ADAMAX_STUB = (
    Version("stub", cell, None, EVERYTHING) for cell in ("startup_factor", "adamw_step", "adamax_step")
)
ADAM_STUB = Version("stub", "adam_step", None, EVERYTHING, ("adamw_step-decay_alone", *_AVERAGES))

# Hostile: it costs the function that it stands in.
ADAMAX_EXITS = Version("exits", "adamax_step", ((f"    u = {_U}\n", "    import os\n    os._exit(0)\n"),), EVERYTHING)

_WORDS = (
    "Both averages start at 0 and hold only 1 − βᵗ of their weight: 0.1/√0.001 = 3.16. Dividing by it mends that. "
    "Her decay is divided by √v; AdamW shrinks the weights themselves."
)
CAST = (
    Learner("as_taught", words=_WORDS),
    Learner("uncorrected", (ADAM_UNCORRECTED,), words=_WORDS),
    Learner("in_other_words", (FACTOR_BY_SUMS, ADAM_RATE_FIRST, ADAMW_SUBTRACTS, ADAMAX_BY_WHERE), words=_WORDS),
    Learner("decays_the_gradient", (ADAMW_L2, FACTOR_SWAPPED), words=_WORDS),
    Learner("unfinished", (ADAM_PLAIN, ADAMW_STUB, ADAMAX_STUB), words=None),
    Learner("eps_under_the_root", (ADAM_EPS_INSIDE, ADAMAX_EPS_DIVIDES), words=_WORDS),
    Learner("first_step_for_ever", (ADAM_POWERLESS, FACTOR_FIRST), words=_WORDS),
    Learner("exits", (ADAMAX_EXITS,), words=_WORDS),
    Learner("corrects_too_much", (ADAMAX_U_CORRECTED, ADAMW_LAST), words=_WORDS),
    Learner("does_not_count", (ADAM_NOT_COUNTED,), words=_WORDS),
    Learner("broken_upload", keep=0.6),
    Learner("shrinks_at_once", (ADAMW_WITHOUT_LR, ADAMAX_NEVER_FADES), words=_WORDS),
    # Those who come only to larger classes.
    Learner("swaps_the_betas", (ADAM_SWAPPED,), words=_WORDS),
    Learner("forgets_brackets", (ADAM_BRACKETS,), words=_WORDS),
    Learner("untouched", (FACTOR_STUB, ADAM_STUB, ADAMW_STUB, ADAMAX_STUB), words=None),
)

VERSIONS = (
    *(Version("as_taught", cell) for cell in ("startup_factor", "adam_step", "adamw_step", "adamax_step")),
    *(FACTOR_BY_SUMS, FACTOR_SWAPPED, FACTOR_FIRST, FACTOR_STUB),
    *(ADAM_RATE_FIRST, ADAM_UNCORRECTED, ADAM_POWERLESS, ADAM_EPS_INSIDE, ADAM_BRACKETS, ADAM_PLAIN),
    *(ADAMW_SUBTRACTS, ADAMW_L2, ADAMW_WITHOUT_LR, ADAMW_LAST, ADAMW_STUB),
    *(ADAMAX_BY_WHERE, ADAMAX_U_CORRECTED, ADAMAX_NEVER_FADES, ADAMAX_EPS_DIVIDES, ADAMAX_STUB),
)
