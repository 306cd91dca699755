"""The sample class of ``ps3_averages_and_momentum``: right in different styles, wrong in named ways, some hostile.

What each version loses is written down here by hand, from what the criteria say, and not computed by the checks: it is
what the checks and the grader are tested against. Names of wrong versions are those of the checks' misconceptions.
"""

from autograder.samples.cast import EVERYTHING, Learner, Version

_CELLS = (
    "exponential_average",
    "expansion_weights",
    "bias_corrected",
    "ewa_momentum_step",
    "momentum_weights",
    "sgd_lr",
)
_WORDS = "Torch's buffer is a sum and theirs an average, so their steps are ten times shorter: enter lr = 0.02."
_NEXT = "v = beta * v + (1 - beta) * value"
_EACH = "(1 - beta) * beta**k for k in range(steps)"
_CORRECT = "corrected = [average / (1 - beta**t) for t, average in enumerate(v, start=1)]"
_AVERAGE = "m = beta * state.m + (1 - beta) * g"
_DIRECTION = "direction = m / (1 - beta**t) if bias_correction else m"
_UNDAMPED = "    weights[-1] = momentum ** (steps - 1)\n"
_LR = "    return lr * share\n"

# Right, in other words.
AVERAGE_BY_DIFFERENCE = Version("by_difference", "exponential_average", ((_NEXT, "v = v + (1 - beta) * (value - v)"),))
WEIGHTS_AS_ARRAY = Version(
    "as_array", "expansion_weights", ((f"[{_EACH}]", "(1 - beta) * np.power(beta, np.arange(steps))"),)
)
CORRECTED_AT_ONCE = Version(
    "at_once",
    "bias_corrected",
    (
        (_CORRECT, "weight = 1 - beta ** np.arange(1, len(v) + 1)"),
        ("np.stack(corrected)", "v / weight.astype(v.dtype).reshape((-1,) + (1,) * (v.ndim - 1))"),
    ),
)
STEP_SPELLED_OUT = Version(
    "spelled_out",
    "ewa_momentum_step",
    (
        (_AVERAGE, "m = np.array(state.m)\n    m += (1 - beta) * (g - m)"),
        (_DIRECTION, "direction = m\n    if bias_correction:\n        direction = m * (1 / (1 - beta**t))"),
    ),
)

# Wrong.
AVERAGE_SUMS = Version("sums", "exponential_average", (("(1 - beta) * value", "value"),), EVERYTHING)
AVERAGE_FROM_FIRST = Version("starts_at_the_first", "exponential_average", (("0 * x[0]", "x[0]"),), EVERYTHING)
AVERAGE_SWAPPED = Version(
    "weights_swapped", "exponential_average", ((_NEXT, "v = (1 - beta) * v + beta * value"),), EVERYTHING
)
AVERAGE_IN_PLACE = Version(
    "input_changed",
    "exponential_average",
    (
        ("for value in x", "for t, value in enumerate(x)"),
        ("averages.append(v)", "x[t] = v\n        averages.append(v)"),
    ),
    ("inputs_unchanged",),
)
WEIGHTS_NOT_SCALED = Version("not_scaled", "expansion_weights", (("(1 - beta) * ", ""),), EVERYTHING)
WEIGHTS_OLDEST_FIRST = Version("oldest_first", "expansion_weights", ((f"[{_EACH}]", f"[{_EACH}][::-1]"),), EVERYTHING)
CORRECTED_WITHOUT_POWER = Version(
    "without_the_power", "bias_corrected", (("beta**t", "beta"),), ("every_average", "any_shape_and_dtype")
)
CORRECTED_FROM_ZERO = Version("counts_from_zero", "bias_corrected", (("start=1", "start=0"),), EVERYTHING)
CORRECTED_WRONG_AXIS = Version(
    "wrong_axis",
    "bias_corrected",
    (
        (_CORRECT, "weight = 1 - beta ** np.arange(1, len(v) + 1)"),
        ("np.stack(corrected)", "v / weight.astype(v.dtype)"),
    ),
    ("any_shape_and_dtype",),
)
STEP_SUMS = Version("sums", "ewa_momentum_step", (("(1 - beta) * g", "g"),), EVERYTHING)
STEP_KEEPS_CORRECTED = Version(
    "correction_kept",
    "ewa_momentum_step",
    (("EWAMomentumState(t, m)", "EWAMomentumState(t, direction)"),),
    ("bias_correction",),
)
STEP_NOT_CORRECTED = Version(
    "correction_ignored", "ewa_momentum_step", ((_DIRECTION, "direction = m"),), ("bias_correction",)
)
STEP_NOT_COUNTED = Version(
    "t_not_counted",
    "ewa_momentum_step",
    (("EWAMomentumState(t, m)", "EWAMomentumState(state.t, m)"),),
    ("bias_correction", "state"),
)
MOMENTUM_DAMPS_FIRST = Version("first_gradient_damped", "momentum_weights", ((_UNDAMPED, ""),), ("dampening",))
MOMENTUM_AVERAGES = Version(
    "averages",
    "momentum_weights",
    (("    return weights", "    return [(1 - momentum) * w for w in weights]"),),
    EVERYTHING,
)
MOMENTUM_WHOLE_BUFFER = Version(
    "nesterov_whole_buffer",
    "momentum_weights",
    (("        weights = [momentum * weight for weight in weights]\n", ""),),
    ("nesterov",),
)
LR_UPSIDE_DOWN = Version("upside_down", "sgd_lr", (("share = 1 - beta\n", "share = 1 / (1 - beta)\n"),), EVERYTHING)
LR_NOT_CORRECTED = Version("correction_ignored", "sgd_lr", (("if bias_correction", "if False"),), ("bias_correction",))

