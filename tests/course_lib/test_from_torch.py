"""``from_torch``: what it refuses, what surrounds every rule, and the loop over parameters and groups."""

import inspect
from fractions import Fraction

import numpy as np
import pytest
import torch
from oracle import assert_same_path, our_path

from course_lib.optimizers import from_torch

REFUSED = [
    (("Adm",), {}, ValueError, "no optimizer 'Adm'"),
    (("sgd",), {}, ValueError, r"did you mean 'SGD'\?.*known: Adadelta"),
    (("SGD",), {"lr": -1}, ValueError, "SGD: lr=-1 must be 0 or more"),
    (("SGD",), {"lr": float("nan")}, ValueError, "lr=nan must be a number"),
    (("SGD",), {"lr": "fast"}, TypeError, "lr='fast' must be a number"),
    (("SGD",), {"lr": True}, TypeError, "lr=True must be a number"),
    (("SGD",), {"lr": None}, TypeError, "lr=None must be a number"),
    (("SGD",), {"lr": np.array([0.1, 0.2])}, TypeError, "must be a number"),
    (("SGD",), {"momentum": -0.1}, ValueError, "momentum=-0.1 must be 0 or more"),
    (("SGD",), {"weight_decay": -0.1}, ValueError, "weight_decay=-0.1 must be 0 or more"),
    (("SGD",), {"nesterov": 1}, TypeError, "nesterov=1 must be True or False"),
    (("SGD",), {"nesterov": True}, ValueError, "nesterov=True needs momentum > 0 and dampening = 0"),
    (("SGD",), {"nesterov": True, "momentum": 0.9, "dampening": 0.1}, ValueError, "dampening = 0"),
    (("SGD",), {"momentun": 0.9}, TypeError, r"no argument 'momentun' \(did you mean 'momentum'\?\)"),
    (("Adam",), {"betas": (1, 0)}, ValueError, r"Adam: betas=\(1, 0\) must both be at least 0 and less than 1"),
    (("Adam",), {"betas": 0.9}, TypeError, "betas=0.9 must be 2 numbers"),
    (("Adam",), {"betas": (0.9, "x")}, TypeError, "must be a number"),
    (("Adam",), {"eps": -1e-8}, ValueError, "eps=-1e-08 must be 0 or more"),
    (("AdamW",), {"decoupled_weight_decay": True}, TypeError, "no argument 'decoupled_weight_decay'"),
    (("Adadelta",), {"rho": 1.5}, ValueError, "rho=1.5 must lie between 0 and 1"),
    (("Rprop",), {"etas": (1.2, 0.5)}, ValueError, "must be a factor between 0 and 1 and one above 1"),
    (("Rprop",), {"weight_decay": 0.1}, TypeError, "no argument 'weight_decay'"),
    (("Adafactor",), {"beta2_decay": 0.8}, ValueError, "must be 0 or less"),
    (("Adafactor",), {"d": 0.5}, ValueError, "d=0.5 must be 1 or more"),
    (("Adafactor",), {"eps": (1e-3,)}, TypeError, "must be two numbers"),
    (("Muon",), {"maximize": True}, TypeError, "no argument 'maximize'"),
    (("Muon",), {"ns_steps": 100}, ValueError, "ns_steps=100 must be from 0 to 99"),
    (("Muon",), {"ns_coefficients": (1.0, 2.0)}, TypeError, "must be 3 numbers"),
    (("Muon",), {"adjust_lr_fn": "mine"}, ValueError, "must be one of 'original', 'match_rms_adamw'"),
    (("SGD",), {"foreach": True}, TypeError, "no argument 'foreach'"),
]


@pytest.mark.parametrize(("args", "kwargs", "error", "says"), REFUSED)
def test_refusals(args, kwargs, error, says):
    with pytest.raises(error, match=says):
        from_torch(*args, **kwargs)


@pytest.mark.parametrize(
    "lr",
    [
        np.float32(0.25),
        np.float64(0.25),
        np.array(0.25),
        np.array([0.25]),
        torch.tensor(0.25),
        torch.tensor([0.25]),
        Fraction(1, 4),
    ],
)
def test_any_real_number_will_do(lr):
    assert from_torch("SGD", lr=lr).settings["lr"] == 0.25
    assert type(from_torch("SGD", lr=lr).settings["lr"]) is float


@pytest.mark.parametrize(
    ("w", "g", "error", "says"),
    [
        (np.ones(3), np.ones(2), ValueError, r"w has shape \(3,\) and its gradient \(2,\)"),
        (np.ones((2, 1)), np.ones((1, 2)), ValueError, "must be the same"),
        (np.array([1, 2]), np.array([1, 2]), TypeError, "w must hold floats.*int64"),
        (np.ones(2, bool), np.ones(2, bool), TypeError, "w must hold floats.*bool"),
        (np.ones(2), np.ones(2, np.float32), TypeError, "w is float64 and its gradient float32"),
        (np.ones(2), [1.0, 1.0], TypeError, "the gradient must be an array"),
        (2.0, 16.0, TypeError, "w must be a NumPy array or torch tensor"),
        ([1.0, 2.0], [1.0, 2.0], TypeError, "w must be a NumPy array or torch tensor"),
    ],
)
def test_arrays_that_no_step_can_be_taken_with(w, g, error, says):
    sgd = from_torch("SGD", lr=0.1)
    with pytest.raises(error, match=says):
        sgd.step(w, g, sgd.init(w))


