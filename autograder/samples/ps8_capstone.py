"""The sample class of ``ps8_capstone``: right in different styles, wrong in named ways, some hostile.

What each version loses is written down by hand, as in ``ps1_gradient_descent``.
"""

from autograder.samples.cast import EVERYTHING, Learner, Version

_CELLS = (
    "cross_entropy",
    "cross_entropy_gradient",
    "network_gradient",
    "sgd_step",
    "adam_step",
    "best_setting",
    "band",
)
_LOG_P = "shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))"
_SHIFTED = "shifted = logits - np.max(logits, axis=1, keepdims=True)"
_LABEL = "    p[np.arange(len(labels)), labels] -= 1\n"
_OF_LAYER = "[(a.T @ delta).ravel(), delta.sum(axis=0), *found]"
_DOWN = "(delta @ weights.T) * (a > 0)"
_MOVE = "w - lr * m_hat / (v_hat**0.5 + eps)"
_M_HAT, _V_HAT = "m / (1 - beta1**t)", "(v_max if amsgrad else v) / (1 - beta2**t)"
_COUNTED = "np.where(np.isfinite(losses), losses, np.inf)"
_QUANTILES = "np.quantile(curves, [tail, 0.5, 1 - tail], axis=0)"

_SEVERAL = ("batch", "huge_logits", "inputs_unchanged")
_HIDDEN = ("hidden_layer", "any_depth")
# network_gradient begins with the gradient by the logits, and is then as wrong as that.
_THROUGH = tuple(f"network_gradient-{key}" for key in ("one_layer", *_HIDDEN, "inputs_unchanged"))

# Right, in other words.
LOSS_BY_LOGADDEXP = Version(
    "by_logaddexp", "cross_entropy", ((_LOG_P, "logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)"),)
)
GRADIENT_BY_IDENTITY = Version(
    "by_identity",
    "cross_entropy_gradient",
    ((_LABEL, ""), ("return p / len(labels)", "return (p - np.eye(p.shape[1])[labels]) / len(labels)")),
)
NETWORK_BY_WHERE = Version("by_where", "network_gradient", ((_DOWN, "np.where(a > 0, delta @ weights.T, 0)"),))
ADAM_RATE_FIRST = Version(
    "rate_first", "adam_step", ((_MOVE, "w - (1 / (v_hat**0.5 + eps)) * (lr * m_hat)"), ("g**2", "g * g"))
)
BEST_BY_SORTING = Version(
    "by_sorting",
    "best_setting",
    (
        (
            "return settings[np.argmin(np.median(counted, axis=1))]",
            "middle = np.sort(counted, axis=1)[:, counted.shape[1] // 2]\n    return min(zip(middle, settings))[1]",
        ),
    ),
)
BAND_BY_PERCENTILE = Version(
    "by_percentile",
    "band",
    ((_QUANTILES, "tuple(np.percentile(curves, 100 * q, axis=0) for q in (tail, 0.5, 1 - tail))"),),
)

# Wrong.
LOSS_SUMS = Version("sums", "cross_entropy", (("-np.mean", "-np.sum"),), _SEVERAL)
LOSS_OVERFLOWS = Version("overflows", "cross_entropy", ((_SHIFTED, "shifted = logits"),), ("huge_logits",))
LOSS_SHIFTED_ONCE = Version(
    "shifted_once", "cross_entropy", ((_LOG_P, _LOG_P.replace("shifted -", "logits -")),), EVERYTHING
)
LOSS_ACROSS = Version("across_the_batch", "cross_entropy", (("axis=1", "axis=0"),), EVERYTHING)
LOSS_IN_PLACE = Version(
    "input_changed",
    "cross_entropy",
    ((_SHIFTED, "shifted = logits\n    shifted -= np.max(logits, axis=1, keepdims=True)"),),
    ("inputs_unchanged",),
)
GRADIENT_NOT_AVERAGED = Version(
    "not_averaged", "cross_entropy_gradient", (("return p / len(labels)", "return p"),), _SEVERAL, _THROUGH
)
GRADIENT_SIGN = Version("wrong_sign", "cross_entropy_gradient", (("return p", "return -p"),), EVERYTHING, _THROUGH)
GRADIENT_WITHOUT_LABEL = Version(
    "label_not_subtracted", "cross_entropy_gradient", ((_LABEL, ""),), EVERYTHING, _THROUGH
)
NETWORK_WITHOUT_RELU = Version("relu_forgotten", "network_gradient", ((_DOWN, "delta @ weights.T"),), _HIDDEN)
NETWORK_SIGMOID = Version("slope_of_sigmoid", "network_gradient", (("(a > 0)", "a * (1 - a)"),), _HIDDEN)
NETWORK_LAST_FIRST = Version(
    "last_layer_first",
    "network_gradient",
    ((_OF_LAYER, "[*found, (a.T @ delta).ravel(), delta.sum(axis=0)]"),),
    _HIDDEN,
)
NETWORK_BIAS_AVERAGED = Version(
    "bias_averaged", "network_gradient", (("delta.sum(axis=0)", "delta.mean(axis=0)"),), EVERYTHING
)
SGD_PLAIN_LOOK = Version("nesterov_ignored", "sgd_step", (("g + momentum * b if nesterov else b", "b"),), ("nesterov",))
ADAM_EPS_INSIDE = Version("eps_inside_root", "adam_step", (("(v_hat**0.5 + eps)", "(v_hat + eps) ** 0.5"),), ("eps",))
ADAM_UNCORRECTED = Version(
    "no_bias_correction",
    "adam_step",
    ((_M_HAT, "m"), (_V_HAT, "v_max if amsgrad else v")),
    ("first_step", "many_steps", "eps", "amsgrad"),
)
BEST_MEAN = Version("mean", "best_setting", (("np.median", "np.mean"),), EVERYTHING)
BEST_NAN_WINS = Version("diverged_wins", "best_setting", ((_COUNTED, "losses"),), ("diverged",))
BEST_POSITION = Version(
    "position",
    "best_setting",
    (("settings[np.argmin(np.median(counted, axis=1))]", "np.argmin(np.median(counted, axis=1))"),),
    EVERYTHING,
)
BEST_IN_PLACE = Version(
    "input_changed",
    "best_setting",
    ((_COUNTED, "losses\n    counted[np.isnan(counted)] = np.inf"),),
    ("inputs_unchanged",),
)
BAND_DEVIATION = Version(
    "standard_deviation",
    "band",
    (
        (
            f"return {_QUANTILES}",
            "middle, spread = np.median(curves, axis=0), np.std(curves, axis=0)\n"
            "    return np.stack([middle - spread, middle, middle + spread])",
        ),
    ),
    EVERYTHING,
)
BAND_TAILS = Version("tail_not_halved", "band", (("(1 - share) / 2", "1 - share"),), EVERYTHING)
BAND_QUARTILES = Version("share_ignored", "band", (("(1 - share) / 2", "0.25"),), ("any_share",))

