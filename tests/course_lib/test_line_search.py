"""The parts of LBFGS: two-loop recursion, Wolfe conditions, cubic interpolation, line search."""

import math

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import line_search as scipy_line_search
from torch.optim.lbfgs import _strong_wolfe

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


@settings(max_examples=300)
@given(seeds, st.sampled_from([1e-3, 0.1, 1.0, 10.0]), st.sampled_from([1, 3, 8, 25]))
def test_on_wavy_lines_it_tries_what_torch_tries(seed, t, max_tries):
    """Many waves make every branch occur: widening, narrowing, ends that swap, points too near an end."""
    rng = np.random.default_rng(seed)
    heights, lengths, shifts = rng.exponential(1, 6), rng.uniform(0.1, 8, 6), rng.uniform(0, 6, 6)
    tilt = rng.uniform(-3, 1)

    def f(t):
        return tilt * t + 0.01 * t**2 + float(np.sum(heights * np.sin(lengths * t + shifts)))

    def slope(t):
        return tilt + 0.02 * t + float(np.sum(heights * lengths * np.cos(lengths * t + shifts)))

    assume(slope(0.0) < 0)
    theirs = []

    def search(t):
        tried = []

        def along(t):
            tried.append(float(t))
            return Probe(t, f(t), slope(t), None)

        return *strong_wolfe(along, Probe(0.0, f(0.0), slope(0.0), None), t, max_tries=max_tries), tried

    def their_function(x, t, d):
        theirs.append(float(t))
        return f(float(t)), torch.tensor([slope(float(t))], dtype=torch.float64)

    found, evaluations, ours = search(t)
    # A cubic through two points very close together magnifies the last bit a billionfold, a few times over; where
    # that alone sends our own search elsewhere, torch's, which rounds otherwise, cannot be asked to go the same way.
    *_, moved = search(float(np.nextafter(t, 2 * t)))
    assume(len(moved) == len(ours) and np.allclose(moved, ours, rtol=1e-7, atol=1e-10))
    zero, one = (torch.tensor([x], dtype=torch.float64) for x in (0.0, 1.0))
    first = torch.tensor([slope(0.0)], dtype=torch.float64)
    _, _, their_t, their_evaluations = _strong_wolfe(
        their_function, zero, t, one, f(0.0), first, first[0], max_ls=max_tries
    )
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-9)
    assert found.t == pytest.approx(float(their_t), rel=1e-6, abs=1e-9)
    assert evaluations == their_evaluations == len(ours)


def test_a_second_point_higher_than_the_first_does_not_end_the_widening():
    """As in torch, which compares with the point before from the third on."""
    losses, slopes, tried = iter([-1.0, -0.9, -5.0]), iter([-0.95, -0.95, 0.0]), []

    def along(t):
        tried.append(t)
        return Probe(t, next(losses), next(slopes), None)

    found, evaluations = strong_wolfe(along, Probe(0.0, 0.0, -1.0, None), 1.0)
    assert (found.t, evaluations) == (tried[2], 3)
    assert tried == sorted(tried)


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
