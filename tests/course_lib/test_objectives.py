"""Each objective's gradient, minimum, domain and grids are what it says."""

import array_api_strict
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_lib.gradient_check import central_difference
from course_lib.mgh import bard, freudenstein_roth, helical_valley, powell_singular, wood
from course_lib.objectives import (
    Objective,
    beale,
    himmelblau,
    parabola,
    quadratic,
    rastrigin,
    rosenbrock,
    saddle,
    two_wells,
)

CLASSICS = [
    *(parabola, quadratic(), quadratic(1000.0, dim=5), rosenbrock, saddle),
    *(two_wells, beale, himmelblau, rastrigin),
]
ALL = [*CLASSICS, freudenstein_roth, helical_valley, bard, wood, powell_singular]
each = pytest.mark.parametrize("objective", ALL, ids=lambda o: o.name)


def point(objective: Objective, rng: np.random.Generator) -> np.ndarray:
    """A random point of the domain."""
    low, high = np.transpose(objective.domain)
    return rng.uniform(low, high) if objective.dim else rng.uniform(low[0], high[0], ())


@each
@given(st.integers(0, 2**32 - 1))
def test_gradient_is_the_slope(objective, seed):
    x = np.asarray(point(objective, np.random.default_rng(seed)))
    slope = central_difference(objective.f, x)
    np.testing.assert_allclose(objective.grad(x), slope, rtol=1e-6, atol=1e-6 * max(1, abs(float(objective.f(x)))))


@pytest.mark.parametrize("objective", [o for o in ALL if o.hess], ids=lambda o: o.name)
@given(st.integers(0, 2**32 - 1))
def test_hessian_is_the_slope_of_the_gradient(objective, seed):
    x = np.asarray(point(objective, np.random.default_rng(seed)))
    columns = [central_difference(lambda z, i=i: objective.grad(z).reshape(-1)[i], x) for i in range(x.size)]
    np.testing.assert_allclose(
        np.reshape(objective.hess(x), (x.size, -1)), np.reshape(columns, (x.size, -1)), atol=1e-4
    )


@each
@given(st.integers(0, 2**32 - 1))
def test_nothing_lies_below_the_minimum(objective, seed):
    if objective.minimum is None:
        return
    rng = np.random.default_rng(seed)
    bottom = np.asarray(objective.minimum)
    np.testing.assert_allclose(objective.f(bottom), objective.value, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(objective.grad(bottom), 0 * bottom, atol=1e-6)
    assert objective.f(np.asarray(point(objective, rng))) >= objective.value
    assert objective.f(bottom + 1e-3 * rng.standard_normal(bottom.shape)) > objective.value


def test_a_saddle_has_no_minimum():
    assert saddle.minimum is saddle.value is None
    assert not saddle.grad(np.zeros(2)).any()
    assert saddle.f(np.array([0.0, 0.1])) < saddle.f(np.zeros(2)) < saddle.f(np.array([0.1, 0.0]))


@each
def test_domain_holds_start_and_minimum(objective):
    assert len(objective.domain) == max(objective.dim, 1)
    low, high = np.transpose(objective.domain)
    for inside in (objective.start, objective.minimum):
        assert inside is None or ((low <= inside) & (inside <= high)).all()


@each
def test_grids_go_along_the_later_axes(objective):
    rng = np.random.default_rng(0)
    points = [np.asarray(point(objective, rng)) for _ in range(6)]
    grid = np.stack(points, axis=-1).reshape(*points[0].shape, 2, 3)
    np.testing.assert_allclose(objective.f(grid).ravel(), [objective.f(x) for x in points], rtol=1e-13)
    gradients = objective.grad(grid).reshape(*points[0].shape, 6)
    np.testing.assert_allclose(gradients, np.stack([objective.grad(x) for x in points], axis=-1), rtol=1e-13)


@each
@pytest.mark.parametrize("convert", [torch.tensor, array_api_strict.asarray], ids=["torch", "strict"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_same_source_runs_on_every_library(objective, convert, dtype):
    x = np.asarray(objective.start, dtype)
    for function in (objective.f, objective.grad):
        here, there = np.asarray(function(x)), np.asarray(function(convert(x)))
        assert there.dtype == here.dtype == dtype
        np.testing.assert_allclose(there, here, rtol=1e-5)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [({"condition": 0.5}, "1 or more"), ({"condition": float("nan")}, "1 or more"), ({"dim": 1}, "at least two")],
)
def test_quadratics_that_do_not_exist(arguments, says):
    with pytest.raises(ValueError, match=says):
        quadratic(**arguments)


@pytest.mark.parametrize(("condition", "dim"), [(1.0, 2), (10.0, 2), (1e4, 7)])
def test_condition_number_is_what_was_asked_for(condition, dim):
    curvatures = quadratic(condition, dim).grad(np.ones(dim))
    np.testing.assert_allclose(curvatures.max() / curvatures.min(), condition)


def test_the_numbers_every_text_repeats():
    assert parabola.f(np.array([2.0, -14.0, 98.0])).tolist() == [16.0, 784.0, 38416.0]
    assert float(parabola.grad(np.array(2.0))) == 16.0
    assert float(rosenbrock.f(np.array([-1.2, 1.0]))) == pytest.approx(24.2)
