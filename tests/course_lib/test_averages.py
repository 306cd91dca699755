"""Exponentially weighted averages: the recurrence, its unrolled sum, and what people say of them."""

import math

import array_api_strict
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_lib.averages import (
    bias_corrected,
    equal_mean,
    expansion_weights,
    exponential_average,
    half_life,
    momentum_weights,
    window,
)

betas = st.floats(0, 0.9999)


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=30), betas)
def test_an_average_is_the_weighted_sum_of_all_values(values, beta):
    x = np.array(values)
    v = exponential_average(x, beta)
    for t in range(1, len(x) + 1):
        newest_first = x[:t][::-1]
        np.testing.assert_allclose(v[t - 1], np.dot(expansion_weights(beta, t), newest_first), rtol=1e-9, atol=1e-9)


@given(st.floats(-1e3, 1e3), betas, st.integers(1, 50))
def test_correction_makes_the_average_of_a_constant_that_constant(value, beta, steps):
    corrected = bias_corrected(exponential_average(np.full(steps, value), beta), beta)
    np.testing.assert_allclose(corrected, value, rtol=1e-9, atol=1e-300)  # below that floats lose their digits


@given(betas, st.integers(1, 200))
def test_weights_fall_short_of_one_by_what_the_correction_divides_out(beta, steps):
    assert sum(expansion_weights(beta, steps)) == pytest.approx(1 - beta**steps)


@given(st.floats(0.01, 0.9999))
def test_half_life_and_window(beta):
    assert beta ** half_life(beta) == pytest.approx(0.5)
    assert window(beta) == pytest.approx(sum(beta**k for k in range(400_000 if beta > 0.99 else 4000)), rel=1e-6)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
def test_a_plain_mean_of_equal_length_is_as_smooth_and_as_late(beta):
    n = round(equal_mean(beta))
    weights = np.array(expansion_weights(beta, 1000))
    assert np.sum(weights**2) == pytest.approx(1 / n)
    assert np.sum(weights * np.arange(1000)) == pytest.approx((n - 1) / 2)


def test_the_numbers_every_text_repeats():
    assert round(half_life(0.9), 1) == 6.6
    assert window(0.9) == pytest.approx(10)
    assert 0.9 ** window(0.9) == pytest.approx(1 / math.e, rel=0.06)  # 0.349: nearer 1/e than a half
    assert half_life(0.0) == 0.0


@pytest.mark.parametrize("convert", [torch.tensor, array_api_strict.asarray])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_any_library_any_shape(convert, dtype):
    x = np.random.default_rng(0).standard_normal((6, 2, 3)).astype(dtype)
    here = bias_corrected(exponential_average(x, 0.9), 0.9)
    there = bias_corrected(exponential_average(convert(x), 0.9), 0.9)
    assert here.shape == x.shape
    assert np.asarray(there).dtype == here.dtype == dtype
    np.testing.assert_allclose(np.asarray(there), here, rtol=1e-5)


@pytest.mark.parametrize("beta", [1.0, -0.1, math.nan])
def test_refusals(beta):
    for function in (
        window,
        equal_mean,
        half_life,
        lambda b: exponential_average(np.ones(2), b),
        lambda b: expansion_weights(b, 2),
    ):
        with pytest.raises(ValueError, match="at least 0 and less than 1"):
            function(beta)


@given(st.floats(0.01, 0.99), st.integers(1, 12), st.floats(0, 1), st.booleans())
def test_momentum_weights_are_what_torch_weighs_its_gradients_with(momentum, steps, dampening, nesterov):
    """The direction of the last step is read off torch's own parameter: with lr = 1 at that step alone."""
    settings = {"momentum": momentum, "dampening": 0.0 if nesterov else dampening, "nesterov": nesterov}
    parameter = torch.nn.Parameter(torch.zeros(steps, dtype=torch.float64))
    rule = torch.optim.SGD([parameter], lr=0.0, **settings)
    for t in range(steps):
        parameter.grad = torch.zeros_like(parameter)
        parameter.grad[steps - 1 - t] = 1.0  # a gradient of its own for every step, the newest first
        rule.param_groups[0]["lr"] = float(t == steps - 1)
        rule.step()
    np.testing.assert_allclose(momentum_weights(steps=steps, **settings), -parameter.detach().numpy(), rtol=1e-12)