# Not begun.
STUBS = tuple(
    Version("stub", cell, None, EVERYTHING, _THROUGH if cell == "cross_entropy_gradient" else ()) for cell in _CELLS
)

# Hostile: each costs the function that it stands in.
NETWORK_LOOPS = Version(
    "loops", "network_gradient", (("    inputs,", "    while True:\n        pass\n    inputs,"),), EVERYTHING
)
BAND_EXITS = Version("exits", "band", (("    tail", "    import os\n    os._exit(0)\n    tail"),), EVERYTHING)

_WORDS = (
    "She measured how well 0.001 suits each of the three. Tuned alike, all learn the digits and the bands of their "
    "accuracies overlap; Adam is faster at first. It says nothing of other data, schedules or smaller budgets."
)
CAST = (
    Learner("as_taught", words=_WORDS),
    Learner("forgets_the_relu", (NETWORK_WITHOUT_RELU,), words=_WORDS),
    Learner(
        "in_other_words",
        (
            LOSS_BY_LOGADDEXP,
            GRADIENT_BY_IDENTITY,
            NETWORK_BY_WHERE,
            ADAM_RATE_FIRST,
            BEST_BY_SORTING,
            BAND_BY_PERCENTILE,
        ),
        words=_WORDS,
    ),
    Learner("sums_up", (LOSS_SUMS, GRADIENT_NOT_AVERAGED), words=_WORDS),
    Learner("a_nan_wins", (BEST_NAN_WINS, BAND_DEVIATION), words=_WORDS),
    Learner("overflows", (LOSS_OVERFLOWS, BAND_QUARTILES), words=_WORDS),
    Learner("unfinished", (STUBS[2], STUBS[6]), words=None),
    Learner("exits", (BAND_EXITS,), words=_WORDS),
    Learner("loops_forever", (NETWORK_LOOPS,), words=_WORDS),
    Learner("broken_upload", keep=0.6),
    Learner("writes_into_its_inputs", (LOSS_IN_PLACE, BEST_IN_PLACE), words=_WORDS),
    Learner("lists_layers_backwards", (NETWORK_LAST_FIRST, ADAM_EPS_INSIDE), words=_WORDS),
    # Those who come only to larger classes.
    Learner("uphill", (GRADIENT_SIGN,), words=_WORDS),
    Learner("by_the_mean", (BEST_MEAN, BAND_TAILS), words=_WORDS),
    Learner("untouched", STUBS, words=None),
)

VERSIONS = (
    *(Version("as_taught", cell) for cell in _CELLS),
    *(LOSS_BY_LOGADDEXP, LOSS_SUMS, LOSS_OVERFLOWS, LOSS_SHIFTED_ONCE, LOSS_ACROSS, LOSS_IN_PLACE),
    *(GRADIENT_BY_IDENTITY, GRADIENT_NOT_AVERAGED, GRADIENT_SIGN, GRADIENT_WITHOUT_LABEL),
    *(NETWORK_BY_WHERE, NETWORK_WITHOUT_RELU, NETWORK_SIGMOID, NETWORK_LAST_FIRST, NETWORK_BIAS_AVERAGED),
    *(SGD_PLAIN_LOOK, ADAM_RATE_FIRST, ADAM_EPS_INSIDE, ADAM_UNCORRECTED),
    *(BEST_BY_SORTING, BEST_MEAN, BEST_NAN_WINS, BEST_POSITION, BEST_IN_PLACE),
    *(BAND_BY_PERCENTILE, BAND_DEVIATION, BAND_TAILS, BAND_QUARTILES),
    *STUBS,
)