@pytest.mark.parametrize(
    ("name", "w", "error", "says"),
    [
        ("Muon", np.ones(3), ValueError, r"Muon takes matrices only.* w has shape \(3,\)"),
        ("Muon", np.ones((2, 0)), ValueError, "no empty ones"),
        ("Adafactor", np.ones((0, 3)), ValueError, "takes no empty array"),
        ("LBFGS", np.ones(0), ValueError, "takes no empty array"),
        ("Adafactor", np.ones(3, complex), TypeError, "takes no complex weights"),
        ("Muon", np.ones((2, 2), complex), TypeError, "takes no complex weights"),
    ],
)
def test_weights_that_some_rules_do_not_take(name, w, error, says):
    with pytest.raises(error, match=says):
        from_torch(name).init(w)


def test_what_the_constructor_alone_settles():
    """Torch reads Adagrad's first sum from the constructor; a group's is ignored there, and so it is here."""
    adagrad = from_torch("Adagrad", lr=0.1, initial_accumulator_value=4.0)
    w = [{"params": [np.ones(1)], "initial_accumulator_value": 0.0}]
    state = adagrad.init(w)
    assert state[0][0].s.tolist() == [4.0]
    w, _ = adagrad.step(w, [[np.zeros(1)]], state)
    assert w[0]["params"][0].tolist() == [1.0]


def test_help_and_signature_show_the_settings():
    parameters = inspect.signature(from_torch("Adam", lr=0.5).step).parameters
    assert list(parameters)[:3] == ["w", "g", "state"]
    assert parameters["lr"].default == 0.5
    assert parameters["betas"].default == (0.9, 0.999)


def test_init_and_step_of_lists_groups_and_missing_gradients_are_torchs():
    rng = np.random.default_rng(0)
    a, b, c = rng.standard_normal(3), rng.standard_normal((2, 2)), rng.standard_normal(())
    parameters = [torch.nn.Parameter(torch.tensor(x)) for x in (a, b, c)]
    theirs = torch.optim.SGD(
        [{"params": parameters[:2], "lr": 0.01, "momentum": 0.5}, {"params": parameters[2:]}], lr=0.1, momentum=0.9
    )
    ours = from_torch("SGD", lr=0.1, momentum=0.9)
    w = [{"params": [a, b], "lr": 0.01, "momentum": 0.5}, {"params": [np.asarray(c)]}]
    state = ours.init(w)
    for t in range(20):
        g = [rng.standard_normal(3), rng.standard_normal((2, 2)) if t % 3 else None, np.asarray(rng.standard_normal())]
        for parameter, one in zip(parameters, g, strict=True):
            parameter.grad = None if one is None else torch.tensor(one)
        theirs.step()
        w, state = ours.step(w, [g[:2], g[2:]], state)
    flat = w[0]["params"] + w[1]["params"]
    for ours_now, parameter in zip(flat, parameters, strict=True):
        np.testing.assert_allclose(ours_now, parameter.detach().numpy(), rtol=1e-12)
    assert [s.t for s in state[0] + state[1]] == [20, 13, 20]


def test_lists_must_match():
    sgd = from_torch("SGD")
    w = [np.ones(2), np.ones(3)]
    with pytest.raises(ValueError, match="w holds 2 parameters and g 1"):
        sgd.step(w, [np.ones(2)], sgd.init(w))
    with pytest.raises(TypeError, match="g is a list too, not ndarray"):
        sgd.step(w, np.ones(2), sgd.init(w))


def test_a_changed_setting_is_checked_as_the_first():
    sgd = from_torch("SGD", momentum=0.9)
    w = np.ones(2)
    with pytest.raises(ValueError, match="lr=-1 must be 0 or more"):
        sgd.step(w, w, sgd.init(w), lr=-1)
    with pytest.raises(TypeError, match="no argument 'rate'"):
        sgd.step({"params": [w], "rate": 1.0}, [w], sgd.init([w]))


def test_zero_dimensional_results_stay_arrays_of_their_dtype():
    sgd = from_torch("SGD", momentum=0.9, weight_decay=0.1)
    w, state = np.array(2.0, np.float32), None
    state = sgd.init(w)
    w, state = sgd.step(w, np.array(1.0, np.float32), state)
    assert isinstance(w, np.ndarray)
    assert (w.shape, w.dtype) == ((), np.float32)


def test_huge_gradients_overflow_in_silence():
    w = np.ones(2, np.float32)
    path = our_path("SGD", w, np.full((3, 2), 1e38, np.float32), lr=100.0, momentum=0.9)
    assert np.isinf(path[-1]).all()


def test_complex_weights_are_pairs_of_reals():
    rng = np.random.default_rng(0)
    z = rng.standard_normal((101, 3)) + 1j * rng.standard_normal((101, 3))
    pairs = np.stack([z.real, z.imag], axis=-1)
    ours = our_path("SGD", z[0], z[1:], momentum=0.9, maximize=True, weight_decay=0.1)
    as_reals = our_path("SGD", pairs[0], pairs[1:], momentum=0.9, maximize=True, weight_decay=0.1)
    assert_same_path(ours, as_reals[..., 0] + 1j * as_reals[..., 1])
