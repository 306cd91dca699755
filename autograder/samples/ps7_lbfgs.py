"""The sample class of ``ps7_lbfgs``: right in different styles, wrong in named ways, one hostile.

What each version loses is written down by hand, as in ``ps1_gradient_descent``.
"""

from autograder.samples.cast import EVERYTHING, Learner, Version

_CELLS = ("remember", "two_loop_recursion", "lbfgs_step", "sufficient_decrease", "strong_curvature")
_TEST = "if dot(change, move) > 1e-10:"
_KEEP_S, _KEEP_Y = "s = [*s, move][-history_size:]", "y = [*y, change][-history_size:]"
_FIRST_LOOP = "zip(reversed(s), reversed(y), strict=True)"
_GAMMA = "dot(y[-1], s[-1]) / dot(y[-1], y[-1]) if len(y) > 0 else 1"
_SHORTENED = "rate = lr * min(1.0, 1 / float(abs(g).sum()))"
_RETURNED = "return w + move, LBFGSState(state.t + 1, state.evals + 1, s, y, move, g)"
_LOW = "f <= f0 + c1 * t * slope0"
_FLAT = "abs(slope) <= c2 * abs(slope0)"

# lbfgs_step calls both remember and two_loop_recursion. A wrong direction shows from its third step on.
_DIRECTION = ("lbfgs_step-history", "lbfgs_step-many_steps")
_PAIRS = ("lbfgs_step-pairs", *_DIRECTION)
_FORM = ("lbfgs_step-any_shape_and_dtype", "lbfgs_step-inputs_unchanged")
_ALL_STEPS = ("lbfgs_step-first_step", "lbfgs_step-one_call", *_PAIRS, *_FORM)
_SEVERAL = ("many_pairs", "any_shape_and_dtype", "inputs_unchanged")

# Right, in other words.
REMEMBER_BY_POPPING = Version(
    "by_popping",
    "remember",
    (
        (_KEEP_S, "s, y = list(s), list(y)\n        if len(s) == history_size:\n            del s[0], y[0]"),
        (_KEEP_Y, "s.append(move)\n        y.append(change)"),
    ),
)
LOOPS_ALPHAS_IN_FRONT = Version(
    "alphas_in_front",
    "two_loop_recursion",
    (("alphas.append(alpha)", "alphas.insert(0, alpha)"), ("reversed(alphas)", "alphas")),
)
STEP_FROM_POINTS = Version(
    "from_points",
    "lbfgs_step",
    ((_RETURNED, "new = w + move\n    return new, LBFGSState(state.t + 1, state.evals + 1, s, y, new - w, g)"),),
)
DECREASE_AS_A_FALL = Version("as_a_fall", "sufficient_decrease", ((_LOW, "f0 - f >= -c1 * t * slope0"),))
CURVATURE_BY_SQUARES = Version("by_squares", "strong_curvature", ((_FLAT, "slope**2 <= (c2 * slope0) ** 2"),))

# Wrong.
REMEMBER_ALL = Version("always_stored", "remember", ((_TEST, "if True:"),), ("refused",), _PAIRS)
REMEMBER_POSITIVE = Version("any_positive", "remember", (("1e-10", "0"),), ("refused",))
REMEMBER_OLD = Version(
    "drops_the_newest", "remember", (("[-history_size:]", "[:history_size]"),), ("full",), ("lbfgs_step-history",)
)
REMEMBER_IN_PLACE = Version(
    "input_changed",
    "remember",
    (
        (_KEEP_S, "s.append(move)\n        y.append(change)"),
        (_KEEP_Y, "s, y = s[-history_size:], y[-history_size:]"),
    ),
    ("inputs_unchanged",),
    ("lbfgs_step-inputs_unchanged",),
)
LOOPS_ALPHAS = Version(
    "alphas_in_wrong_order", "two_loop_recursion", (("reversed(alphas)", "alphas"),), _SEVERAL, _DIRECTION
)
LOOPS_SWAPPED = Version(
    "loops_swapped",
    "two_loop_recursion",
    (
        (_FIRST_LOOP, "zip(s, y, strict=True)"),
        ("zip(s, y, reversed(alphas), strict=True)", "zip(s[::-1], y[::-1], alphas[::-1], strict=True)"),
    ),
    _SEVERAL,
    _DIRECTION,
)
LOOPS_GAMMA = Version("gamma_forgotten", "two_loop_recursion", ((_GAMMA, "1"),), EVERYTHING, _DIRECTION)
LOOPS_OLD_GAMMA = Version(
    "gamma_of_the_oldest", "two_loop_recursion", (("y[-1]", "y[0]"), ("s[-1]", "s[0]")), _SEVERAL, _DIRECTION
)
LOOPS_NO_BETA = Version("beta_forgotten", "two_loop_recursion", (("(alpha - beta)", "alpha"),), EVERYTHING, _DIRECTION)
LOOPS_NEGATED = Version("negated", "two_loop_recursion", (("return result", "return -result"),), EVERYTHING, _ALL_STEPS)
STEP_NOT_SHORTENED = Version("never_shortened", "lbfgs_step", ((_SHORTENED, "rate = lr"),), ("first_step",))
STEP_DIRECTION_KEPT = Version(
    "direction_for_move", "lbfgs_step", (("y, move, g)", "y, move / rate, g)"),), ("pairs", "history", "many_steps")
)
STEP_CHANGE_TURNED = Version(
    "change_turned_round", "lbfgs_step", (("g - state.g", "state.g - g"),), ("pairs", "history", "many_steps")
)
STEP_TWO_CALLS = Version(
    "closure_twice", "lbfgs_step", (("    return w", "    closure(w + move)\n    return w"),), ("one_call",)
)
STEP_HISTORY_IGNORED = Version(
    "history_ignored", "lbfgs_step", (("state.g, history_size)", "state.g, 100)"),), ("history",)
)
STEP_IN_PLACE = Version(
    "input_changed", "lbfgs_step", (("return w + move,", "w += move\n    return w,"),), ("inputs_unchanged",)
)
STEP_NOT_COUNTED = Version(
    "t_not_counted",
    "lbfgs_step",
    (("LBFGSState(state.t + 1", "LBFGSState(state.t"),),
    ("pairs", "history", "many_steps"),
)
DECREASE_RISES = Version("sign_turned_round", "sufficient_decrease", (("f0 + c1", "f0 - c1"),), EVERYTHING)
DECREASE_ANY = Version("any_decrease", "sufficient_decrease", ((_LOW, "f <= f0"),), EVERYTHING)
DECREASE_FIXED = Version("c1_fixed", "sufficient_decrease", (("c1 * t", "1e-4 * t"),), ("any_c1",))
CURVATURE_ONE_SIDED = Version("not_absolute", "strong_curvature", (("abs(slope) <=", "slope <="),), EVERYTHING)
CURVATURE_WEAK = Version("weak", "strong_curvature", ((_FLAT, "slope >= c2 * slope0"),), EVERYTHING)

