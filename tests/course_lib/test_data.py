"""Data from seeds, and the losses over it."""

from itertools import islice

import array_api_strict
import numpy as np
import pytest
import scipy.optimize
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_lib.data import batches, digits, noisy_line, steps_per_epoch, temperatures, two_clouds
from course_lib.descent import minimize
from course_lib.gradient_check import central_difference
from course_lib.optimizers import gd_init, gd_step, newton_init, newton_step, sgd_init, sgd_step
from course_lib.regression import line_gradient, linear_regression, logistic_regression, sgd_epoch

LINE, CLOUDS = linear_regression(*noisy_line(50)), logistic_regression(*two_clouds(60, dim=3))
each = pytest.mark.parametrize("objective", [LINE, CLOUDS], ids=lambda o: o.name)


@each
def test_gradient_hessian_and_minimum(objective):
    rng = np.random.default_rng(0)
    for _ in range(10):
        w = rng.standard_normal(objective.dim)
        np.testing.assert_allclose(objective.grad(w), central_difference(objective.f, w), rtol=1e-6, atol=1e-8)
        columns = [central_difference(lambda z, i=i: objective.grad(z)[i], w) for i in range(objective.dim)]
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


@each
def test_torch_finds_the_same_gradient_also_where_all_logits_are_0(objective):
    w = torch.tensor(objective.start, dtype=torch.float64, requires_grad=True)
    objective.f(w).backward()
    np.testing.assert_allclose(w.grad, objective.grad(np.array(objective.start)), rtol=1e-12)


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


@given(st.integers(1, 40), st.integers(1, 45))
def test_an_epoch_takes_as_many_steps_as_there_are_batches(n, size):
    dealt = list(islice(batches(n, size), steps_per_epoch(n, size)))
    assert sorted(np.concatenate(dealt)) == list(range(n))


@pytest.mark.parametrize("decay", [0.0, 0.3])
@pytest.mark.parametrize("size", [1, 4, 10])
def test_epochs_are_torchs_sgd_on_autograd_with_a_schedule(size, decay):
    x, y = noisy_line(10)
    w, t, order = np.array([0.5, -0.5]), 0, np.random.default_rng(1).permutation(10)
    parameter = torch.nn.Parameter(torch.tensor(w))
    rule = torch.optim.SGD([parameter], lr=0.1)
    schedule = torch.optim.lr_scheduler.LambdaLR(rule, lambda t: 1 / (1 + decay * t))
    for _ in range(3):
        w = sgd_epoch(w, x, y, order, batch_size=size, lr=0.1, decay=decay, t=t)
        t += steps_per_epoch(10, size)
        for batch in torch.tensor(order).split(size):
            rule.zero_grad()
            residual = parameter[0] * torch.tensor(x)[batch] + parameter[1] - torch.tensor(y)[batch]
            (residual**2).mean().div(2).backward()
            rule.step()
            schedule.step()
        np.testing.assert_allclose(w, parameter.detach().numpy(), rtol=1e-12)


def test_one_point_is_enough_for_a_gradient():
    np.testing.assert_allclose(line_gradient(np.array([2.0, 1.0]), np.array([3.0]), np.array([5.0])), [6.0, 2.0])


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


def test_temperatures_lie_about_their_wave():
    measured, wave = temperatures(3000, noise=2.0)
    assert (wave.min(), wave.max()) == pytest.approx((9, 21))
    assert np.std(measured - wave) == pytest.approx(2.0, rel=0.05)
    np.testing.assert_array_equal(measured, temperatures(3000, noise=2.0)[0])
    assert not np.array_equal(measured, temperatures(3000, noise=2.0, seed=1)[0])