STUBS = tuple(Version("stub", cell, None, EVERYTHING) for cell in _CELLS)

# Hostile: each costs the function that it stands in.
LR_EXITS = Version("exits", "sgd_lr", ((_LR, f"    import os\n    os._exit(0)\n{_LR}"),), EVERYTHING)
STEP_LOOPS = Version(
    "loops", "ewa_momentum_step", ((_AVERAGE, f"while True:\n        pass\n    {_AVERAGE}"),), EVERYTHING
)

CAST = (
    Learner("as_taught", words=_WORDS),
    Learner("sums_instead", (AVERAGE_SUMS, STEP_SUMS), words=_WORDS),
    Learner(
        "in_other_words", (AVERAGE_BY_DIFFERENCE, WEIGHTS_AS_ARRAY, CORRECTED_AT_ONCE, STEP_SPELLED_OUT), words=_WORDS
    ),
    Learner("damps_the_first", (MOMENTUM_DAMPS_FIRST, LR_UPSIDE_DOWN), words=_WORDS),
    Learner("keeps_the_corrected", (STEP_KEEPS_CORRECTED, CORRECTED_WITHOUT_POWER), words=_WORDS),
    Learner("oldest_first", (WEIGHTS_OLDEST_FIRST, MOMENTUM_WHOLE_BUFFER, LR_NOT_CORRECTED), words=_WORDS),
    Learner("unfinished", STUBS[3:], words=None),
    Learner("exits", (LR_EXITS,), words=_WORDS),
    Learner("loops_forever", (STEP_LOOPS,), words=_WORDS),
    Learner("broken_upload", keep=0.6, words=_WORDS),
    Learner("counts_from_zero", (CORRECTED_FROM_ZERO, AVERAGE_IN_PLACE), words=_WORDS),
    Learner("untouched", STUBS, words=None),
)

VERSIONS = (
    *(Version("as_taught", cell) for cell in _CELLS),
    *(AVERAGE_BY_DIFFERENCE, AVERAGE_SUMS, AVERAGE_FROM_FIRST, AVERAGE_SWAPPED, AVERAGE_IN_PLACE),
    *(WEIGHTS_AS_ARRAY, WEIGHTS_NOT_SCALED, WEIGHTS_OLDEST_FIRST),
    *(CORRECTED_AT_ONCE, CORRECTED_WITHOUT_POWER, CORRECTED_FROM_ZERO, CORRECTED_WRONG_AXIS),
    *(STEP_SPELLED_OUT, STEP_SUMS, STEP_KEEPS_CORRECTED, STEP_NOT_CORRECTED, STEP_NOT_COUNTED),
    *(MOMENTUM_DAMPS_FIRST, MOMENTUM_AVERAGES, MOMENTUM_WHOLE_BUFFER),
    *(LR_UPSIDE_DOWN, LR_NOT_CORRECTED),
    *STUBS,
)
