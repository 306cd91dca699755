"""What the checks must make of the functions of ``ps7_lbfgs``."""

from collections.abc import Callable
from typing import Any

import right_lbfgs

from course_lib.checks import spec_for
from course_lib.line_search import two_loop_recursion
from course_lib.optimizers import LBFGSState
from course_lib.optimizers.lbfgs import remember


def given_init(w: Any) -> LBFGSState:
    """The init that a learner is given, with lists for the pairs."""
    return LBFGSState(t=0, evals=0, s=[], y=[], move=None, g=None)  # type: ignore[arg-type]


GIVEN: dict[str, Any] = {
    "LBFGSState": LBFGSState,
    "lbfgs_init": given_init,
    "two_loop_recursion": two_loop_recursion,
    "remember": remember,
}

RIGHT: dict[str, list[Callable[..., Any]]] = {
    "two_loop_recursion": right_lbfgs.PRODUCTS,
    "remember": right_lbfgs.MEMORIES,
    "sufficient_decrease": right_lbfgs.DECREASES,
    "strong_curvature": right_lbfgs.CURVATURES,
    "lbfgs_step": right_lbfgs.STEPS,
}

_GENERAL = {"any_shape_and_dtype", "inputs_unchanged"}
_SEVERAL = {"many_pairs"} | _GENERAL
_KEPT = {"kept", "refused", "full", "inputs_unchanged"}
_REFUSED, _FULL, _FIRST = {"refused"}, {"full"}, {"first_step"}
_EITHER_C1, _EITHER_C2 = {"usual_c1", "any_c1"}, {"usual_c2", "any_c2"}
_DIRECTION = {"history", "many_steps"}
_PAIRS = {"pairs"} | _DIRECTION

FAILS: dict[str, dict[str, set[str]]] = {
    "two_loop_recursion": {
        **dict.fromkeys(spec_for("two_loop_recursion").misconceptions, {"one_pair"} | _SEVERAL),
        **dict.fromkeys(("loops_swapped", "first_loop_forwards", "alphas_in_wrong_order"), _SEVERAL),
        **dict.fromkeys(("gamma_of_the_oldest", "rho_of_the_newest", "alpha_from_g"), _SEVERAL),
    },
    "remember": {
        **dict.fromkeys(("never_stored", "roles_swapped", "lists_swapped", "newest_first"), _KEPT),
        **dict.fromkeys(("always_stored", "any_positive", "size_of_the_product"), _REFUSED),
        **dict.fromkeys(("length_of_the_move", "length_of_the_change"), _REFUSED),
        **dict.fromkeys(("clears_when_refused", "drops_when_refused"), _REFUSED),
        **dict.fromkeys(("drops_the_newest", "too_many_kept", "one_too_few", "starts_anew_when_full"), _FULL),
    },
    "sufficient_decrease": {
        **dict.fromkeys(spec_for("sufficient_decrease").misconceptions, _EITHER_C1),
        "c1_fixed": {"any_c1"},
    },
    "strong_curvature": {
        **dict.fromkeys(spec_for("strong_curvature").misconceptions, _EITHER_C2),
        "c2_fixed": {"any_c2"},
    },
    "lbfgs_step": {
        **dict.fromkeys(
            ("ascends", "lr_forgotten", "minimum_forgotten", "maximum", "first_without_lr"),
            _FIRST | _PAIRS | _GENERAL | {"one_call"},
        ),
        **dict.fromkeys(("never_shortened", "two_norm", "largest_entry"), _FIRST),
        "always_shortened": {"many_steps"},
        **dict.fromkeys(("pairs_not_used", "pairs_late"), _DIRECTION),
        **dict.fromkeys(("pairs_not_returned", "t_not_counted", "gradient_for_change", "change_turned_round"), _PAIRS),
        **dict.fromkeys(("direction_for_move", "weights_for_move", "minus_lost"), _PAIRS),
        "gradient_not_renewed": {"pairs"} | _DIRECTION | _GENERAL,
        "always_stored": _PAIRS,
        "history_ignored": {"history"},
        "evals_not_counted": {"pairs"},
        "closure_twice": {"one_call"},
    },
}

_LOOPS = """
    dot = lambda a, b: np.sum(a * b)
    q, alphas = g, []
    for a, b in zip(s[::-1], y[::-1]):
        alphas.append(dot(a, q) / dot(a, b)); q = q - alphas[-1] * b
    """
_BACK = """
    for a, b in zip(s, y):
        r = r + (alphas.pop() - dot(b, r) / dot(a, b)) * a
    """
_STEP = """
    _, g = closure(w)
    s, y = state.s, state.y
    if state.t:
        s, y = remember(s, y, state.move, g - state.g, history_size)
    rate = lr if state.t else lr * min(1, 1 / np.sum(abs(g)))
    d = -two_loop_recursion(g, s, y)
    after = LBFGSState(state.t + 1, state.evals + 1, s, y, rate * d, g)
    """

UNLISTED: dict[str, tuple[str, ...]] = {
    "two_loop_recursion": (
        _LOOPS + "r = q / 2" + _BACK + "return r",
        _LOOPS + "r = dot(y[0] + y[-1], s[-1]) / dot(y[-1], y[-1]) * q if len(y) else q" + _BACK + "return r",
        _LOOPS + "r = q * dot(g, g)" + _BACK + "return r + 0.01 * g",
        _LOOPS + "r = q" + _BACK + _BACK.replace("alphas.pop()", "0.5") + "return r",
        _LOOPS + "return g + 0.3 * q",
        "return np.sign(g)",
        "return g * np.linalg.norm(s[-1]) / np.linalg.norm(y[-1]) if len(s) else 1.1 * g",
    ),
    "remember": (
        "return [*s, move + change], [*y, change]",
        "return [*s, 2 * move], [*y, 2 * change]",
        "return [*s, move / np.linalg.norm(move)], [*y, change]",
        "return ([*s, move], [*y, change]) if np.sum(move * change) < 1e-10 else (s, [*y[1:], 0 * change][: len(s)])",
    ),
    "sufficient_decrease": (
        "return f <= f0 + 2 * c1 * t * slope0",
        "return f <= 0.9 * f0",
        "return f <= f0 + np.sqrt(c1) * t * slope0 / 3",
    ),
    "strong_curvature": (
        "return abs(slope) <= 3 * c2",
        "return slope**2 <= c2 * slope0**2 / 2",
        "return abs(slope - slope0) <= c2 * abs(slope0)",
    ),
    "lbfgs_step": (
        _STEP + "return w + 0.5 * rate * d, after",
        _STEP + "return w + rate * d - 0.01 * w, after",
        _STEP + "return w + rate * d - 0.1 * rate * g, after",
        _STEP + "return w - rate * np.sign(g), after",
        _STEP + "return w + rate * d / (state.t + 2), after",
        _STEP + "return w + rate * d, after._replace(g=g + 1, move=2 * rate * d)",
        _STEP + "return w + rate * d / np.sqrt(np.sum(d * d)), after",
    ),
}
SIGNATURES = {
    "two_loop_recursion": "def two_loop_recursion(g, s, y):",
    "remember": "def remember(s, y, move, change, history_size):",
    "sufficient_decrease": "def sufficient_decrease(f0, slope0, t, f, c1=1e-4):",
    "strong_curvature": "def strong_curvature(slope0, slope, c2=0.9):",
    "lbfgs_step": "def lbfgs_step(w, closure, state, *, lr=1.0, history_size=100):",
}
