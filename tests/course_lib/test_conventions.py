"""Converted settings take the same steps: every pair of dialects of every rule, walked side by side."""

from itertools import islice, permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.conventions import DIALECTS, convert
from course_lib.conventions.dialect import at
from course_lib.objectives import quadratic

STEPS = 30
BOWL = quadratic(10.0)
PAIRS = [(rule, *pair) for rule, dialects in DIALECTS.items() for pair in permutations(dialects, 2)]


def falling(lr: float) -> Any:
    return lambda t: lr / (1 + 0.1 * t)


# Settings of a dialect that every other dialect of its rule can take, drawn away from the defaults.
share = st.floats(0.05, 0.95)
rate = st.floats(1e-3, 0.05)
schedule = rate | rate.map(falling)
SOURCES = {
    ("SGD", "torch"): {"lr": schedule, "momentum": share},
    ("SGD", "averaged"): {"lr": schedule, "beta": share, "bias_correction": st.booleans()},
    ("SGD", "keras"): {"learning_rate": rate, "momentum": share},
    ("SGD", "optax"): {"learning_rate": schedule, "momentum": share},
    ("Adagrad", "torch"): {"lr": schedule, "lr_decay": st.floats(0, 0.5), "eps": st.just(0.0)},
    ("Adagrad", "paper"): {"eta": schedule, "delta": st.just(0.0)},
    ("Adagrad", "keras"): {"learning_rate": schedule, "initial_accumulator_value": st.just(0.0), "epsilon": st.just(0)},
    ("Adagrad", "optax"): {"learning_rate": schedule, "initial_accumulator_value": st.just(0.0), "eps": st.just(0)},
    ("RMSprop", "torch"): {"lr": schedule, "alpha": share, "eps": st.just(0.0), "momentum": share},
    ("RMSprop", "keras"): {"learning_rate": schedule, "rho": share, "epsilon": st.just(0.0), "momentum": share},
    ("RMSprop", "optax"): {"learning_rate": schedule, "decay": share, "eps": st.just(0.0), "momentum": share},
    ("Adam", "torch"): {"lr": schedule, "betas": st.tuples(share, share), "eps": rate},
    ("Adam", "paper"): {"alpha": schedule, "beta_1": share, "beta_2": share, "epsilon": rate},
    ("Adam", "keras"): {"learning_rate": schedule, "beta_1": share, "beta_2": share, "epsilon": rate},
    ("Adam", "optax"): {"learning_rate": schedule, "b1": share, "b2": share, "eps": rate},
    ("AdamW", "torch"): {"lr": schedule, "betas": st.tuples(share, share), "eps": rate, "weight_decay": rate},
    ("AdamW", "paper"): {"alpha": schedule, "beta_1": share, "beta_2": share, "epsilon": rate, "lam": rate},
    ("AdamW", "keras"): {"learning_rate": schedule, "beta_1": share, "beta_2": share, "weight_decay": rate},
    ("AdamW", "optax"): {"learning_rate": schedule, "b1": share, "b2": share, "eps": rate, "weight_decay": rate},
}


def walked(rule: str, dialect: str, settings: Any, steps: int = STEPS) -> np.ndarray:
    walk = DIALECTS[rule][dialect].walk(np.array(BOWL.start), BOWL.grad, **settings)
    return np.stack(list(islice(walk, steps)))


def test_every_dialect_is_drawn_from() -> None:
    assert set(SOURCES) == {(rule, name) for rule, dialects in DIALECTS.items() for name in dialects}


