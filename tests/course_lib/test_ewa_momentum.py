"""Momentum by averages: its average is ``exponential_average``'s, and torch's SGD takes its path at a converted lr."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_lib.averages import bias_corrected, exponential_average
from course_lib.optimizers import ewa_momentum_init, ewa_momentum_step
from course_lib.optimizers.ewa_momentum import sgd_lr


def averaged_path(gradients, **settings):
    w = np.zeros(gradients.shape[1:])
    points, state = [], ewa_momentum_init(w)
    for g in gradients:
        w, state = ewa_momentum_step(w, g, state, **settings)
        points.append((w, state.m))
    return tuple(map(np.stack, zip(*points, strict=True)))


@pytest.mark.parametrize("bias_correction", [False, True])
def test_it_moves_along_the_average(bias_correction):
    gradients = np.random.default_rng(0).standard_normal((20, 3))
    points, averages = averaged_path(gradients, lr=0.5, beta=0.8, bias_correction=bias_correction)
    plain = exponential_average(gradients, 0.8)
    np.testing.assert_allclose(averages, plain, rtol=1e-12)
    directions = bias_corrected(plain, 0.8) if bias_correction else plain
    np.testing.assert_allclose(points, -0.5 * np.cumsum(directions, axis=0), rtol=1e-12)


@given(st.floats(0.0, 0.99), st.floats(1e-3, 1.0), st.booleans(), st.integers(0, 2**32))
def test_torch_takes_the_same_path_at_the_converted_lr(beta, lr, bias_correction, seed):
    gradients = np.random.default_rng(seed).standard_normal((15, 3))
    ours, _ = averaged_path(gradients, lr=lr, beta=beta, bias_correction=bias_correction)
    parameter = torch.nn.Parameter(torch.zeros(3, dtype=torch.float64))
    rule = torch.optim.SGD([parameter], lr=0.1, momentum=beta)
    for t, g in enumerate(gradients, start=1):
        rule.param_groups[0]["lr"] = sgd_lr(lr, beta, t, bias_correction=bias_correction)
        parameter.grad = torch.tensor(g)
        rule.step()
        np.testing.assert_allclose(parameter.detach().numpy(), ours[t - 1], rtol=1e-9, atol=1e-12)
