"""The sample class of ``ps2_stochastic_descent``: right in different styles, wrong in named ways, some hostile.

What each version loses is written down here by hand, from what the criteria say, and not computed by the checks: it is
what the checks and the grader are tested against. Names of wrong versions are those of the checks' misconceptions.
"""

from autograder.samples.cast import EVERYTHING, Learner, Version

_CELLS = ("line_gradient", "steps_per_epoch", "decayed_lr", "sgd_epoch")
_WORDS = "The mean over ten random points is right on average, so a million rough steps beat one exact one."
_BOTH = "return np.array([np.mean(residuals * x), np.mean(residuals)])"
_STEPS = "(n + batch_size - 1) // batch_size"
_LR = "lr / (1 + decay * t)"
_BATCH = "batch = order[begin : begin + batch_size]"
_BEGIN = "    for begin in range(0, len(order), batch_size):\n"
_MOVE = "w = w - decayed_lr(lr, decay, t) * gradient"

# sgd_epoch calls decayed_lr at every step; most mistakes in it show only where there is a decay.
_ALL_EPOCHS = tuple(
    f"sgd_epoch-{criterion}" for criterion in ("one_batch", "mini_batches", "last_batch", "decay", "inputs_unchanged")
)
_DECAYING = ("sgd_epoch-decay",)
_STEPPING = ("mini_batches", "last_batch", "decay")

# Right, in other words.
GRADIENT_BY_MATRIX = Version(
    "by_matrix", "line_gradient", ((_BOTH, "return np.stack([x, np.ones_like(x)]) @ residuals / len(x)"),)
)
STEPS_BY_CEIL = Version("by_ceil", "steps_per_epoch", ((_STEPS, "int(np.ceil(n / batch_size))"),))
EPOCH_BY_SPLITTING = Version(
    "by_splitting",
    "sgd_epoch",
    (
        (_BEGIN, "    for batch in np.split(order, range(batch_size, len(order), batch_size)):\n"),
        (f"        {_BATCH}\n", ""),
    ),
)

# Wrong.
GRADIENT_SIGN = Version("wrong_sign", "line_gradient", (("w[0] * x + w[1] - y", "y - w[0] * x - w[1]"),), EVERYTHING)
GRADIENT_DOUBLED = Version("doubled", "line_gradient", (("return np", "return 2 * np"),), EVERYTHING)
GRADIENT_SUMS = Version("sums", "line_gradient", (("np.mean", "np.sum"),), ("many_points",))
GRADIENT_SWAPPED = Version("swapped", "line_gradient", ((_BOTH, f"{_BOTH}[::-1]"),), EVERYTHING)
STEPS_ROUNDED_DOWN = Version("rounds_down", "steps_per_epoch", ((_STEPS, "n // batch_size"),), ("remainder",))
STEPS_ONE_MORE = Version("always_one_more", "steps_per_epoch", ((_STEPS, "n // batch_size + 1"),), ("no_remainder",))
LR_COMPOUNDS = Version("compounds", "decayed_lr", ((_LR, "lr / (1 + decay) ** t"),), ("later_steps",), _DECAYING)
LR_BRACKETS = Version("brackets", "decayed_lr", ((_LR, "lr / 1 + decay * t"),), ("later_steps",), _DECAYING)
LR_FROM_ONE = Version("counts_from_one", "decayed_lr", (("decay * t", "decay * (t + 1)"),), EVERYTHING, _DECAYING)
EPOCH_DROPS_LAST = Version(
    "drops_the_last", "sgd_epoch", (("len(order), batch", "len(order) - batch_size + 1, batch"),), ("last_batch",)
)
EPOCH_IGNORES_ORDER = Version(
    "ignores_the_order", "sgd_epoch", ((_BATCH, "batch = slice(begin, begin + batch_size)"),), _STEPPING
)
EPOCH_STANDS_STILL = Version("decay_stands_still", "sgd_epoch", (("        t = t + 1\n", ""),), ("decay",))
EPOCH_ONE_BATCH = Version("first_batch_only", "sgd_epoch", (("    return w", "        return w"),), _STEPPING)
EPOCH_IN_PLACE = Version("input_changed", "sgd_epoch", (("w = w - ", "w -= "),), ("inputs_unchanged",))

STUBS = tuple(
    Version("stub", cell, None, EVERYTHING, spreads)
    for cell, spreads in zip(_CELLS, ((), (), _ALL_EPOCHS, ()), strict=True)
)

# Hostile: each costs the function that it stands in.
STEPS_EXIT = Version(
    "exits", "steps_per_epoch", (("    return", "    import os\n    os._exit(0)\n    return"),), EVERYTHING
)
EPOCH_LOOPS = Version("loops", "sgd_epoch", ((_BEGIN, f"    while True:\n        pass\n{_BEGIN}"),), EVERYTHING)

CAST = (
    Learner("as_taught", words=_WORDS),
    Learner("uphill", (GRADIENT_SIGN,), words=_WORDS),
    Learner("in_other_words", (GRADIENT_BY_MATRIX, STEPS_BY_CEIL, EPOCH_BY_SPLITTING), words=_WORDS),
    Learner("drops_the_last", (STEPS_ROUNDED_DOWN, EPOCH_DROPS_LAST), words=_WORDS),
    Learner("twice_the_gradient", (GRADIENT_DOUBLED,), words=_WORDS),
    Learner("compounds", (LR_COMPOUNDS,), words=_WORDS),
    Learner("unfinished", STUBS[3:], words=None),
    Learner("exits", (STEPS_EXIT,), words=_WORDS),
    Learner("loops_forever", (EPOCH_LOOPS,), words=_WORDS),
    Learner("broken_upload", keep=0.6, words=_WORDS),
    Learner("never_shuffles", (EPOCH_IGNORES_ORDER, STEPS_ONE_MORE), words=_WORDS),
    Learner("untouched", STUBS, words=None),
)

VERSIONS = (
    *(Version("as_taught", cell) for cell in _CELLS),
    *(GRADIENT_BY_MATRIX, GRADIENT_SIGN, GRADIENT_DOUBLED, GRADIENT_SUMS, GRADIENT_SWAPPED),
    *(STEPS_BY_CEIL, STEPS_ROUNDED_DOWN, STEPS_ONE_MORE),
    *(LR_COMPOUNDS, LR_BRACKETS, LR_FROM_ONE),
    *(EPOCH_BY_SPLITTING, EPOCH_DROPS_LAST, EPOCH_IGNORES_ORDER, EPOCH_STANDS_STILL, EPOCH_ONE_BATCH, EPOCH_IN_PLACE),
    *STUBS,
)
