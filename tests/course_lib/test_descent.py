"""``minimize`` records what the bare loop visits, and refuses what it cannot run."""

import numpy as np
import pytest
import torch

from course_lib.descent import minimize
from course_lib.objectives import parabola, quadratic, rosenbrock
from course_lib.optimizers import from_torch, gd_init, gd_step, sgd_init, sgd_step


def test_the_numbers_every_text_repeats():
    path = minimize(parabola, gd_init, gd_step, steps=2, lr=1.0)
    assert path.w.tolist() == [2, -14, 98]
    assert path.loss.tolist() == [16, 784, 38416]
    assert path.grad.tolist() == [16, -112, 784]
    assert [state.t for state in path.states] == [0, 1, 2]


def test_one_step_at_an_eighth_lands():
    assert minimize(parabola, gd_init, gd_step, steps=1, lr=0.125).w[-1] == 0


def test_it_is_the_loop_one_would_write():
    w, state = np.array(rosenbrock.start), sgd_init(np.zeros(2))
    path = minimize(rosenbrock, sgd_init, sgd_step, steps=200, lr=1e-3, momentum=0.9)
    for t in range(200):
        np.testing.assert_array_equal(path.w[t], w)
        np.testing.assert_array_equal(path.grad[t], rosenbrock.grad(w))
        assert path.loss[t] == rosenbrock.f(w)
        w, state = sgd_step(w, rosenbrock.grad(w), state, lr=1e-3, momentum=0.9)
    np.testing.assert_array_equal(path.w[-1], w)
    np.testing.assert_array_equal(path.states[-1].b, state.b)


def test_from_torch_closed_loop_is_torchs():
    parameter = torch.nn.Parameter(torch.tensor(rosenbrock.start, dtype=torch.float64))
    theirs = torch.optim.SGD([parameter], lr=1e-3, momentum=0.9, nesterov=True)
    for _ in range(500):
        theirs.zero_grad()
        rosenbrock.f(parameter).backward()
        theirs.step()
    ours = from_torch("SGD", lr=1e-3, momentum=0.9, nesterov=True)
    path = minimize(rosenbrock, ours.init, ours.step, steps=500)
    np.testing.assert_allclose(path.w[-1], parameter.detach().numpy(), rtol=1e-9)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_any_library_any_dtype(dtype):
    w = np.array([2.0, 1.0], dtype)
    on_numpy = minimize(quadratic(), sgd_init, sgd_step, w=w, lr=0.05, momentum=0.5)
    on_torch = minimize(quadratic(), sgd_init, sgd_step, w=torch.tensor(w), lr=0.05, momentum=0.5)
    for ours, theirs in zip(on_numpy[:3], on_torch[:3], strict=True):
        assert isinstance(theirs, np.ndarray)
        assert ours.dtype == theirs.dtype == dtype
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-7)


def test_shapes():
    path = minimize(quadratic(dim=3), gd_init, gd_step, steps=5, lr=0.1)
    assert (path.w.shape, path.loss.shape, path.grad.shape, len(path.states)) == ((6, 3), (6,), (6, 3), 6)
    assert minimize(parabola, gd_init, gd_step, steps=0).w.shape == (1,)


def test_divergence_is_kept_to_the_end():
    path = minimize(parabola, gd_init, gd_step, steps=2000, lr=1.0)
    assert np.isinf(path.loss).any()
    assert np.isnan(path.w[-1])


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"steps": -1}, ValueError, "0 or more"),
        ({"w": np.ones(3)}, ValueError, r"points of shape \(2,\); w has shape \(3,\)"),
        ({"w": np.array([1, 2])}, TypeError, "array of floats"),
        ({"w": [1.0, 2.0]}, TypeError, "array of floats"),
        ({"rate": 0.1}, TypeError, "rate"),
    ],
)
def test_refusals(arguments, error, says):
    with pytest.raises(error, match=says):
        minimize(rosenbrock, gd_init, gd_step, **arguments)


def test_a_step_that_forgets_its_state_is_told_so():
    def forgetful_step(w, g, state):
        return w - g

    with pytest.raises(TypeError, match=r"forgetful_step must return the pair \(w, state\); it returned ndarray"):
        minimize(rosenbrock, gd_init, forgetful_step)
