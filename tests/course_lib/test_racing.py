"""Choosing a setting, and a band over runs."""

from itertools import combinations

import numpy as np
import pytest

from course_lib.racing import band, best_of_drawn, best_setting


def test_the_lowest_median_wins_and_no_single_run():
    losses = np.array([[0.1, 2.0, 2.0], [1.0, 1.0, 9.0], [1.2, 1.2, 1.2]])
    assert best_setting([0.1, 0.2, 0.3], losses) == 0.2


def test_diverged_runs_count_as_infinite():
    losses = np.array([[0.5, np.nan, np.inf], [1.0, 1.0, np.nan], [np.nan, np.nan, np.nan], [2.0, 2.0, 2.0]])
    before = losses.copy()
    assert best_setting(np.array([1.0, 2.0, 3.0, 4.0]), losses) == 2.0
    np.testing.assert_array_equal(losses, before)
    with pytest.raises(ValueError, match="every setting diverged: try smaller ones"):
        best_setting([1.0, 3.0], losses[[0, 2]])


def test_a_band_holds_its_share_and_is_not_moved_by_one_bad_run():
    curves = np.random.default_rng(0).standard_normal((1001, 4))
    low, middle, high = band(curves, 0.8)
    inside = (curves >= low) & (curves <= high)
    np.testing.assert_allclose(inside.mean(axis=0), 0.8, atol=0.002)
    np.testing.assert_array_equal(middle, np.median(curves, axis=0))
    curves[0] = 1e9
    assert np.abs(band(curves, 0.8) - [low, middle, high]).max() < 0.1
    np.testing.assert_array_equal(band(curves, 1.0), [curves.min(0), np.median(curves, 0), curves.max(0)])


@pytest.mark.parametrize("k", range(1, 7))
def test_the_best_of_k_is_the_median_over_all_draws(k):
    scores = np.array([3.0, 1.0, np.inf, 0.5, 2.0, 7.0])
    every = [min(draw) for draw in combinations(scores, k)]
    assert best_of_drawn(scores, k) == np.quantile(every, 0.5, method="inverted_cdf")


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: best_setting([0.1, 0.2], np.ones((3, 2))), r"losses \(3, 2\) for 2 settings: a row each"),
        (lambda: best_setting([0.1, 0.2], np.ones(2)), "a row each is due"),
        (lambda: best_setting([], np.ones((0, 2))), "a row each is due"),
        (lambda: best_of_drawn([1.0, 2.0], 3), "k=3: of 2 scores it is possible to draw 1 to 2"),
        (lambda: band(np.ones((3, 2)), 1.2), "share=1.2: it is from 0 to 1"),
    ],
)
def test_refusals(call, says):
    with pytest.raises(ValueError, match=says):
        call()
