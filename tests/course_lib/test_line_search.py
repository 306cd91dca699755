"""The parts of LBFGS: two-loop recursion, Wolfe conditions, cubic interpolation, line search."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import line_search as scipy_line_search

from course_lib.line_search import (
    Probe,
    cubic_minimizer,
    curvature,
    probe,
    strong_curvature,
    strong_wolfe,
    sufficient_decrease,
    two_loop_recursion,
)
from course_lib.objectives import beale, himmelblau, rosenbrock
from course_lib.optimizers.bfgs import updated_inverse

seeds = st.integers(0, 2**32 - 1)


@given(seeds, st.integers(0, 8), st.integers(1, 6))
def test_two_loops_multiply_with_the_matrix_that_bfgs_builds(seed, pairs, n):
    rng = np.random.default_rng(seed)
    half = rng.standard_normal((n, n))
    hessian = half @ half.T + np.eye(n)
    s = [rng.standard_normal(n) for _ in range(pairs)]
    y = [hessian @ move for move in s]
    g = rng.standard_normal(n)
    H = np.eye(n) * (y[-1] @ s[-1] / (y[-1] @ y[-1]) if pairs else 1.0)  # noqa: N806
    for move, change in zip(s, y, strict=True):
        H = updated_inverse(H, move, change)  # noqa: N806
    np.testing.assert_allclose(two_loop_recursion(g, s, y), H @ g, rtol=1e-6, atol=1e-8)


@given(seeds)
def test_the_update_is_symmetric_positive_and_meets_the_secant_condition(seed):
    rng = np.random.default_rng(seed)
    half = rng.standard_normal((4, 4))
    s, y = rng.standard_normal((2, 4))
    assume(y @ s > 1e-2)
    H = updated_inverse(half @ half.T + np.eye(4), s, y)  # noqa: N806
    np.testing.assert_allclose(H @ y, s, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(H, H.T, atol=1e-9 * np.abs(H).max())
    assert (np.linalg.eigvalsh(H) > 0).all()


def test_without_positive_curvature_the_matrix_stays():
    H = np.eye(2)  # noqa: N806
    assert updated_inverse(H, np.array([1.0, 0.0]), np.array([-1.0, 0.0])) is H


def along_parabola(t):
    """f = (t - 1)², whose minimum is at 1 and whose slope at 0 is -2."""
    return Probe(t, (t - 1) ** 2, 2 * (t - 1), None)


@pytest.mark.parametrize(
    ("t", "decrease", "curved", "strongly"),
    [
        (0.01, True, False, False),
        (0.099, True, False, False),
        (0.101, True, True, True),
        (1.0, True, True, True),
        (1.899, True, True, True),
        (1.901, True, True, False),
        (2.1, False, True, False),
    ],
)
def test_wolfe_conditions_on_a_parabola(t, decrease, curved, strongly):
    start, there = along_parabola(0.0), along_parabola(t)
    assert sufficient_decrease(start, there) == decrease
    assert curvature(start, there) == curved
    assert strong_curvature(start, there) == strongly


@given(st.floats(0.1, 5), st.floats(-3, 3), st.floats(-1, 1), st.floats(0.1, 4))
def test_cubic_minimizer_finds_the_minimum_of_a_cubic(a, bottom, low, width):
    """f' = a (t - bottom)(t - bottom + 2): the minimum is where it rises through 0."""
    f = np.polynomial.Polynomial.fromroots([bottom, bottom - 2]) * a
    loss = f.integ()
    ends = [Probe(t, float(loss(t)), float(f(t)), None) for t in (low, low + width)]
    found = cubic_minimizer(*ends)
    assert found == pytest.approx(min(max(bottom, low), low + width), abs=1e-4) or not (f(low) <= 0 <= f(low + width))
    assert cubic_minimizer(*reversed(ends)) == found
    assert low <= found <= low + width


def test_where_no_cubic_has_a_minimum_the_middle():
    assert cubic_minimizer(Probe(0.0, 0.0, 1.0, None), Probe(1.0, 10.0, 1.0, None)) in (0.0, 0.5)
    assert cubic_minimizer(Probe(0.0, 0.0, -1.0, None), Probe(1.0, math.nan, 1.0, None)) == 0.5
    assert cubic_minimizer(Probe(0.0, 0.0, 0.0, None), Probe(1.0, 0.0, 0.0, None), bounds=(2.0, 4.0)) == 3.0


@pytest.mark.parametrize("objective", [rosenbrock, beale, himmelblau], ids=lambda o: o.name)
@given(seeds, st.sampled_from([1e-4, 0.1, 1.0, 50.0]))
def test_what_is_found_satisfies_both_conditions(objective, seed, t):
    w = np.random.default_rng(seed).uniform(-2, 2, 2)

    def closure(w):
        return objective.f(w), objective.grad(w)

    d = -objective.grad(w)
    assume(np.linalg.norm(d) > 1e-3)
    start = probe(w, closure, d, 0.0)
    found, evaluations = strong_wolfe(lambda t: probe(w, closure, d, t), start, t, max_tries=60)
    assert sufficient_decrease(start, found)
    assert strong_curvature(start, found)
    assert 1 <= evaluations <= 61
    alpha, *_ = scipy_line_search(objective.f, objective.grad, w, d, c1=1e-4, c2=0.9, maxiter=60)
    if alpha is not None:  # SciPy's finds another such point, and its conditions are ours
        theirs = probe(w, closure, d, alpha)
        assert sufficient_decrease(start, theirs)
        assert strong_curvature(start, theirs)


@pytest.mark.parametrize("max_tries", [0, 1, 2, 5])
def test_out_of_tries_it_takes_the_lowest_point_seen(max_tries):
    seen = []

    def downhill_forever(t):
        seen.append(Probe(t, -t, -1.0, None))
        return seen[-1]

    found, evaluations = strong_wolfe(downhill_forever, Probe(0.0, 0.0, -1.0, None), 1.0, max_tries=max_tries)
    assert found == seen[-1]
    assert evaluations == len(seen) == max_tries + 1


def test_a_loss_that_never_falls_leaves_the_start():
    start = Probe(0.0, 0.0, -1.0, None)
    found, _ = strong_wolfe(lambda t: Probe(t, 1.0 + t, 1.0, None), start, 1.0)
    assert found is start


def test_nan_counts_as_too_high():
    def fine_up_to_one(t):
        return along_parabola(t) if t <= 1 else Probe(t, math.nan, math.nan, None)

    found, _ = strong_wolfe(fine_up_to_one, along_parabola(0.0), 8.0)
    assert found.t <= 1
    assert strong_curvature(along_parabola(0.0), found)