@pytest.mark.parametrize(("rule", "source", "target"), PAIRS)
@given(data=st.data())
def test_converted_settings_take_the_same_steps(rule: str, source: str, target: str, data: Any) -> None:
    settings = data.draw(st.fixed_dictionaries(SOURCES[rule, source]))
    if target == "averaged" and source == "keras":
        settings["learning_rate"] = at(settings["learning_rate"], 1)
    converted = convert(rule, settings, source=source, target=target)
    assert set(converted) == set(DIALECTS[rule][target].complete(converted))
    here = DIALECTS[rule][source].complete(settings)
    np.testing.assert_allclose(walked(rule, target, converted), walked(rule, source, here), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("flags", [{"nesterov": True}, {"nesterov": False}])
@pytest.mark.parametrize("target", ["keras", "optax"])
def test_a_look_ahead_is_the_same_at_a_constant_rate(target: str, flags: dict[str, bool]) -> None:
    settings = {"lr": 0.02, "momentum": 0.8, **flags}
    converted = convert("SGD", settings, source="torch", target=target)
    ours = DIALECTS["SGD"]["torch"].complete(settings)
    np.testing.assert_allclose(walked("SGD", target, converted), walked("SGD", "torch", ours), rtol=1e-12)
    assert convert("SGD", converted, source=target, target="torch") == ours


@pytest.mark.parametrize("flags", [{"amsgrad": True}, {"eps": 0.0}])
def test_keras_adam_takes_torchs_flags(flags: dict[str, Any]) -> None:
    settings = {"lr": 0.3, "betas": (0.5, 0.6), **flags}
    converted = convert("Adam", settings, source="torch", target="keras")
    ours = DIALECTS["Adam"]["torch"].complete(settings)
    np.testing.assert_allclose(walked("Adam", "keras", converted), walked("Adam", "torch", ours), rtol=1e-9)


@pytest.mark.parametrize("target", ["keras", "optax"])
def test_what_stands_inside_adagrads_root_moves_into_the_sum(target: str) -> None:
    back = convert("Adagrad", {"learning_rate": 0.1}, source=target, target="torch")
    assert back["initial_accumulator_value"] == pytest.approx(0.1 + 1e-7)
    assert back["eps"] == 0
    theirs = DIALECTS["Adagrad"][target].complete({"learning_rate": 0.1})
    np.testing.assert_allclose(walked("Adagrad", "torch", back), walked("Adagrad", target, theirs), rtol=1e-12)


@pytest.mark.parametrize("centered", [False, True])
def test_optax_can_move_epsilon_out_of_rmsprops_root(centered: bool) -> None:
    settings = {"lr": 0.01, "eps": 0.03, "centered": centered, "momentum": 0.5}
    converted = convert("RMSprop", settings, source="torch", target="optax")
    ours = DIALECTS["RMSprop"]["torch"].complete(settings)
    np.testing.assert_allclose(walked("RMSprop", "optax", converted), walked("RMSprop", "torch", ours), rtol=1e-9)
    assert convert("RMSprop", converted, source="optax", target="torch") == ours


@pytest.mark.parametrize(
    ("rule", "settings", "source", "target", "why"),
    [
        ("SGD", {"dampening": 0.5, "momentum": 0.9}, "torch", "averaged", "dampening=0.5 cannot be converted"),
        ("SGD", {"nesterov": True, "momentum": 0.9}, "torch", "averaged", "nesterov=True cannot be converted"),
        ("SGD", {"lr": falling(0.1), "nesterov": True, "momentum": 0.9}, "torch", "keras", "look ahead"),
        ("RMSprop", {}, "torch", "keras", "eps=1e-08 cannot be converted: it stands inside the root"),
        ("RMSprop", {"learning_rate": 0.1}, "optax", "torch", "eps_in_sqrt=False moves it out"),
        ("Adagrad", {}, "torch", "optax", "eps=1e-10 cannot be converted"),
        ("Adagrad", {"initial_accumulator_value": 1.0}, "torch", "paper", "the paper's sum starts at 0"),
        ("Adam", {"amsgrad": True}, "torch", "optax", "another rule"),
        ("Adam", {"learning_rate": 0.1, "eps_root": 1e-8}, "optax", "torch", "nothing inside the root"),
        ("Adamax", {}, "torch", "keras", "no rule 'Adamax' here; there are: SGD"),
        ("SGD", {}, "torch", "jax", "SGD has no dialect 'jax'; it has: torch, averaged"),
    ],
)
def test_what_has_no_counterpart_is_refused(
    rule: str, settings: dict[str, Any], source: str, target: str, why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        convert(rule, settings, source=source, target=target)


@pytest.mark.parametrize(
    ("settings", "source", "why"),
    [
        ({"lr": 1}, "optax", "unknown here: lr; the settings are: learning_rate"),
        ({}, "optax", "no default here: learn"),
    ],
)
def test_a_setting_of_another_dialect_is_named(settings: dict[str, Any], source: str, why: str) -> None:
    with pytest.raises(TypeError, match=why):
        convert("Adam", settings, source=source, target="torch")


@pytest.mark.parametrize("rule", ["sgd", "adagrad", "rmsprop", "adam", "adamw"])
def test_the_written_out_rules_are_optax(rule: str) -> None:
    optax = pytest.importorskip("optax", reason="optax is not installed: its rules stand written out only")
    name = {"sgd": "SGD", "adagrad": "Adagrad", "rmsprop": "RMSprop", "adam": "Adam", "adamw": "AdamW"}[rule]
    dialect = DIALECTS[name]["optax"]
    settings = dialect.complete({"learning_rate": 0.05})
    theirs, w = getattr(optax, rule)(**settings), np.array(BOWL.start)
    state, path = theirs.init(w), []
    for _ in range(STEPS):
        update, state = theirs.update(BOWL.grad(w), state, w)
        w = np.asarray(w + update)
        path.append(w)
    np.testing.assert_allclose(walked(name, "optax", settings), path, rtol=1e-4)


@pytest.mark.parametrize("rule", ["SGD", "Adagrad", "RMSprop", "Adam", "AdamW"])
def test_the_written_out_rules_are_keras(rule: str) -> None:
    keras = pytest.importorskip("keras", reason="Keras is not installed: its rules stand written out only")
    dialect = DIALECTS[rule]["keras"]
    settings = dialect.complete({"learning_rate": 0.05, **({"momentum": 0.8} if rule in ("SGD", "RMSprop") else {})})
    theirs, w = getattr(keras.optimizers, rule)(**settings), keras.Variable(np.array(BOWL.start, dtype="float32"))
    path = []
    for _ in range(STEPS):
        theirs.apply([keras.ops.convert_to_tensor(BOWL.grad(np.array(w.value)))], [w])
        path.append(np.array(w.value))
    np.testing.assert_allclose(walked(rule, "keras", settings), path, rtol=1e-3, atol=1e-5)
