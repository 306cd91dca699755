"""The sample class of ``ps4_adaptive_rates``: right in different styles, wrong in named ways, one hostile.

What each version loses is written down by hand, as in ``ps1_gradient_descent``.
"""

from autograder.samples.cast import EVERYTHING, Learner, Version

_RATE = "lr / (1 + (t - 1) * lr_decay)"
_MOVE = "w - rate * g / (np.sqrt(s) + eps), AdagradState(t, s)"
_CENTER = "m = alpha * state.m + (1 - alpha) * g if centered else state.m"
_SPREAD = "spread = v - m**2 if centered else v"
_BUFFER = "b = momentum * state.b + g / (np.sqrt(spread) + eps)"
_DELTA = "delta = np.sqrt(state.u + eps) / np.sqrt(v + eps) * g"
_FORM = ("any_shape_and_dtype", "inputs_unchanged")
_PATHS = ("plain", "momentum", "centered", "eps")
_LATER = ("many_steps", "accumulator", "lr_decay", "eps")

# Right, in other words.
ADAGRAD_IN_PLACE = Version(
    "on_a_copy",
    "adagrad_step",
    (
        ("s = state.s + g**2", "s = np.array(state.s)\n    s += g * g"),
        (_RATE, "1 / (1 / lr + (t - 1) * lr_decay / lr)"),
    ),
)
RMSPROP_SPELLED_OUT = Version(
    "spelled_out",
    "rmsprop_step",
    (
        (_CENTER, "m = state.m"),
        (_SPREAD, "spread = v\n    if centered:\n        m = m + (1 - alpha) * (g - m)\n        spread = v - m * m"),
        (_BUFFER, "b = g / (spread**0.5 + eps)\n    if momentum > 0:\n        b = b + state.b * momentum"),
    ),
)
ADADELTA_ONE_ROOT = Version(
    "one_root", "adadelta_step", ((_DELTA, "delta = g * ((state.u + eps) / (v + eps)) ** 0.5"),)
)

# Wrong.
ADAGRAD_EPS_INSIDE = Version("eps_inside_root", "adagrad_step", (("(np.sqrt(s) + eps)", "np.sqrt(s + eps)"),), ("eps",))
ADAGRAD_EARLY = Version("decay_by_t", "adagrad_step", (("(t - 1) * lr_decay", "t * lr_decay"),), ("lr_decay",))
ADAGRAD_ONE_SUM = Version(
    "one_for_all", "adagrad_step", (("g**2", "np.sum(g**2)"),), ("sum", "first_step", *_LATER, *_FORM)
)
ADAGRAD_NOT_RETURNED = Version(
    "s_not_returned", "adagrad_step", (("AdagradState(t, s)", "AdagradState(t, state.s)"),), ("sum", *_LATER, *_FORM)
)
ADAGRAD_ANEW = Version(
    "sum_begins_anew", "adagrad_step", (("state.s + g**2", "(state.s if state.t else 0) + g**2"),), ("accumulator",)
)
RMSPROP_CORRECTED = Version(
    "bias_corrected",
    "rmsprop_step",
    ((_SPREAD, f"{_SPREAD}\n    spread = spread / (1 - alpha ** (state.t + 1))"),),
    _PATHS,
)
RMSPROP_NEVER_FADES = Version(
    "never_fades", "rmsprop_step", (("v = alpha * state.v", "v = state.v"),), ("mean_square", *_PATHS, *_FORM)
)
RMSPROP_LR_INSIDE = Version(
    "lr_in_the_buffer",
    "rmsprop_step",
    (("state.b + g /", "state.b + lr * g /"), ("w - lr * b", "w - b")),
    ("momentum",),
)
RMSPROP_NOT_CENTERED = Version("centered_ignored", "rmsprop_step", ((_SPREAD, "spread = v"),), ("centered",))
RMSPROP_BRACKETS = Version(
    "eps_outside_quotient",
    "rmsprop_step",
    ((_BUFFER, "b = momentum * state.b + g / np.sqrt(spread)"), ("w - lr * b", "w - lr * (b + eps)")),
    ("eps",),
)
ADADELTA_EPS_OUTSIDE = Version(
    "eps_outside_roots",
    "adadelta_step",
    (("np.sqrt(state.u + eps) / np.sqrt(v + eps)", "(np.sqrt(state.u) + eps) / (np.sqrt(v) + eps)"),),
    ("first_step", "mean_update", "many_steps"),
)
ADADELTA_LR_REMEMBERED = Version(
    "lr_remembered", "adadelta_step", (("delta**2", "(lr * delta) ** 2"),), ("mean_update", "many_steps")
)
ADADELTA_NOT_RETURNED = Version(
    "u_not_returned", "adadelta_step", ((", v, u)", ", v, state.u)"),), ("mean_update", "many_steps")
)
ADADELTA_CHANGES_INPUTS = Version(
    "input_changed",
    "adadelta_step",
    (("w - lr * delta,", "w,"), ("    return w,", "    w -= lr * delta\n    return w,")),
    ("inputs_unchanged",),
)

