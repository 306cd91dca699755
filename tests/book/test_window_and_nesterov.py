"""What the explorers of chapters 6 and 8 claim beyond their lines: the errors, the zones, the map of settings."""

import numpy as np
import pytest

from course_lib.averages import bias_corrected, equal_mean, exponential_average
from course_lib.data import temperatures
from course_lib.descent import minimize
from course_lib.explorers import nesterov_explorer, window_explorer
from course_lib.explorers.nesterov import BOWL, CONDITION, MOMENTA, RATES, STEPS, behaviour, best_momentum, pace, walk
from course_lib.explorers.window import BETAS, errors, zones
from course_lib.optimizers import sgd_init, sgd_step


def test_noise_and_lag_go_opposite_ways():
    split = [errors(float(beta)) for beta in BETAS]
    noise, lag = np.array([[e.noise, e.lag] for e in split]).T
    assert (np.diff(noise) < 0).all()
    assert (np.diff(lag) > 0).all()
    measured, wave = temperatures()
    assert split[0].noise == pytest.approx(np.sqrt(np.mean((measured - wave) ** 2)))
    drawn = bias_corrected(exponential_average(measured, 0.9), 0.9)
    assert errors(0.9).total == pytest.approx(np.sqrt(np.mean((drawn - wave) ** 2)))
    ninety = errors(0.9)  # what theory says of endless series holds roughly of ninety days
    assert ninety.noise == pytest.approx(3.5 / np.sqrt(equal_mean(0.9)), rel=0.25)


def test_the_zones_cover_the_slider_in_order():
    found = zones([errors(float(beta)) for beta in BETAS])
    assert [zone["name"] for zone in found] == ["jumps about", "follows", "trails behind"]
    assert [zone["first"] for zone in found] == [0, *(zone["last"] + 1 for zone in found[:-1])]
    assert found[-1]["last"] == len(BETAS) - 1
    data = window_explorer().data
    assert found[1]["first"] <= data["best"] <= found[1]["last"]


@pytest.mark.parametrize("nesterov", [False, True])
@pytest.mark.parametrize("mu", MOMENTA)
@pytest.mark.parametrize("rate", RATES)
def test_the_map_tells_what_long_runs_do(rate, mu, nesterov):
    settings = {"lr": rate / CONDITION, "momentum": mu, "nesterov": nesterov}
    w = minimize(BOWL, sgd_init, sgd_step, steps=400, **settings).w
    size = np.abs(np.hstack([w[1:], w[:-1]])).max(axis=1)  # a pair does not vanish when a swing passes through 0
    told = behaviour(rate, mu, nesterov=nesterov)
    alive = np.flatnonzero((size > 1e-200) & (size < 1e200))[-1]
    measured = (size[alive] / size[alive // 2]) ** (1 / (alive - alive // 2))
    assert measured == pytest.approx(told.pace, rel=0.03)
    assert (told.name == "diverges") == (size[alive] > size[0])
    flat = np.sign(w[5:40, 0])
    if told.name == "walks in" and rate < 1:
        assert (flat == flat[0]).all()
    if told.name == "rings in":
        assert len(set(np.sign(w[:200, 0]))) > 1 or len(set(np.sign(w[:200, 1]))) > 1


@pytest.mark.parametrize("s", [0.01, 0.05, 0.5])
def test_no_momentum_is_faster_than_the_best(s):
    best = best_momentum(s)
    assert pace(s, best, nesterov=True) == pytest.approx(1 - np.sqrt(s), abs=1e-6)
    assert min(pace(s, mu, nesterov=True) for mu in np.linspace(0, 0.999, 400)) >= pace(s, best, nesterov=True) - 1e-6


def test_what_is_drawn_of_nesterov_are_the_weights_of_the_papers():
    """The explorer turns torch's look-ahead points back; here the look-ahead is taken as it is written."""
    lr, mu = 0.6 / CONDITION, 0.9
    w, b = np.array(BOWL.start), np.zeros(2)
    for t in range(1, STEPS + 1):
        b = mu * b + BOWL.grad(w - lr * mu * b)
        w = w - lr * b
        np.testing.assert_allclose(walk(0.6, 0.9, nesterov=True)[t], w, atol=1e-12)


@pytest.mark.parametrize(
    ("make", "wrong", "says"),
    [
        (window_explorer, {"beta": 0.999}, "beta=0.999: the slider runs from 0 to 0.99"),
        (window_explorer, {"day": 0}, "day=0: the slider runs from 1 to 90"),
        (nesterov_explorer, {"rate": 5.0}, "rate=5.0: the slider runs from 0.1 to 3.2"),
        (nesterov_explorer, {"mu": 1.0}, "mu=1.0: the slider runs from 0 to 0.95"),
    ],
)
def test_a_start_outside_the_sliders_is_refused(make, wrong, says):
    with pytest.raises(ValueError, match=says):
        make(**wrong)


def test_the_map_has_letters_for_all_that_happens_on_it():
    data = nesterov_explorer().data
    names = {name for method in data["methods"].values() for row in method["regime"] for name in row}
    assert names == {"walks in", "rings in", "zigzags in", "diverges"}


@pytest.mark.parametrize("mu", [0.3, 0.9])
def test_the_pace_is_that_of_the_chapters_equation(mu):
    for s in (0.01, 0.3, 0.99, 1.2, 1.5):
        for nesterov, kept in ((False, mu), (True, (1 - s) * mu)):
            roots = np.roots([1, -(1 - s + kept), kept])
            assert pace(s, mu, nesterov=nesterov) == pytest.approx(abs(roots).max(), abs=1e-9)
