"""A difference stands for a slope: right where the slope is known, best at a step neither large nor small."""

import numpy as np
import pytest

from course_lib.gradient_check import central_difference


@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 2)])
def test_it_finds_a_slope_that_is_known(shape: tuple[int, ...]) -> None:
    w = np.random.default_rng(0).uniform(-1, 1, shape)
    slopes = central_difference(lambda z: float(np.sum(np.exp(z) * np.cos(z))), w, h=1e-5)
    assert slopes.shape == shape
    np.testing.assert_allclose(slopes, np.exp(w) * (np.cos(w) - np.sin(w)), rtol=1e-8, atol=1e-9)


def test_the_error_has_its_valley_where_truncation_meets_rounding() -> None:
    errors = {h: abs(float(central_difference(np.exp, np.array(1.0), h=h)) - np.e) for h in (1e-2, 1e-5, 1e-11)}
    assert errors[1e-5] < 1e-9
    assert errors[1e-2] == pytest.approx(1e-4 / 6 * np.e, rel=1e-3)  # the third derivative of e^x at 1 is e
    assert errors[1e-11] > 1e-7
