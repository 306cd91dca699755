"""Data from seeds, and the losses over it."""

from itertools import islice

import array_api_strict
import numpy as np
import pytest
import scipy.optimize
import torch
from test_objectives import numerical_gradient

from course_lib.data import batches, digits, noisy_line, two_clouds
from course_lib.descent import minimize
from course_lib.optimizers import gd_init, gd_step, newton_init, newton_step, sgd_init, sgd_step
from course_lib.regression import linear_regression, logistic_regression

LINE, CLOUDS = linear_regression(*noisy_line(50)), logistic_regression(*two_clouds(60, dim=3))
each = pytest.mark.parametrize("objective", [LINE, CLOUDS], ids=lambda o: o.name)


@each
def test_gradient_hessian_and_minimum(objective):
    rng = np.random.default_rng(0)
    for _ in range(10):
        w = rng.standard_normal(objective.dim)
        np.testing.assert_allclose(objective.grad(w), numerical_gradient(objective.f, w), rtol=1e-6, atol=1e-8)
        columns = [numerical_gradient(lambda z, i=i: objective.grad(z)[i], w) for i in range(objective.dim)]
        np.testing.assert_allclose(objective.hess(w), columns, rtol=1e-5, atol=1e-8)
    bottom = np.array(objective.minimum)
    np.testing.assert_allclose(objective.grad(bottom), 0, atol=1e-12)
    assert objective.f(bottom) == pytest.approx(objective.value)
    scipys = scipy.optimize.minimize(objective.f, objective.start, jac=objective.grad, tol=1e-10)
    np.testing.assert_allclose(bottom, scipys.x, atol=1e-6)
    low, high = np.transpose(objective.domain)
    assert ((low < bottom) & (bottom < high)).all()


@each
def test_grids_and_libraries(objective):
    grid = np.random.default_rng(0).standard_normal((objective.dim, 2, 3))
    for function in (objective.f, objective.grad):
        one_by_one = np.stack([function(w) for w in grid.reshape(objective.dim, 6).T], axis=-1)
        np.testing.assert_allclose(function(grid).reshape(*one_by_one.shape), one_by_one, rtol=1e-12)
        for convert in (torch.tensor, array_api_strict.asarray):
            w = grid[:, 0, 0].astype(np.float32)
            there = np.asarray(function(convert(w)))
            assert there.dtype == np.float32
            np.testing.assert_allclose(there, function(w), rtol=1e-5)


def test_the_noisy_line_is_found_and_newton_finds_it_at_once():
    x, y = noisy_line(2000, a=2.0, b=-1.0, noise=0.1)
    objective = linear_regression(x, y)
    np.testing.assert_allclose(objective.minimum, (2.0, -1.0), atol=0.02)
    path = minimize(objective, newton_init, newton_step, steps=1, hessian=objective.hess)
    np.testing.assert_allclose(path.w[-1], objective.minimum, rtol=1e-10)
    path = minimize(objective, gd_init, gd_step, steps=200, lr=0.2)
    np.testing.assert_allclose(path.w[-1], objective.minimum, rtol=1e-6)


def test_batches_give_noisy_gradients_of_the_whole():
    x, y = noisy_line(100, noise=1.0)
    whole, w = linear_regression(x, y), np.array([0.5, 0.5])
    dealt = [linear_regression(x[b], y[b]).grad(w) for b in islice(batches(100, 10), 10)]
    assert np.std(dealt, axis=0).min() > 0.05
    np.testing.assert_allclose(np.mean(dealt, axis=0), whole.grad(w), rtol=1e-12)
    state = sgd_init(w)
    for batch in islice(batches(100, 10), 500):
        w, state = sgd_step(w, linear_regression(x[batch], y[batch]).grad(w), state, lr=0.2 / (1 + 0.05 * state.t))
    np.testing.assert_allclose(w, whole.minimum, atol=0.1)


def test_large_logits_do_not_overflow():
    objective = logistic_regression(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0.0, 1.0]))
    w = np.array([2000.0, -2000.0])
    assert np.isfinite(objective.f(w))
    assert np.isfinite(objective.grad(w)).all()


def test_data_is_the_seeds():
    for make in (noisy_line, two_clouds):
        for one, two, other in zip(make(seed=1), make(seed=1), make(seed=2), strict=True):
            np.testing.assert_array_equal(one, two)
            assert not np.array_equal(one, other)
    points, labels = two_clouds(400, dim=3, distance=4.0)
    assert np.bincount(labels.astype(int)).tolist() == [200, 200]
    apart = points[labels == 1].mean(0) - points[labels == 0].mean(0)
    assert np.linalg.norm(apart) == pytest.approx(4.0, rel=0.1)


def test_batches_deal_out_everything_once_per_epoch():
    three = list(islice(batches(10, 4, seed=3), 6))
    first, second = np.concatenate(three[:3]), np.concatenate(three[3:])
    assert sorted(first) == sorted(second) == list(range(10))
    assert first.tolist() != second.tolist()


def test_digits():
    pytest.importorskip("sklearn", reason="scikit-learn, which the digits come with, is not installed")
    pixels, labels = digits()
    assert pixels.shape == (1797, 64)
    assert (pixels.min(), pixels.max()) == (0, 1)
    assert set(labels) == set(range(10))


def test_digits_without_scikit_learn(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "sklearn.datasets", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'optimizers-step-by-step\[data\]'"):
        digits()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: linear_regression(np.ones(3), np.ones(3)), "two different x"),
        (lambda: logistic_regression(*two_clouds(), l2=0.0), "must be more than 0"),
        (lambda: logistic_regression(np.ones((2, 2)), np.array([0, 2])), "labels are 0 or 1"),
        (lambda: batches(0, 1), "at least one of at least one"),
        (lambda: batches(5, 0), "at least one of at least one"),
    ],
)
def test_refusals(make, says):
    with pytest.raises(ValueError, match=says):
        make()
