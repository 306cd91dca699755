"""The momentum plane says what the algebra says; its paths, and those on saddle and valley, are the reference's."""

import base64
import json

import numpy as np
import pytest

from course_lib.descent import minimize
from course_lib.explorers import momentum_explorer, terrain_explorer
from course_lib.explorers.momentum import (
    BOWLS,
    MOMENTA,
    RATES,
    STEEP,
    STEPS,
    measured,
    outcome,
    slowest,
    step_matrix,
)
from course_lib.explorers.plane import packed
from course_lib.explorers.terrain import RULES, TERRAINS, arrived_at, growth, left_at, run
from course_lib.objectives import parabola
from course_lib.optimizers import sgd_init, sgd_step


@pytest.fixture(scope="module")
def plane() -> dict:
    return json.loads(momentum_explorer().json)["data"]


def unpacked(found: dict) -> np.ndarray:
    whole = np.frombuffer(base64.b64decode(found["base64"]), dtype="<i2").astype(float)
    return np.where(whole == -32768, np.nan, whole / 32767 * found["most"])


def test_packing_keeps_what_a_screen_can_show_and_drops_what_it_cannot() -> None:
    values = np.array([0.0, -1.5, 1.99, 2.01, np.inf, np.nan])
    back = unpacked(packed(values, 2))
    np.testing.assert_allclose(back[:3], values[:3], atol=2 / 32767)
    assert np.isnan(back[3:]).all()


@pytest.mark.parametrize("momentum", [0.0, 0.3, 0.9])
def test_the_matrix_is_that_of_the_chapter(momentum: float) -> None:
    for lr in (0.01, 0.2):
        expected = [[1 - lr * 8, -lr * momentum], [8, momentum]]
        np.testing.assert_allclose(step_matrix(lr, momentum, 8), expected, atol=1e-15)


@pytest.mark.parametrize("momentum", MOMENTA)
def test_regimes_are_where_the_discriminant_puts_them(momentum: float) -> None:
    low, high, limit = (1 - momentum**0.5) ** 2, (1 + momentum**0.5) ** 2, 2 * (1 + momentum)
    for lr in RATES:
        s = STEEP * lr
        if min(abs(s - edge) for edge in (low, high, limit)) < 1e-9:
            continue
        found = outcome(float(lr), float(momentum), STEEP)
        expected = ("walks in", "rings in", "zigzags in", "diverges")[int(np.searchsorted([low, high, limit], s))]
        assert found.name == expected, lr
        if expected == "rings in":
            assert found.pace == pytest.approx(momentum**0.5)


def test_what_lies_on_a_limit_has_a_name() -> None:
    assert outcome(1 / 8, 0, STEEP).name == "lands in one step"
    assert outcome(1 / 4, 0, STEEP).name == "bounces forever"
    assert outcome(0.32, 0.36, STEEP).name == "zigzags in"
    assert outcome(0.32, 0.36, 0.5).name == "walks in"


@pytest.mark.parametrize("h", BOWLS["two curvatures, 8 and ½"])
def test_what_is_measured_is_what_was_predicted(h: float) -> None:
    predicted = [[outcome(float(lr), float(mu), h).pace for lr in RATES] for mu in MOMENTA]
    np.testing.assert_allclose(measured(h), predicted, atol=0.011)


@pytest.mark.parametrize("curvatures", BOWLS.values(), ids=BOWLS)
def test_the_best_point_is_the_best(plane: dict, curvatures: tuple[float, ...]) -> None:
    [bowl] = [one for one in plane["bowls"] if BOWLS[one["name"]] == curvatures]
    x, y = bowl["best"]
    best = slowest(x**2 / STEEP, y**2, curvatures).pace
    assert best == pytest.approx(y, abs=1e-6)
    nearby = [slowest(lr, mu, curvatures).pace for lr in np.linspace(0.01, 0.5, 60) for mu in np.linspace(0, 0.99, 60)]
    assert best <= min(nearby)


