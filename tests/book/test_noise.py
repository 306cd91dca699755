"""What batch size and rate make of noise: counted in many runs, predicted by the formula, told by name."""

import numpy as np
import pytest

from course_lib.explorers import noise_explorer
from course_lib.explorers.noise import BATCHES, LINE, RATES, floor, losses, outcome, walks


def test_the_ellipse_holds_nine_runs_in_ten() -> None:
    for size, lr in [(1, 1 / 32), (4, 1 / 8), (16, 1 / 4)]:
        ends = walks(size, lr)[-1]
        cx, cy, first, second, angle = outcome(ends).ellipse
        turn = np.radians(angle)
        across = (ends[0] - cx) * np.cos(turn) + (ends[1] - cy) * np.sin(turn)
        beside = (ends[1] - cy) * np.cos(turn) - (ends[0] - cx) * np.sin(turn)
        assert 0.86 < np.mean((across / first) ** 2 + (beside / second) ** 2 < 1) < 0.94


def test_runs_that_have_arrived_end_about_where_the_formula_says() -> None:
    """It is the limit for small rates; larger ones end higher."""
    for size, lr in [(1, 1 / 64), (2, 1 / 32), (4, 1 / 16)]:
        found = outcome(walks(size, lr)[-1])
        assert found.regime == "in its noise ball"
        assert found.loss == pytest.approx(floor(size, lr), rel=0.15)
    assert floor(4, 0.1) == pytest.approx(floor(1, 0.1) / 4) == pytest.approx(floor(2, 0.05))


def test_the_map_goes_from_slow_to_thrown_out() -> None:
    names = [[outcome(walks(int(size), lr)[-1]).regime for lr in RATES] for size in BATCHES]
    assert names[0] == ["in its noise ball"] * 5 + ["thrown out"]
    assert names[-1] == ["still on its way"] * 5 + ["in its noise ball"]
    for row in names:
        assert sorted(row, key=["still on its way", "in its noise ball", "thrown out"].index) == row


def test_a_loss_stands_for_every_position_of_the_slider_or_every_step() -> None:
    for size, count in [(1, 33), (8, 33), (16, 17), (32, 9)]:
        path = walks(size, 0.1, runs=1)[:, :, 0]
        assert len(losses(path)) == count
        assert losses(path)[-1] == pytest.approx(np.log10(LINE.f(path[-1]) - LINE.value))


def test_a_start_outside_the_sliders_is_refused() -> None:
    with pytest.raises(ValueError, match="batch_size=64: the slider runs from 1 to 32"):
        noise_explorer(batch_size=64)
