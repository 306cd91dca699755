"""The sample class of ``ps6_rest_of_the_ten``: right in different styles, wrong in named ways, one hostile.

What each version loses is written down by hand, as in ``ps1_gradient_descent``.
"""

from autograder.samples.cast import EVERYTHING, Learner, Version

_ADD = "    np.add.at(sums, places, values)\n"
_ROWS = "rows, sums = np.unique(g.indices), row_sums(g.indices, g.values)"
_RATE = "rate = lr * (1 - beta2**t) ** 0.5 / (1 - beta1**t)"
_MU = "1 / max(1, i + 1 - first)"
_DESCENT = "w = (1 - lambd * eta) * w - eta * g"
_AX = "ax = state.ax + state.mu * (w - state.ax)"
_ETA, _NEXT_MU = "lr / (1 + lambd * lr * t) ** alpha", "1 / max(1, t - t0)"
_FACTOR = "np.where(agreement > 0, grow * ones, np.where(agreement < 0, shrink * ones, ones))"
_STAYS = "    g = g * (agreement >= 0)\n"
_RPROP = "return w - size * np.sign(g), RpropState(state.t + 1, g, size)"

# Right, in other words.
SUMS_ROW_BY_ROW = Version(
    "row_by_row",
    "row_sums",
    ((_ADD, "    for place in range(len(rows)):\n        sums[place] = values[places == place].sum(axis=0)\n"),),
)
SPARSE_ROW_AFTER_ROW = Version(
    "row_after_row",
    "sparse_adam_step",
    (
        ("    m[rows] =", "    for row, total in zip(rows, sums):\n        m[row] ="),
        ("* m[rows] + (1 - beta1) * sums", "* m[row] + (1 - beta1) * total"),
        (
            "    v[rows] = beta2 * v[rows] + (1 - beta2) * sums**2",
            "        v[row] += (1 - beta2) * (total**2 - v[row])",
        ),
    ),
)
TAIL_BY_MEANS = Version(
    "by_means",
    "tail_average",
    (
        (f"        mu = {_MU}\n", ""),
        (
            "averages.append(averages[-1] + mu * (points[i] - averages[-1]))",
            "averages.append(points[min(first, i) : i + 1].mean(axis=0))",
        ),
    ),
)
ASGD_DECAYS_THE_GRADIENT = Version(
    "decays_the_gradient",
    "asgd_step",
    (
        (_DESCENT, "w = w - eta * (g + lambd * w)"),
        (_AX, "ax = (1 - state.mu) * state.ax + state.mu * w"),
        (_NEXT_MU, "1 / (t - t0) if t > t0 + 1 else 1.0"),
    ),
)
RPROP_BY_WRITING = Version(
    "by_writing",
    "rprop_step",
    (
        (_FACTOR, "np.ones_like(w)\n    factor[agreement > 0], factor[agreement < 0] = grow, shrink"),
        (_STAYS, "    g = np.where(agreement < 0, np.zeros_like(g), g)\n"),
        ("np.clip(size * factor, *step_sizes)", "np.minimum(np.maximum(size * factor, step_sizes[0]), step_sizes[1])"),
        ("lr * ones if", "0 * w + lr if"),
    ),
)

# Wrong. SparseAdam calls row_sums, and is then as wrong as that.
_FORM = ("any_shape_and_dtype", "inputs_unchanged")
_LATER = ("many_steps", "repeated_rows", "eps")
_WAITING = ("averages", "no_rows", *_LATER, *_FORM)
_TWICE = ("sparse_adam_step-repeated_rows",)
SUMS_LAST = Version("last_wins", "row_sums", ((_ADD, "    sums[places] += values\n"),), ("repeated",), _TWICE)
SUMS_MEAN = Version(
    "mean_not_sum",
    "row_sums",
    (("    return sums", "    for i in range(len(rows)):\n        sums[i] /= np.sum(places == i)\n    return sums"),),
    ("repeated",),
    _TWICE,
)
SPARSE_DENSE = Version(
    "dense",
    "sparse_adam_step",
    (
        (
            _ROWS,
            "rows, sums = np.arange(len(w)), 0 * w\n    np.add.at(sums, g.indices, g.values)",
        ),
    ),
    _WAITING,
)
SPARSE_ONE_AFTER_ANOTHER = Version(
    "one_after_another",
    "sparse_adam_step",
    (
        (f"    {_ROWS}\n", ""),
        ("    m[rows] =", "    for rows, sums in zip(g.indices, g.values):\n        m[rows] ="),
        ("    v[rows] =", "        v[rows] ="),
        (f"    {_RATE}", f"        {_RATE}"),
        ("    w[rows] -=", "        w[rows] -="),
    ),
    ("repeated_rows",),
)
SPARSE_EPS_AS_ADAM = Version(
    "eps_as_adam",
    "sparse_adam_step",
    ((_RATE, "rate = lr / (1 - beta1**t)"), ("np.sqrt(v[rows]) + eps", "np.sqrt(v[rows] / (1 - beta2**t)) + eps")),
    ("eps",),
)
SPARSE_EARLY_RETURN = Version(
    "empty_not_counted",
    "sparse_adam_step",
    ((f"    {_ROWS}\n", f"    if not len(g.indices):\n        return w, state\n    {_ROWS}\n"),),
    ("no_rows",),
)
TAIL_OF_ALL = Version("first_ignored", "tail_average", ((_MU, "1 / (i + 1)"),), ("tail",))
TAIL_SUMMED = Version(
    "summed",
    "tail_average",
    (
        (f"        mu = {_MU}\n", ""),
        (
            "averages.append(averages[-1] + mu * (points[i] - averages[-1]))",
            "averages.append(points[min(first, i) : i + 1].sum(axis=0))",
        ),
    ),
    EVERYTHING,
)
ASGD_EARLY = Version(
    "eta_early",
    "asgd_step",
    (("eta = lr if state.eta is None else state.eta", f"eta = {_ETA}"),),
    ("first_step", "many_steps"),
)
ASGD_RETURNS_AX = Version(
    "returns_the_average", "asgd_step", (("return w, ASGDState", "return ax, ASGDState"),), ("average",)
)
ASGD_FROM_THE_START = Version("t0_ignored", "asgd_step", ((_NEXT_MU, "1 / t"),), ("average",))
ASGD_COMPOUNDS = Version(
    "eta_compounds", "asgd_step", ((_ETA, "eta / (1 + lambd * lr * t) ** alpha"),), ("eta", "many_steps")
)
RPROP_GOES_ON = Version("flip_ignored", "rprop_step", ((_STAYS, ""),), ("flip",))
RPROP_BACKTRACKS = Version(
    "backtracks",
    "rprop_step",
    (
        (_STAYS, f"    back = (agreement < 0) * state.step_size * np.sign(state.prev)\n{_STAYS}"),
        ("return w - size * np.sign(g)", "return w - size * np.sign(g) + back"),
    ),
    ("flip",),
)
RPROP_UNBOUNDED = Version(
    "not_bounded", "rprop_step", (("np.clip(size * factor, *step_sizes)", "size * factor"),), ("bounds",)
)
RPROP_GROWS_AT_ZERO = Version(
    "grows_at_zero",
    "rprop_step",
    (("agreement > 0, grow", "agreement >= 0, grow"),),
    ("first_step", "steady", "flip", "bounds"),
)
RPROP_IN_FLOAT64 = Version(
    "plain_numbers",
    "rprop_step",
    ((_FACTOR, "np.where(agreement > 0, grow, np.where(agreement < 0, shrink, 1.0))"),),
    ("any_shape_and_dtype",),
)