# Not begun.
ADAGRAD_STUB, RMSPROP_STUB, ADADELTA_STUB = (
    Version("stub", cell, None, EVERYTHING) for cell in ("adagrad_step", "rmsprop_step", "adadelta_step")
)

# Hostile: it costs the function that it stands in.
RMSPROP_LOOPS = Version("loops", "rmsprop_step", ((_BUFFER, "while True:\n        pass"),), EVERYTHING)

_WORDS = (
    "Each weight divides by the root of its own squares, so the factor of twenty cancels. The sum only grows; RMSprop "
    "forgets, and keeps jumping. Adadelta takes its units from the updates so far."
)
CAST = (
    Learner("as_taught", words=_WORDS),
    Learner("eps_under_the_root", (ADAGRAD_EPS_INSIDE,), words=_WORDS),
    Learner("in_other_words", (ADAGRAD_IN_PLACE, RMSPROP_SPELLED_OUT, ADADELTA_ONE_ROOT), words=_WORDS),
    Learner("corrects_as_adam", (RMSPROP_CORRECTED, ADAGRAD_EARLY), words=_WORDS),
    Learner("unfinished", (RMSPROP_NOT_CENTERED, ADADELTA_STUB), words=None),
    Learner("one_sum_for_all", (ADAGRAD_ONE_SUM,), words=_WORDS),
    Learner("forgets_nothing", (RMSPROP_NEVER_FADES, ADADELTA_NOT_RETURNED), words=_WORDS),
    Learner("loops_forever", (RMSPROP_LOOPS,), words=_WORDS),
    Learner("eps_outside", (ADADELTA_EPS_OUTSIDE, RMSPROP_BRACKETS), words=_WORDS),
    Learner("begins_anew", (ADAGRAD_ANEW, RMSPROP_LR_INSIDE), words=_WORDS),
    Learner("broken_upload", keep=0.6),
    Learner("overwrites", (ADADELTA_CHANGES_INPUTS,), words=_WORDS),
    # Those who come only to larger classes.
    Learner("loses_the_sum", (ADAGRAD_NOT_RETURNED,), words=_WORDS),
    Learner("remembers_lr", (ADADELTA_LR_REMEMBERED,), words=_WORDS),
    Learner("untouched", (ADAGRAD_STUB, RMSPROP_STUB, ADADELTA_STUB), words=None),
)

VERSIONS = (
    *(Version("as_taught", cell) for cell in ("adagrad_step", "rmsprop_step", "adadelta_step")),
    *(ADAGRAD_IN_PLACE, ADAGRAD_EPS_INSIDE, ADAGRAD_EARLY, ADAGRAD_ONE_SUM, ADAGRAD_NOT_RETURNED, ADAGRAD_ANEW),
    *(ADAGRAD_STUB, RMSPROP_SPELLED_OUT, RMSPROP_CORRECTED, RMSPROP_NEVER_FADES, RMSPROP_LR_INSIDE),
    *(RMSPROP_NOT_CENTERED, RMSPROP_BRACKETS, RMSPROP_STUB, ADADELTA_ONE_ROOT, ADADELTA_EPS_OUTSIDE),
    *(ADADELTA_LR_REMEMBERED, ADADELTA_NOT_RETURNED, ADADELTA_CHANGES_INPUTS, ADADELTA_STUB),
)
