"""The map of condition numbers and rates: its borders are where theory has them, its forecasts come true."""

import json

import numpy as np
import pytest

from course_lib.descent import minimize
from course_lib.explorers import condition_explorer
from course_lib.explorers.condition import CONDITIONS, RATES, best_rate, steps_to_tenfold
from course_lib.objectives import quadratic
from course_lib.optimizers import gd_init, gd_step


@pytest.fixture(scope="module")
def data() -> dict:
    return json.loads(condition_explorer().json)["data"]


def test_every_bowl_has_the_five_regimes_where_the_multiplier_says(data: dict) -> None:
    for condition, zones in zip(CONDITIONS, data["zones"], strict=True):
        assert [zone["name"] for zone in zones] == list(data["regimes"])
        lands, bounces = zones[1], zones[3]
        assert RATES[lands["first"]] == RATES[lands["last"]] == 1 / condition
        assert RATES[bounces["first"]] == RATES[bounces["last"]] == 2 / condition


def test_the_best_rate_needs_the_fewest_steps(data: dict) -> None:
    for condition, best, steps in zip(CONDITIONS, data["best"], data["tenfold"], strict=True):
        assert RATES[best] == pytest.approx(best_rate(condition))
        assert steps[best] == min(count for count in steps if count is not None)
        r = np.abs(data["multiplier"][list(CONDITIONS).index(condition)][best])
        assert r[0] == pytest.approx(r[1], abs=1e-5), "both directions shrink alike"


@pytest.mark.parametrize(
    ("condition", "lr"), [(1, 1.0), (16, 1 / 16), (64, best_rate(64)), (4, 0.49), (8, 0.25), (8, 0.3)]
)
def test_a_forecast_comes_true(condition: float, lr: float) -> None:
    path = minimize(quadratic(condition), gd_init, gd_step, lr=lr, steps=400)
    within = np.abs(path.w).max(axis=1) <= 0.1 * np.abs(path.w[0]).max()
    forecast = steps_to_tenfold(path)
    assert within.any() == (forecast is not None)
    assert forecast is None or within.argmax() == np.ceil(forecast)


def test_a_start_outside_the_sliders_is_refused() -> None:
    with pytest.raises(ValueError, match=r"condition=500: the slider runs from 1 to 128"):
        condition_explorer(condition=500)
    with pytest.raises(ValueError, match=r"lr=3: the slider"):
        condition_explorer(lr=3)