def test_borders_are_the_straight_lines_that_the_axes_promise(plane: dict) -> None:
    ring = np.array(plane["bowls"][0]["regions"][1]["ring"])
    x, y = ring.T
    np.testing.assert_allclose(np.minimum(abs(x - (1 - y)), abs(x - (1 + y))), 0, atol=2e-3)


def test_lines_of_equal_pace_have_it(plane: dict) -> None:
    for bowl in plane["bowls"]:
        for level in bowl["levels"]:
            for x, y in level["ring"]:
                # Where the multipliers are complex on one side and real on the other the pace leaps up like a root.
                near = [slowest(max(x + d, 0) ** 2 / STEEP, y**2, BOWLS[bowl["name"]]).pace for d in (-3e-3, 3e-3)]
                assert min(near) - 0.01 <= level["pace"] <= max(near) + 0.01, (bowl["name"], level["pace"], x, y)


def test_paths_of_the_plane_are_the_references(plane: dict) -> None:
    for direction, h in zip(plane["directions"], (8, 0.5), strict=True):
        drawn = unpacked(direction["x"]).reshape(len(MOMENTA), len(RATES), STEPS + 1)
        for i, mu in enumerate(MOMENTA):
            for j, lr in enumerate(RATES):
                x = minimize(parabola, sgd_init, sgd_step, lr=float(lr) * h / 8, momentum=float(mu), steps=STEPS).w
                shown = np.abs(x) <= 8
                np.testing.assert_allclose(drawn[i, j][shown], x[shown], atol=2e-4)
                assert np.isnan(drawn[i, j][~shown]).all()


@pytest.mark.parametrize(("settings", "told"), [({"lr": 0.9}, "lr=0.9"), ({"momentum": 1.5}, "momentum=1.5")])
def test_settings_outside_the_map_are_refused(settings: dict, told: str) -> None:
    with pytest.raises(ValueError, match=f"{told}: the slider runs from"):
        momentum_explorer(**settings)


def test_terrains_are_walked_by_the_reference() -> None:
    data = json.loads(terrain_explorer().json)["data"]
    assert len({len(terrain.steps) for terrain in TERRAINS.values()}) == 1, "one slider walks them all"
    for surface, terrain in zip(data["surfaces"], TERRAINS.values(), strict=True):
        shape = (len(terrain.starts), len(terrain.rates), len(RULES))
        points = unpacked(surface["points"]).reshape(*shape, len(terrain.steps), 2)
        for index in ((0, 0, 0), (2, 3, 1), (4, 4, 2), (1, 2, 2)):
            path = run(terrain, *index)
            at = path.w[list(terrain.steps)]
            shown = np.abs(at) <= 4
            np.testing.assert_allclose(points[index][shown], at[shown], atol=1e-4)
            flat = int(np.ravel_multi_index(index, shape))
            assert surface["left"][flat] == left_at(terrain, path)
            assert surface["arrived"][flat] == arrived_at(path)


@pytest.mark.parametrize(("rule", "lr"), [(rule, lr) for rule in range(3) for lr in range(3)])
def test_the_growth_that_is_told_predicts_when_the_saddle_is_left(rule: int, lr: int) -> None:
    """A thousandfold closer start costs the logarithm of a thousand, and nothing else."""
    terrain, settings = TERRAINS["saddle"], list(RULES.values())[rule]
    near, far = (
        left_at(terrain, minimize(terrain.objective, sgd_init, sgd_step, w=np.array([1.5, y]), steps=1200,
                                  lr=terrain.rates[lr], **settings))
        for y in (1e-9, 1e-6)
    )  # fmt: skip
    assert near - far == pytest.approx(np.log(1000) / np.log(growth(terrain.rates[lr], settings, -1.0)), abs=1.5)


def test_an_unknown_surface_is_named_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="no surface 'moon'; there are: saddle, valley"):
        terrain_explorer("moon")
