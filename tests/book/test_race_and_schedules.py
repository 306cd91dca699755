"""What the race and the schedules are drawn from: the reference's runs, packed small, and what is said of them."""

import base64
import json

import numpy as np
import pytest

from course_lib import race as protocol
from course_lib.explorers import race_explorer, schedules_explorer
from course_lib.explorers.courses import COURSES, FACTORS, FAR, RAVINE_RATES, choose, chosen_rates, drawn, runs
from course_lib.explorers.plane import packed_series
from course_lib.explorers.race import LOOKS
from course_lib.explorers.scheduled import CURVATURES, DESCENTS, SHAPES, START, debts, network_run, schedule, walk
from course_lib.explorers.schedules import of_bowl, of_network
from course_lib.objectives import rosenbrock
from course_lib.optimizers import from_torch
from course_lib.plotting import PALETTE
from course_lib.schedules import plateau_init, plateau_step


def unpacked_series(found: dict) -> list[np.ndarray]:
    """The definition of LEB128 once more, where plane.js has its own."""
    series, numbers, digits = [], [], []
    for byte in base64.b64decode(found["base64"]):
        digits.append(byte & 127)
        if byte < 128:
            numbers.append(sum(digit << 7 * place for place, digit in enumerate(digits)))
            digits = []
    while numbers:
        length, *numbers = numbers
        moves = [number // 2 if number % 2 == 0 else -(number + 1) // 2 for number in numbers[:length]]
        series.append(np.cumsum(moves) * found["finest"])
        numbers = numbers[length:]
    return series


def test_packing_series_keeps_half_of_the_finest_and_their_lengths() -> None:
    series = [np.array([0.0, -3.0, 2e4, 2e4]), np.array([]), np.linspace(-1, 1, 300)]
    for back, values in zip(unpacked_series(packed_series(series, 0.01)), series, strict=True):
        np.testing.assert_allclose(back, values, atol=0.005 + 1e-9)


@pytest.mark.parametrize("contestant", LOOKS)
def test_runs_side_by_side_are_the_runs_one_by_one(contestant: str) -> None:
    """In the reference under torch's names, LBFGS without the shortcut of stopping where it stands still."""
    course, torch_name = COURSES["valley"], protocol.CONTESTANTS[contestant]
    f, grad = rosenbrock.f, rosenbrock.grad
    for column, factor in enumerate(FACTORS[:3]):
        lr = factor * chosen_rates("valley")[contestant]
        rule, w = from_torch(torch_name[0], lr=lr, **torch_name[1]), np.array(course.starts[0])
        state, path = rule.init(w), [w]
        for _ in range(120):
            w, state = rule.step(w, (lambda at: (f(at), grad(at))) if contestant == "LBFGS" else grad(w), state)
            path.append(w)
        rates = np.array(FACTORS[:3]) * chosen_rates("valley")[contestant]
        together = runs(course, contestant, np.repeat(np.array([course.starts[0]]).T, 3, axis=1), rates)
        np.testing.assert_allclose(together[:121, :, column], path, rtol=1e-6, atol=1e-9)


def test_everyone_has_a_look_of_its_own() -> None:
    assert sorted(LOOKS) == sorted(protocol.CONTESTANTS)
    assert len({look[0] + look[2] for look in LOOKS.values()}) == len(LOOKS), "told apart by mark within an ink"
    assert len({look[0] + look[1] for look in LOOKS.values()}) == len(LOOKS), "and by dashes"
    assert {look[0] for look in LOOKS.values()} <= set(PALETTE)


def test_rates_are_those_on_record_or_chosen_by_the_same_protocol() -> None:
    record = protocol.recorded()["outcomes"]
    for place in ("valley", "saddle"):
        assert chosen_rates(place) == {name: kept["lr"] for name, kept in record[place].items()}
    assert {name: choose(COURSES["ravine"], name) for name in LOOKS} == RAVINE_RATES
    assert not {protocol.RATES[0], protocol.RATES[-1]} & set(RAVINE_RATES.values()), "no choice stands at an edge"


def test_a_lost_run_is_drawn_until_it_is_lost() -> None:
    course = COURSES["valley"]
    path = np.array([(0.0, 0.0), (FAR, 1.0), (2 * FAR, 1.0), (0.0, 0.0), *[(np.nan, 0.0)] * 497])
    points, loss = drawn(course, path)
    assert len(points) == len(loss) == 2
    assert loss[0] == 0  # of Rosenbrock's valley at the origin: 1, as a power of ten


def test_the_race_is_drawn_from_its_runs() -> None:
    data = json.loads(race_explorer().json)["data"]
    for place, course in zip(data["courses"], COURSES.values(), strict=True):
        x, loss = unpacked_series(place["x"]), unpacked_series(place["loss"])
        assert len(x) == len(loss) == len(LOOKS) * len(course.starts) * len(FACTORS)
        w = np.array(course.starts[-1], dtype=float)[:, None]
        for number, name in enumerate(LOOKS):
            index = ((number + 1) * len(course.starts) - 1) * len(FACTORS) + FACTORS.index(1.0)
            lr = np.array([place["lr"][number]])
            points, heights = drawn(course, runs(course, name, w, lr)[..., 0])
            width = course.view[0][1] - course.view[0][0]
            np.testing.assert_allclose(x[index], points[:, 0], atol=width / 9000)
            np.testing.assert_allclose(loss[index], heights, atol=0.001)


def test_a_course_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(ValueError, match="no course 'moon'; there are: valley, saddle, ravine"):
        race_explorer("moon")


def test_debts_are_what_many_walks_owe() -> None:
    rates = schedule(SHAPES["cosine"], "bowl", 0.0)
    column, rng = 5, np.random.default_rng(1)
    w = np.repeat(START[:, None], 20_000, axis=1)
    for lr in rates[:, column]:
        w = w - lr * (CURVATURES[:, None] * w + rng.standard_normal(w.shape))
    mean = (CURVATURES[:, None] * w**2).sum(axis=0).mean() / 2
    assert debts(rates)[-1, :, column].sum() == pytest.approx(mean, rel=0.03)


def test_plateau_lowers_each_walk_by_its_own_losses() -> None:
    rates, losses = walk(SHAPES["plateau"], 0)
    for column, peak in enumerate(DESCENTS["bowl"].peaks):
        state, wanted = plateau_init(peak), []
        for t, loss in enumerate(losses[:-1, column]):
            if t and t % 10 == 0:
                _, state = plateau_step(float(loss), state, patience=0)
            wanted.append(state.lr)
        np.testing.assert_allclose(rates[:, column], wanted, rtol=1e-12)


def test_all_shapes_walk_in_the_same_noise() -> None:
    _, constant = walk(SHAPES["constant"], 1.0)
    _, cut = walk(SHAPES["step"], 1)
    half = DESCENTS["bowl"].steps // 2
    np.testing.assert_array_equal(constant[: half + 1], cut[: half + 1])
    assert (constant[-1] != cut[-1]).all()


def test_a_rise_keeps_the_units_and_a_fall_does_not() -> None:
    dead = {name: network_run(SHAPES[name], SHAPES[name].settings[0], 0.3).dead for name in ("warm-up", "cosine")}
    assert of_network(1.0, dead["cosine"]) == "lost its units"
    assert of_network(1.0, dead["warm-up"]) == "has far to go"
    assert of_network(0.1, dead["warm-up"]) == "has learned"


def test_an_end_owes_what_is_larger_by_far() -> None:
    assert [of_bowl(*pair) for pair in ((3, 1), (1, 3), (3, 2))] == [
        "owes the start",
        "owes the noise",
        "owes both alike",
    ]


@pytest.mark.parametrize(("settings", "told"), [({"descent": "hill"}, "bowl, network"), ({"shape": "sine"}, "plateau")])
def test_what_is_not_there_is_named_with_what_is(settings: dict, told: str) -> None:
    with pytest.raises(ValueError, match=f"there are: .*{told}"):
        schedules_explorer(**settings)