# Not begun.
STUBS = tuple(
    Version("stub", cell, None, EVERYTHING, spreads)
    for cell, spreads in zip(_CELLS, ((*_PAIRS, *_FORM), _ALL_STEPS, (), (), ()), strict=True)
)

# Hostile: it costs the function that it stands in.
STEP_EXITS = Version(
    "exits", "lbfgs_step", (("    _, g = closure(w)\n", "    import os\n    os._exit(0)\n"),), EVERYTHING
)

_WORDS = (
    "A pair measures the curvature along a move, y = Bs, and a few of them give Newton's direction. The curvature of "
    "one place was used in another with the whole step; the Wolfe conditions would have refused it."
)
CAST = (
    Learner("as_taught", words=_WORDS),
    Learner("remembers_everything", (REMEMBER_ALL,), words=_WORDS),
    Learner(
        "in_other_words",
        (REMEMBER_BY_POPPING, LOOPS_ALPHAS_IN_FRONT, STEP_FROM_POINTS, DECREASE_AS_A_FALL, CURVATURE_BY_SQUARES),
        words=_WORDS,
    ),
    Learner("alphas_forwards", (LOOPS_ALPHAS, CURVATURE_ONE_SIDED), words=_WORDS),
    Learner("unfinished", (STEP_NOT_SHORTENED, *STUBS[3:]), words=None),
    Learner("wrong_way_through", (LOOPS_SWAPPED, DECREASE_RISES), words=_WORDS),
    Learner("keeps_the_direction", (STEP_DIRECTION_KEPT,), words=_WORDS),
    Learner("exits", (STEP_EXITS,), words=_WORDS),
    Learner("without_gamma", (LOOPS_GAMMA, CURVATURE_WEAK), words=_WORDS),
    Learner("appends_in_place", (REMEMBER_IN_PLACE, STEP_IN_PLACE), words=_WORDS),
    Learner("broken_upload", keep=0.6),
    Learner("asks_twice", (STEP_TWO_CALLS, DECREASE_FIXED), words=_WORDS),
    # Those who come only to larger classes.
    Learner("drops_the_newest", (REMEMBER_OLD,), words=_WORDS),
    Learner("minus_too_early", (LOOPS_NEGATED,), words=_WORDS),
    Learner("untouched", STUBS, words=None),
)

VERSIONS = (
    *(Version("as_taught", cell) for cell in _CELLS),
    *(REMEMBER_BY_POPPING, REMEMBER_ALL, REMEMBER_POSITIVE, REMEMBER_OLD, REMEMBER_IN_PLACE),
    *(LOOPS_ALPHAS_IN_FRONT, LOOPS_ALPHAS, LOOPS_SWAPPED, LOOPS_GAMMA, LOOPS_OLD_GAMMA, LOOPS_NO_BETA),
    *(STEP_FROM_POINTS, STEP_NOT_SHORTENED, STEP_DIRECTION_KEPT, STEP_CHANGE_TURNED, STEP_TWO_CALLS),
    *(STEP_HISTORY_IGNORED, STEP_IN_PLACE, STEP_NOT_COUNTED),
    *(DECREASE_AS_A_FALL, DECREASE_RISES, DECREASE_ANY, DECREASE_FIXED),
    *(CURVATURE_BY_SQUARES, CURVATURE_ONE_SIDED, CURVATURE_WEAK),
    *STUBS,
)
