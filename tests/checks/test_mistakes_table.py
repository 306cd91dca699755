"""The book's table of mistakes: bodies in, the check's own words out."""

import numpy as np
import pytest

from course_lib.checks import mistakes_table, spec_for
from course_lib.checks.functions import SPECS


def test_each_body_gets_the_name_of_its_mistake() -> None:
    table = mistakes_table(spec_for("gd_step"), ["return w + lr * g, GDState(state.t + 1)", "return w - lr * g, state"])
    known = spec_for("gd_step").misconceptions
    assert [verdict.headline for _, verdict in table.rows] == [
        known["ascends"].headline,
        known["t_not_counted"].headline,
    ]


def test_a_body_of_several_lines_stays_readable_in_the_table() -> None:
    table = mistakes_table(spec_for("gd_step"), ["w = w | 0\nreturn w, state"])
    text = table._repr_markdown_()
    assert "| `w = w \\| 0`<br>`return w, state` | **" in text
    assert len(text.splitlines()) == 3


def test_given_names_can_be_used() -> None:
    [(_, verdict)] = mistakes_table(
        spec_for("gd_step"), ["return walk(w, g), GDState(state.t + 1)"], given={"walk": np.subtract}
    ).rows
    assert verdict.headline == spec_for("gd_step").misconceptions["forgets_lr"].headline


def test_a_right_body_is_not_called_a_mistake() -> None:
    with pytest.raises(ValueError, match="nothing wrong with gd_step: return w - lr"):
        mistakes_table(spec_for("gd_step"), ["return w - lr * g, GDState(state.t + 1)"])


RIGHT = "t = state.t + 1\nmove = lr * g\nreturn w - move, GDState(t)"


def test_lines_that_are_right_are_not_shown_with_every_mistake() -> None:
    table = mistakes_table(spec_for("gd_step"), [RIGHT.replace("w - move", "w + move")], right=RIGHT)
    assert "\n| `return w + move, GDState(t)` | **" in table._repr_markdown_()


def test_a_line_out_of_a_block_stands_at_the_left() -> None:
    right = "for _ in range(1):\n    moved = w - lr * g\nreturn moved, GDState(state.t + 1)"
    table = mistakes_table(spec_for("gd_step"), [right.replace("w - lr", "w + lr")], right=right)
    assert "\n| `moved = w + lr * g` | **" in table._repr_markdown_()


def test_a_line_that_is_missing_is_named() -> None:
    body = "move = lr * g\nreturn w - move, GDState(t)"
    table = mistakes_table(spec_for("gd_step"), [body], given={"t": 0}, right=RIGHT)
    assert "\n| without `t = state.t + 1` | **" in table._repr_markdown_()


def test_a_wrong_body_is_not_called_right() -> None:
    with pytest.raises(ValueError, match="finds a mistake in gd_step: return w, state"):
        mistakes_table(spec_for("gd_step"), ["return None"], right="return w, state")


@pytest.mark.parametrize("name", SPECS)
def test_every_function_of_the_course_can_be_shown(name: str) -> None:
    [(_, verdict)] = mistakes_table(spec_for(name), ["return None"]).rows
    assert not verdict.passed
    assert "None" in verdict.headline


def test_a_power_in_a_message_is_not_taken_for_emphasis() -> None:
    body = """eta = lr if state.eta is None else state.eta
w = (1 - lambd * eta) * w - eta * g
return w, ASGDState(state.t + 1, w, eta / (1 + lambd * lr * (state.t + 1)) ** alpha, 1.0)"""
    table = mistakes_table(spec_for("asgd_step"), [body])
    [(_, verdict)] = table.rows
    assert "t)**alpha" in verdict.detail
    assert r"t)\*\*alpha" in table._repr_markdown_()


def test_a_bar_in_a_message_does_not_end_the_cell() -> None:
    body = """t, u = state.t + 1, np.maximum(betas[1] * state.u, np.abs(g))
m = betas[0] * state.m + (1 - betas[0]) * g
return w - lr / (1 - betas[0] ** t) * m / (u + eps), AdamaxState(t, m, u)"""
    table = mistakes_table(spec_for("adamax_step"), [body])
    [(_, verdict)] = table.rows
    assert "|g|" in verdict.detail
    assert r"\|g\|" in table._repr_markdown_()


def test_a_name_with_a_dot_in_a_message_is_not_taken_for_an_address() -> None:
    body = """eta, t = lr if state.eta is None else state.eta, state.t + 1
w = (1 - lambd * eta) * w - eta * g
ax = state.ax + state.mu * (w - state.ax)
return ax, ASGDState(t, ax, lr / (1 + lambd * lr * t) ** alpha, 1 / max(1, t - t0))"""
    table = mistakes_table(spec_for("asgd_step"), [body])
    [(_, verdict)] = table.rows
    assert "state.ax" in verdict.detail
    assert r"state\.ax" in table._repr_markdown_()