# Not begun.
SUMS_STUB = Version(
    "stub",
    "row_sums",
    None,
    EVERYTHING,
    tuple(f"sparse_adam_step-{criterion}" for criterion in ("first_step", *_WAITING)),
)
SPARSE_STUB, TAIL_STUB, ASGD_STUB, RPROP_STUB = (
    Version("stub", cell, None, EVERYTHING) for cell in ("sparse_adam_step", "tail_average", "asgd_step", "rprop_step")
)

# Hostile: it costs the function that it stands in.
RPROP_EXITS = Version("exits", "rprop_step", ((_RPROP, f"__import__('os')._exit(0)\n    {_RPROP}"),), EVERYTHING)

_WORDS = (
    "Adam's m of an absent word is not 0 yet, so it goes on; SparseAdam leaves absent rows alone. Hand in the mean of "
    "the later points: their errors cancel. Signs have no units, but in a small batch each is a vote of equal weight."
)
CAST = (
    Learner("as_taught", words=_WORDS),
    Learner("moves_every_row", (SPARSE_DENSE,), words=_WORDS),
    Learner(
        "in_other_words",
        (SUMS_ROW_BY_ROW, SPARSE_ROW_AFTER_ROW, TAIL_BY_MEANS, ASGD_DECAYS_THE_GRADIENT, RPROP_BY_WRITING),
        words=_WORDS,
    ),
    Learner("adds_once", (SUMS_LAST,), words=_WORDS),
    Learner("unfinished", (ASGD_STUB, RPROP_STUB), words=None),
    Learner("goes_on_at_a_flip", (RPROP_GOES_ON, ASGD_EARLY), words=_WORDS),
    Learner("walks_from_the_average", (ASGD_RETURNS_AX, TAIL_OF_ALL), words=_WORDS),
    Learner("exits", (RPROP_EXITS,), words=_WORDS),
    Learner("returns_early", (SPARSE_EARLY_RETURN, RPROP_UNBOUNDED), words=_WORDS),
    Learner("step_for_step", (SPARSE_ONE_AFTER_ANOTHER, ASGD_COMPOUNDS), words=_WORDS),
    Learner("broken_upload", keep=0.6),
    Learner("thinks_of_adam", (SPARSE_EPS_AS_ADAM, RPROP_BACKTRACKS), words=_WORDS),
    # Those who come only to larger classes.
    Learner("plain_numbers", (RPROP_IN_FLOAT64, ASGD_FROM_THE_START), words=_WORDS),
    Learner("sums_no_rows", (SUMS_STUB, TAIL_SUMMED), words=_WORDS),
    Learner("untouched", (SUMS_STUB, SPARSE_STUB, TAIL_STUB, ASGD_STUB, RPROP_STUB), words=None),
)

VERSIONS = (
    *(Version("as_taught", c) for c in ("row_sums", "sparse_adam_step", "tail_average", "asgd_step", "rprop_step")),
    *(SUMS_ROW_BY_ROW, SUMS_LAST, SUMS_MEAN),
    *(SPARSE_ROW_AFTER_ROW, SPARSE_DENSE, SPARSE_ONE_AFTER_ANOTHER, SPARSE_EPS_AS_ADAM, SPARSE_EARLY_RETURN),
    *(TAIL_BY_MEANS, TAIL_OF_ALL, TAIL_SUMMED, TAIL_STUB),
    *(ASGD_DECAYS_THE_GRADIENT, ASGD_EARLY, ASGD_RETURNS_AX, ASGD_FROM_THE_START, ASGD_COMPOUNDS, ASGD_STUB),
    *(RPROP_BY_WRITING, RPROP_GOES_ON, RPROP_BACKTRACKS, RPROP_UNBOUNDED, RPROP_GROWS_AT_ZERO, RPROP_IN_FLOAT64),
    RPROP_STUB,
)
