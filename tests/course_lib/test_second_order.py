"""Newton's method and BFGS, and how ``minimize`` runs them."""

import numpy as np
import pytest
import scipy.optimize
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_lib.descent import minimize
from course_lib.mgh import bard, helical_valley, wood
from course_lib.objectives import beale, parabola, quadratic, rosenbrock, saddle
from course_lib.optimizers import (
    bfgs_init,
    bfgs_step,
    from_torch,
    lbfgs_init,
    lbfgs_step,
    newton_init,
    newton_step,
)


@given(st.integers(0, 2**32 - 1), st.sampled_from([1.0, 10.0, 1e4]), st.sampled_from([2, 5]))
def test_newton_lands_on_the_minimum_of_a_bowl_in_one_step(seed, condition, dim):
    bowl = quadratic(condition, dim)
    w = np.random.default_rng(seed).standard_normal(dim)
    path = minimize(bowl, newton_init, newton_step, w=w, steps=1, hessian=bowl.hess)
    np.testing.assert_allclose(path.w[-1], 0, atol=1e-12)
    np.testing.assert_array_equal(path.w[0], w)


def test_newton_on_numbers_matrices_and_torch():
    assert minimize(parabola, newton_init, newton_step, steps=1, hessian=parabola.hess).w[-1] == 0
    w, g = np.ones((2, 3)), np.arange(6.0).reshape(2, 3)
    moved, _ = newton_step(w, g, newton_init(w), hessian=lambda w: 2 * np.eye(6), lr=0.5)
    np.testing.assert_allclose(moved, w - g / 4)
    on_torch, _ = newton_step(
        torch.tensor(w), torch.tensor(g), newton_init(w), hessian=lambda w: 2 * torch.eye(6).double()
    )
    np.testing.assert_allclose(on_torch.numpy(), w - g / 2)


def test_newton_seeks_the_saddle_and_damping_leaves_it():
    to_saddle = minimize(saddle, newton_init, newton_step, steps=1, hessian=saddle.hess)
    np.testing.assert_allclose(to_saddle.w[-1], 0, atol=1e-15)
    damped = minimize(saddle, newton_init, newton_step, steps=10, hessian=saddle.hess, damping=3.0)
    assert damped.loss[-1] < 0


def test_newton_converges_quadratically_on_rosenbrock():
    path = minimize(rosenbrock, newton_init, newton_step, w=np.array([1.1, 1.2]), steps=6, hessian=rosenbrock.hess)
    np.testing.assert_allclose(path.w[-1], rosenbrock.minimum, atol=1e-14)


@pytest.mark.parametrize("objective", [rosenbrock, beale, helical_valley, bard, wood], ids=lambda o: o.name)
def test_bfgs_reaches_what_scipys_reaches(objective):
    scipys = scipy.optimize.minimize(objective.f, objective.start, jac=objective.grad, method="BFGS")
    path = minimize(objective, bfgs_init, bfgs_step, steps=150)
    np.testing.assert_allclose(path.loss[-1], objective.value, atol=1e-10)
    assert path.loss[-1] <= scipys.fun + 1e-10
    assert (np.diff(path.loss) <= 1e-12).all()
    for state in path.states:
        np.testing.assert_allclose(state.H, state.H.T, atol=1e-8 * np.abs(state.H).max())


def test_bfgs_learns_the_inverse_hessian_of_a_bowl():
    bowl = quadratic(10.0, 3)
    state = minimize(bowl, bfgs_init, bfgs_step, steps=4, c2=1e-6).states[-1]
    np.testing.assert_allclose(state.H @ bowl.hess(np.zeros(3)), np.eye(3), atol=1e-3)


def test_bfgs_keeps_shape_and_inputs():
    w = np.array([[1.0, 2.0]])
    start, state = w.copy(), bfgs_init(w)
    moved, _ = bfgs_step(w, lambda w: (np.sum(w**2), 2 * w), state)
    assert moved.shape == w.shape
    np.testing.assert_array_equal(w, start)
    np.testing.assert_array_equal(state.H, np.eye(2))
    at_rest, unmoved = bfgs_step(np.zeros(2), lambda w: (0.0, 2 * w), state)
    assert not at_rest.any()
    assert (unmoved.t, unmoved.evals) == (1, 1)


@pytest.mark.parametrize("make", [lambda: (lbfgs_init, lbfgs_step), lambda: from_torch("LBFGS")])
def test_minimize_hands_a_closure_to_steps_that_ask_for_one(make):
    made = make()
    init, step = (made.init, made.step) if hasattr(made, "step") else made
    path = minimize(rosenbrock, init, step, steps=4, line_search_fn="strong_wolfe")
    np.testing.assert_allclose(path.w[-1], (1, 1), atol=1e-4)
    assert path.states[-1].evals > 20
