"""Mistakes of form have words of their own, and cost the criterion they belong to and no other."""

import numpy as np
import pytest
from learners import GIVEN, graded, verdict_on, verdicts_on, written

from course_lib.checks import draw_cases, judge, spec_for
from course_lib.checks.observe import observe

GD = "def gd_step(w, g, state, *, lr=1e-3):\n    "
SGD = "def sgd_step(w, g, state, *, lr=1e-3, momentum=0.0, dampening=0.0, nesterov=False):\n    "

# What is written, the criteria it fails (all of them: "all"), the id, and words that must be in the message.
GD_MISTAKES = {
    "not written": ("raise NotImplementedError()", "all", "not_written", "not written yet"),
    "nothing in it": ("pass", "all", "returned_none", "returned None"),
    "forgets to return": ("w = w - lr * g", "all", "returned_none", "return"),
    "state not returned": ("return w - lr * g", "all", "state_not_returned", "without the state"),
    "three things": ("return w - lr * g, state, 1", "all", "not_a_pair", "pair"),
    "wrong order": ("return GDState(state.t + 1), w - lr * g", "all", "pair_swapped", "the wrong way round"),
    "wrong state": ("return w - lr * g, state.t + 1", "all", "wrong_state_type", "fields t"),
    "text": ("return 'down', state", "all", "not_numbers", "not numbers"),
    "objects": ("return np.array([object()] * 3), state", "all", "not_numbers", "not numbers"),
    "only one entry": ("return (w - lr * g).ravel()[:1], GDState(state.t + 1)", "all", "wrong_shape", "shape (1,)"),
    "an axis too many": ("return (w - lr * g)[None], GDState(state.t + 1)", "all", "wrong_shape", "shape (1, 3)"),
    "no counter": ("return w - lr * g, GDState(None)", {"many_steps"}, "not_numbers", "t is None."),
    "nan": ("return w - lr * g / 0 * 0, GDState(state.t + 1)", "all", "not_finite", "finite"),
    "raises": ("return w - lr * g / len(w.shape[7]), state", "all", "raised", "IndexError"),
    "leaves": ("raise SystemExit('bye')", "all", "raised", "SystemExit"),
    "unknown name": ("return w - learning_rate * g, state", "all", "raised", "learning_rate"),
    "only first right": (
        "w = w.copy(); w.flat[:1] -= lr * g.flat[:1]; return w, GDState(state.t + 1)",
        "all",
        "first_element_only",
        "Only the first element",
    ),
    "whole numbers": ("return (w - lr * g) // 1, GDState(state.t + 1)", "all", "whole_numbers", "//"),
    "float32": (
        "return (w - np.float32(lr) * g.astype('f')).astype(w.dtype), GDState(state.t + 1)",
        "all",
        "float32",
        "seven digits",
    ),
    "always float64": (
        "return w.astype(float) - lr * g, GDState(state.t + 1)",
        {"any_shape_and_dtype"},
        "wrong_dtype",
        "float64 where float32",
    ),
    "always float32": (
        "return (w - lr * g).astype('f'), GDState(state.t + 1)",
        {"any_shape_and_dtype"},
        "wrong_dtype",
        "float32 where float64",
    ),
    "python number": (
        "return (w - lr * g if np.ndim(w) else float(w - lr * g)), GDState(state.t + 1)",
        {"any_shape_and_dtype"},
        "not_an_array",
        "type float where an array",
    ),
    "list": (
        "return (w - lr * g).tolist(), GDState(state.t + 1)",
        {"any_shape_and_dtype"},
        "not_an_array",
        "where an array is due",
    ),
    "changes w": ("w -= lr * g; return w, GDState(state.t + 1)", {"inputs_unchanged"}, "input_changed", "changes w"),
    "changes g": ("g *= lr; return w - g, GDState(state.t + 1)", {"inputs_unchanged"}, "input_changed", "changes g"),
}


@pytest.mark.parametrize(("body", "fails", "mistake", "words"), GD_MISTAKES.values(), ids=GD_MISTAKES)
def test_gd(body: str, fails: set[str] | str, mistake: str, words: str) -> None:
    verdicts = verdicts_on("gd_step", written(GD + body, "gd_step", np=np))
    failed = {name: verdict for name, verdict in verdicts.items() if not verdict.passed}
    assert set(failed) == (set(graded("gd_step")) if fails == "all" else fails)
    first = next(iter(failed.values()))
    assert first.misconceptions == (mistake,)
    assert words in f"{first.headline} {first.detail}"


def test_a_buffer_that_is_none_where_one_is_due() -> None:
    source = SGD + "return w - lr * g, SGDState(state.t + 1, None)"
    failed = {name: v for name, v in verdicts_on("sgd_step", written(source, "sgd_step")).items() if not v.passed}
    assert failed["state"].headline == "b is None."
    assert failed["any_shape_and_dtype"].headline == "b is of type NoneType where an array is due."
    assert "plain" not in failed


