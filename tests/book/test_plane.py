"""Level lines are where the objective takes the level, and few points say so."""

import numpy as np
import pytest

from course_lib.explorers.plane import level_lines
from course_lib.objectives import parabola, quadratic, rosenbrock

VIEW = ((-2.0, 2.0), (-1.0, 3.0))


@pytest.mark.parametrize("objective", [quadratic(10), rosenbrock], ids=lambda one: one.name)
def test_every_point_lies_on_its_level(objective) -> None:
    levels = [1.0, 4.0, 16.0]
    for level, lines in zip(levels, level_lines(objective, levels, VIEW, size=200), strict=True):
        assert lines
        points = np.concatenate(lines)
        slope = np.linalg.norm(objective.grad(points.T), axis=0)
        off = np.abs(objective.f(points.T) - level) / np.maximum(slope, 1)
        assert off.max() < 0.02, "farther from the line than a screen shows"
        assert (points >= np.array(VIEW)[:, 0]).all()
        assert (points <= np.array(VIEW)[:, 1]).all()


def test_straight_runs_cost_nothing() -> None:
    fine = level_lines(quadratic(10), [4.0], VIEW, size=400)
    coarse = level_lines(quadratic(10), [4.0], VIEW, size=60)
    assert len(fine[0][0]) < 1.7 * len(coarse[0][0])


def test_a_function_of_one_number_has_none() -> None:
    with pytest.raises(ValueError, match=r"4x² has 1 coordinate\(s\); level lines need two"):
        level_lines(parabola, [1.0], VIEW)
