"""No right answer is refused, however it is written."""

from collections.abc import Callable
from typing import Any

import expect_ps2
import expect_ps3
import expect_ps4
import expect_ps5
import expect_ps6
import expect_ps7
import expect_ps8
import pytest
import right_gd
import right_limit
from hypothesis import given
from hypothesis import strategies as st
from learners import FUNCTIONS, repeatable, verdict_on, verdicts_on, written
from right_sgd import right_steps

from course_lib.checks import spec_for

RIGHT_SGD = dict(right_steps())
RIGHT: dict[str, list[Callable[..., Any]]] = {
    "gd_step": right_gd.RIGHT,
    "stability_limit": right_limit.RIGHT,
    "sgd_step": list(RIGHT_SGD.values()),
    **expect_ps2.RIGHT,
    **expect_ps3.RIGHT,
    **expect_ps4.RIGHT,
    **expect_ps5.RIGHT,
    **expect_ps6.RIGHT,
    **expect_ps7.RIGHT,
    **expect_ps8.RIGHT,
}
TESTED_BY_NAME = ("gd_step", "stability_limit", "sgd_step")
NUMBERED = [(name, i) for name in RIGHT if name not in TESTED_BY_NAME for i in range(len(RIGHT[name]))]


def assert_passes(name: str, function: Callable[..., Any], seed: int = 0) -> None:
    for criterion, verdict in verdicts_on(name, function, seed).items():
        assert verdict.passed, (criterion, verdict)
        assert verdict.misconceptions == ()


def test_there_are_at_least_thirty_of_each() -> None:
    assert set(RIGHT) == set(FUNCTIONS)
    assert min(len(functions) for functions in RIGHT.values()) >= 30


@pytest.mark.parametrize("function", right_gd.RIGHT, ids=lambda f: getattr(f, "__name__", type(f).__name__))
def test_gd_step(function: Callable[..., Any]) -> None:
    assert_passes("gd_step", function)


@pytest.mark.parametrize("function", right_limit.RIGHT)
def test_stability_limit(function: Callable[..., Any]) -> None:
    assert_passes("stability_limit", function)


@pytest.mark.parametrize("style", RIGHT_SGD)
def test_sgd_step(style: str) -> None:
    assert_passes("sgd_step", RIGHT_SGD[style])


@pytest.mark.parametrize(("name", "number"), NUMBERED)
def test_others(name: str, number: int) -> None:
    assert_passes(name, RIGHT[name][number])


@repeatable
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_whatever_the_seed(data: st.DataObject, seed: int) -> None:
    name = data.draw(st.sampled_from(FUNCTIONS))
    assert_passes(name, data.draw(st.sampled_from(RIGHT[name])), seed)


@repeatable
@given(name=st.sampled_from(FUNCTIONS), seed=st.integers(0, 2**32))
def test_the_reference_itself(name: str, seed: int) -> None:
    assert_passes(name, spec_for(name).reference, seed)
    assert_passes(name, spec_for(name).wrong(frozenset()), seed)


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if "torch_tensors" in spec_for(name).criteria])
def test_the_reference_and_a_plain_formula_work_on_torch_tensors(name: str) -> None:
    pytest.importorskip("torch", reason="torch is an extra")
    for function in (spec_for(name).reference, RIGHT[name][0]):
        assert verdict_on(name, function, "torch_tensors").passed


def test_a_numpy_answer_to_torch_tensors_is_seen() -> None:
    pytest.importorskip("torch", reason="torch is an extra")
    step = written("def gd_step(w, g, s, *, lr): return w.numpy() - lr * g.numpy(), GDState(s.t + 1)", "gd_step")
    verdict = verdict_on("gd_step", step, "torch_tensors")
    assert verdict.headline in ("w is of type array where a tensor is due.", "gd_step stopped with AttributeError.")
    assert not verdict.passed
