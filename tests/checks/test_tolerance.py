"""The tolerance admits rounding and nothing else."""

import numpy as np
import pytest
from learners import GIVEN

from course_lib.checks import draw_cases, judge
from course_lib.checks.compare import close
from course_lib.checks.observe import observe
from course_lib.optimizers import GDState, gd_step


def off_by(factor: float, criterion: str, dtype: type[np.floating]) -> bool:
    """Whether a step whose new weights are ``factor`` times too large passes on weights of ``dtype``."""

    def step(w, g, state, *, lr=1e-3):
        return (w - lr * g) * w.dtype.type(factor), GDState(state.t + 1)

    cases = [case for case in draw_cases("gd_step", criterion, 0) if case["runs"][0]["w"].dtype == dtype]
    assert cases
    return judge("gd_step", criterion, cases, [observe(case, {**GIVEN, "gd_step": step}) for case in cases]).passed


@pytest.mark.parametrize(
    ("dtype", "criterion", "admitted", "refused"),
    [(np.float64, "many_steps", 1e-15, 1e-12), (np.float32, "any_shape_and_dtype", 1e-6, 1e-4)],
)
def test_a_relative_error_is(dtype: type[np.floating], criterion: str, admitted: float, refused: float) -> None:
    assert off_by(1 + admitted, criterion, dtype)
    assert not off_by(1 + refused, criterion, dtype)


def test_tiny_and_huge_numbers_are_held_to_the_same_relative_error() -> None:
    for scale in (1e-30, 1.0, 1e30):
        assert close(np.array([scale * (1 + 1e-15)]), np.array([scale]), 1, scale)
        assert not close(np.array([scale * (1 + 1e-12)]), np.array([scale]), 1, scale)


def test_counters_must_be_equal() -> None:
    assert close(3, 3, 1, 3.0)
    assert close(np.array(3.0), 3, 1, 3.0)
    assert not close(3 + 1e-12, 3, 1, 3.0)


@pytest.mark.parametrize("got", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_never_close(got: float) -> None:
    assert not close(np.array([got]), np.array([1.0]), 1, 1.0)
    with np.errstate(invalid="ignore"):
        assert not close(np.array([got, 1.0]), np.array([np.inf, 1.0]), 1, np.inf)


@pytest.mark.parametrize("dtype", [np.float16, np.int8, np.bool_, np.complex128, np.longdouble])
def test_no_dtype_buys_a_looser_comparison(dtype: type) -> None:
    assert not close(np.array([3.001]).astype(dtype), np.array([3.0]) + 1e-2, 1, 3.0)


def test_the_cases_are_large_enough_to_tell_mistakes_apart() -> None:
    """Every weight and gradient has its array's order of magnitude, so that a wrong factor shows in each element."""
    for seed in range(20):
        for criterion in ("one_step", "many_steps", "any_shape_and_dtype"):
            for case in draw_cases("gd_step", criterion, seed):
                for run in case["runs"]:
                    for array in (run["w"], run["gradients"]):
                        size = np.abs(array[array != 0])
                        assert size.size == array.size
                        assert not size.size or size.max() <= 6.01 * size.min()


def test_the_reference_stays_finite_in_every_case() -> None:
    for seed in range(20):
        for case in draw_cases("gd_step", "any_shape_and_dtype", seed):
            records = observe(case, {**GIVEN, "gd_step": gd_step})["runs"][0]
            assert all(np.all(np.isfinite(record["values"]["w"])) for record in records)