def test_what_an_unused_buffer_holds_is_not_asked() -> None:
    """Without momentum: not its value, not its form, not in the search for the mistake, not in a repeated run."""
    uphill = written(SGD + "return w + lr * g, SGDState(state.t + 1, None if momentum == 0 else g)", "sgd_step")
    assert verdict_on("sgd_step", uphill, "plain").misconceptions == ("ascends",)
    spec = spec_for("sgd_step")
    case = spec.case(draw_cases("sgd_step", "plain", 0)[0]["runs"][0], repeat=True)
    noisy = written(
        f"from random import random\n{SGD}return w - lr * g, SGDState(state.t + 1, random() * w)", "sgd_step"
    )
    assert judge("sgd_step", "plain", [case], [observe(case, {**GIVEN, "sgd_step": noisy})]).passed


def test_a_state_changed_in_place() -> None:
    source = (
        SGD
        + """b = state.b
    b *= momentum
    b += (1 - dampening * (state.t > 0)) * g
    d = g if momentum == 0 else g + momentum * b if nesterov else b
    return w - lr * d, SGDState(state.t + 1, b)
"""
    )
    failed = {name: v for name, v in verdicts_on("sgd_step", written(source, "sgd_step")).items() if not v.passed}
    assert set(failed) == {"inputs_unchanged"}
    assert "state.b" in failed["inputs_unchanged"].headline


def test_a_state_object_counted_in_place() -> None:
    source = (
        "class Own:\n    t = 0\n"
        + GD
        + """own = state if isinstance(state, Own) else Own()
    own.t += 1
    return w - lr * g, own
"""
    )
    failed = {name: v for name, v in verdicts_on("gd_step", written(source, "gd_step")).items() if not v.passed}
    assert set(failed) == {"inputs_unchanged"}


MEMORIES = {
    "global": "global n\n    n = globals().get('n', 0) + 1\n    return w - lr * g / n, GDState(state.t + 1)",
    "attribute": "gd_step.n = getattr(gd_step, 'n', 0) + 1\n    return w - lr * g / gd_step.n, GDState(state.t + 1)",
}


@pytest.mark.parametrize("body", MEMORIES.values(), ids=MEMORIES)
@pytest.mark.parametrize("criterion", ["one_step", "many_steps"])
def test_memory_outside_the_state(body: str, criterion: str) -> None:
    verdict = verdict_on("gd_step", written(GD + body, "gd_step"), criterion)
    assert verdict.misconceptions == ("global_state",)
    assert "belongs in state" in verdict.detail


def test_a_buffer_kept_in_a_global_and_reset_at_the_first_step() -> None:
    """Right for one run after another; only two runs taken in turns show it."""
    source = (
        "buffer = None\n"
        + SGD
        + """global buffer
    if momentum == 0:
        return w - lr * g, SGDState(state.t + 1, state.b)
    buffer = g if state.t == 0 else momentum * buffer + (1 - dampening) * g
    d = g + momentum * buffer if nesterov else buffer
    return w - lr * d, SGDState(state.t + 1, buffer)
"""
    )
    failed = {name: v for name, v in verdicts_on("sgd_step", written(source, "sgd_step")).items() if not v.passed}
    assert set(failed) == {"state"}
    assert failed["state"].misconceptions == ("global_state",)
    assert "buffer" in failed["state"].detail


def test_lists_of_different_lengths() -> None:
    source = "def remember(s, y, move, change, history_size): return [*s, move], y"
    verdict = verdict_on("remember", written(source, "remember"), "kept")
    assert verdict.misconceptions == ("ragged",)
    assert "one length" in verdict.detail


def test_an_answer_of_yes_or_no_is_shown_as_such() -> None:
    source = "def sufficient_decrease(f0, slope0, t, f, c1=1e-4): return f + 0.3 <= f0"
    verdict = verdict_on("sufficient_decrease", written(source, "sufficient_decrease"), "usual_c1")
    assert {verdict.evidence["got"], verdict.evidence["expected"]} == {"True", "False"}
    assert verdict.misconceptions == ()


def test_memorised_answers_do_not_pass() -> None:
    """The first answer to each shape, given again for ever."""
    source = "known = {}\n" + GD + "return known.setdefault(w.shape, (w - lr * g, GDState(state.t + 1)))"
    assert not any(verdict.passed for verdict in verdicts_on("gd_step", written(source, "gd_step")).values())


def test_an_error_says_where() -> None:
    body = "return w - lr * g / (state.t < 2 or 1 // 0), GDState(state.t + 1)"
    verdict = verdict_on("gd_step", written(GD + body, "gd_step"), "many_steps")
    assert verdict.headline == "gd_step stopped with ZeroDivisionError."
    assert verdict.evidence["step"] == 3
    assert "float64" in verdict.evidence["case"]


def test_a_function_that_is_not_there() -> None:
    verdict = verdict_on("gd_step", None, "one_step")  # type: ignore[arg-type]
    assert verdict.headline == "There is no function named gd_step."


def test_a_plain_function_that_returns_nothing_or_changes_its_argument() -> None:
    verdict = verdict_on(
        "stability_limit", written("def stability_limit(h): h.sort()", "stability_limit"), "one_curvature"
    )
    assert verdict.misconceptions == ("returned_none",)
