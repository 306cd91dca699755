"""The race keeps its own rules, and the figures on record are those that it gives."""

import numpy as np
import pytest

from course_lib import race
from course_lib.optimizers import from_torch
from course_lib.race import CONTESTANTS, MARKS, RATES, TASKS, compete, marks, recorded, run


@pytest.fixture(scope="module")
def record():
    return recorded()


def test_the_record_is_of_this_protocol(record):
    now = race.protocol()
    kept = record["protocol"]
    assert tuple(kept["rates"]) == now["rates"]
    assert (tuple(kept["tuning_seeds"]), tuple(kept["race_seeds"])) == (now["tuning_seeds"], now["race_seeds"])
    assert kept["contestants"] == now["contestants"]
    assert kept["tasks"] == now["tasks"]
    assert {"date", "command", "python", "numpy", "machine", "seconds"} <= set(record["made"])
    assert {task: set(found) for task, found in record["outcomes"].items()} == {one: set(CONTESTANTS) for one in TASKS}


@pytest.mark.parametrize(
    ("task", "contestant", "rtol"),
    [
        ("saddle", "RMSprop", 1e-5),
        ("saddle", "LBFGS", 1e-5),
        ("regression", "momentum", 1e-4),
        ("digits", "Adam", 0.02),
    ],
)
def test_a_few_runs_again_give_the_recorded_figures(record, task, contestant, rtol):
    kept = record["outcomes"][task][contestant]
    found = compete(TASKS[task](), contestant, rates=[kept["lr"]], tuning_seeds=[0, 1], race_seeds=race.RACE_SEEDS[:2])
    row = kept["tuning"][RATES.index(kept["lr"])]
    np.testing.assert_allclose(found.tuning[0], row[:2], rtol=rtol)
    np.testing.assert_allclose(found.curves[:, -1], kept["ends"][:2], rtol=rtol)


def test_the_recorded_rate_is_the_best_setting_of_the_recorded_tuning(record):
    for found in record["outcomes"].values():
        for kept in found.values():
            losses = np.array(kept["tuning"], dtype=float)  # None becomes nan: diverged
            assert race.best_setting(RATES, losses) == kept["lr"]


@pytest.mark.parametrize("contestant", CONTESTANTS)
def test_every_contestant_is_given_the_same_number_of_gradients(contestant):
    asked = 0

    def grad(w):
        nonlocal asked
        asked += 1
        return 0.3 * w

    bowl = race.Task(
        "", 40, lambda seed: np.array([1.0, 2.0]), lambda seed: iter([(lambda w: 0.15 * w @ w, grad)] * 99), sum, sum
    )
    run(bowl, contestant, 0.01, 0)
    assert asked == 40


def test_contestants_meet_the_same_starts_and_batches_and_seeds_differ():
    for make in TASKS.values():
        task = make()
        np.testing.assert_array_equal(task.start(3), task.start(3))
        (_, one), (_, again), (_, other) = (next(task.sights(seed)) for seed in (3, 3, 4))
        w = task.start(3)
        np.testing.assert_array_equal(one(w), again(w))
        assert not np.array_equal(task.start(3), task.start(4)) or not np.array_equal(one(w), other(w))


def test_a_run_is_the_rules_own_path():
    task, rule = TASKS["saddle"](steps=8), from_torch("SGD", lr=0.1, momentum=0.9)
    w = task.start(5)
    state, path = rule.init(w), [w]
    for _ in range(8):
        w, state = rule.step(w, race.two_wells.grad(w), state)
        path.append(w)
    np.testing.assert_array_equal(run(task, "momentum", 0.1, 5), path)
    np.testing.assert_array_equal(marks(8), range(9))
    assert len(marks(1000)) == MARKS + 1
    assert marks(1000)[-1] == 1000


def test_a_run_that_diverges_counts_as_infinite_and_can_win_nothing():
    found = compete(TASKS["valley"](steps=60), "SGD", rates=[1e-3, 1.0], tuning_seeds=[0], race_seeds=[100])
    assert found.lr == 1e-3
    assert found.tuning[1, 0] == np.inf
    assert np.isfinite(found.curves).all()
    assert race.summary(found)["tuning"][1] == [None]


def test_an_unknown_contestant_is_refused():
    with pytest.raises(ValueError, match="no contestant 'Adan'; known: SGD, momentum"):
        run(TASKS["saddle"](), "Adan", 0.1, 0)


def test_the_command_writes_what_recorded_reads(tmp_path, monkeypatch):
    monkeypatch.setattr(race, "report", lambda: {"saddle": {"SGD": race.summary(compete(TASKS["saddle"](), "SGD"))}})
    monkeypatch.setattr(race, "RECORD", tmp_path / "race.json")
    race.write_record(race.RECORD)
    again = race.recorded()
    assert again["outcomes"]["saddle"]["SGD"]["lr"] in RATES
    assert again["made"]["command"] == "python -m course_lib.race"


def test_a_band_says_where_runs_diverged_and_keeps_the_median_of_those_that_did_not():
    curves = np.array([[1.0, 2.0], [1.0, np.inf], [1.0, 3.0], [1.0, np.inf], [1.0, 2.5]])
    found = race.summary(race.Outcome(0.1, np.array([[1.0]]), curves))
    assert found["band"] == [[1.0, 2.5], [1.0, 3.0], [1.0, None]]
    assert found["ends"] == [2.0, None, 3.0, None, 2.5]
