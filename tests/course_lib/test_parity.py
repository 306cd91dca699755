"""Every class of ``torch.optim`` against its original, with every combination of arguments in torch's own tests."""

import itertools

import numpy as np
import pytest
import torch
from draws import SCALES, problems
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import assert_same_path, our_path, torch_path
from torch_database import torch_database

from course_lib.objectives import rosenbrock
from course_lib.optimizers import from_torch

# LBFGS takes a closure (test_lbfgs) and SparseAdam sparse gradients (test_sparse): these two have files of their own.
DENSE = sorted(set(torch_database()) - {"LBFGS", "SparseAdam"})
ON = pytest.mark.parametrize("name", DENSE)

# Where a rule does not take every shape, or every size of gradient, and why.
SHAPES = {
    "Muon": [(3, 4), (4, 3), (1, 1)],  # matrices only
    "Adafactor": [(), (1,), (7,), (3, 4), (2, 3, 2)],  # torch divides by the number of weights
}
UP_TO_1E15 = [0.0, 1e-30, 1e-8, 1.0, 1e15]
SIZES = {
    # The squares of larger float32 overflow, or do not where torch's norms and fused products keep them apart.
    "Adafactor": UP_TO_1E15,
    "Muon": UP_TO_1E15,
    "centered": UP_TO_1E15,
}


@pytest.fixture(autouse=True)
def _torch_at_its_most_exact(monkeypatch):
    """Torch keeps step counts, ASGD's eta and NAdam's products in the default dtype, and Muon in bfloat16."""
    torch.set_default_dtype(torch.float64)
    monkeypatch.setattr(torch.Tensor, "bfloat16", torch.Tensor.clone)
    yield
    torch.set_default_dtype(torch.float32)


def test_nothing_of_torch_optim_is_missing():
    classes = {n for n, c in vars(torch.optim).items() if isinstance(c, type) and issubclass(c, torch.optim.Optimizer)}
    for name in classes - {"Optimizer"}:
        assert from_torch(name).name == name
    assert classes - {"Optimizer"} == set(torch_database())


@ON
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex128])
def test_every_combination_of_torchs_database(name, dtype):
    entry = torch_database()[name]
    if dtype is np.complex128 and not entry.supports_complex:
        with pytest.raises(TypeError, match="no complex weights"):
            from_torch(name).init(np.ones((2, 2), dtype))
        return
    rng = np.random.default_rng(0)
    for kwargs, shape in itertools.product(entry.accepted, SHAPES.get(name, [(), (7,), (3, 4), (2, 3, 2)])):
        w, g = (draw(rng, dtype, (*steps, *shape)) for steps in ((), (100,)))
        theirs = torch_path(name, w, g, **kwargs)
        assert_same_path(our_path(name, w, g, **kwargs), theirs)
        if shape == (3, 4):
            ours_on_torch = our_path(name, w, g, convert=torch.tensor, **kwargs)
            assert_same_path(ours_on_torch, theirs)


def draw(rng, dtype, shape):
    real = rng.standard_normal(shape)
    return np.asarray(real + 1j * rng.standard_normal(shape) if dtype is np.complex128 else real).astype(dtype)


@ON
def test_what_torchs_database_refuses(name):
    for kwargs in torch_database()[name].refused:
        if any(torch.is_tensor(beta) for beta in kwargs.get("betas", ())):
            continue  # torch minds tensors beside floats there, for its kernels; their values are right
        with pytest.raises((ValueError, TypeError), match=f"^{name}: .+ must"):
            from_torch(name, **kwargs)


BETAS = st.sampled_from([(0.9, 0.999), (0.0, 0.0), (0.5, 0.7), (0.95, 0.3)])
EPS = st.sampled_from([1e-8, 1e-3, 0.1])
SWITCH = st.booleans()
DECAY = st.sampled_from([0.0, 0.1])
L2 = {"weight_decay": DECAY, "maximize": SWITCH}
# L2 decay closes the loop. Where steps are normalized it feeds rounding back and magnifies it ten thousandfold in a
# hundred steps, so these rules are drawn with decoupled decay alone; torch's database above has them with L2.
NORMALIZED = {"maximize": SWITCH}
DECOUPLED = {"weight_decay": DECAY, "maximize": SWITCH, "decoupled_weight_decay": st.just(True)}
ARGUMENTS = {
    "Adadelta": {"rho": st.sampled_from([0.0, 0.5, 0.95]), "eps": EPS, **NORMALIZED},
    "Adafactor": {
        "beta2_decay": st.sampled_from([-0.8, -0.3, 0.0]),
        "eps": st.sampled_from([(None, 1e-3), (1e-3, 0.5)]),
        "d": st.sampled_from([1.0, 2.0]),
        **L2,
    },
    "Adagrad": {
        "lr_decay": st.sampled_from([0.0, 0.1]),
        "initial_accumulator_value": st.sampled_from([0.0, 0.1]),
        "eps": EPS,
        **NORMALIZED,
    },
    "Adam": {"betas": BETAS, "eps": EPS, "amsgrad": SWITCH, **DECOUPLED},
    "AdamW": {"betas": BETAS, "eps": EPS, "amsgrad": SWITCH, **L2},
    "Adamax": {"betas": BETAS, "eps": EPS, **NORMALIZED},
    "ASGD": {
        "lambd": st.sampled_from([0.0, 1e-4, 0.3]),
        "alpha": st.sampled_from([0.75, 1.0, 0.0]),
        "t0": st.sampled_from([0.0, 10.0, 1e6]),
        **L2,
    },
    "Muon": {
        "momentum": st.sampled_from([0.0, 0.5, 0.95]),
        "nesterov": SWITCH,
        "ns_steps": st.sampled_from([0, 1, 5]),
        "eps": EPS,
        "adjust_lr_fn": st.sampled_from([None, "original", "match_rms_adamw"]),
        "weight_decay": st.sampled_from([0.0, 0.1]),
    },
    "NAdam": {"betas": BETAS, "eps": EPS, "momentum_decay": st.sampled_from([0.0, 4e-3, 1.0]), **DECOUPLED},
    "RAdam": {"betas": BETAS, "eps": EPS, **DECOUPLED},
    "RMSprop": {
        "alpha": st.sampled_from([0.5, 0.99]),
        "eps": EPS,
        "momentum": st.sampled_from([0.0, 0.9]),
        "centered": SWITCH,
        **NORMALIZED,
    },
    "Rprop": {
        "etas": st.sampled_from([(0.5, 1.2), (0.3, 2.0)]),
        "step_sizes": st.sampled_from([(1e-6, 50.0), (0.01, 0.1)]),
        "maximize": SWITCH,
    },
    "SGD": {"momentum": st.sampled_from([0.0, 0.9]), "dampening": st.sampled_from([0.0, 0.5]), **L2},
}


@ON
@settings(max_examples=50)
@given(st.data())
def test_any_arguments_any_gradients(name, data):
    arguments = {key: data.draw(values) for key, values in ARGUMENTS[name].items()}
    arguments["lr"] = data.draw(st.sampled_from([0.0, 1e-3, 0.1, 2.0]))
    sizes = SIZES.get("centered" if arguments.get("centered") else name, SCALES)
    w, g = data.draw(problems(SHAPES.get(name, [(), (0,), (1,), (7,), (3, 4)]), sizes))
    ours, theirs = our_path(name, w, g, **arguments), torch_path(name, w, g, **arguments)
    assert_same_path(ours, theirs)


@pytest.mark.parametrize("shape", [(8, 5), (5, 8)])
def test_muon_is_torchs_up_to_its_three_digits(shape, monkeypatch):
    """The original, with its bfloat16 left in."""
    monkeypatch.undo()
    rng = np.random.default_rng(0)
    w, gradients = rng.standard_normal(shape), rng.standard_normal((5, *shape))
    kwargs = {"lr": 1.0, "weight_decay": 0.0}
    ours, theirs = our_path("Muon", w, gradients, **kwargs), torch_path("Muon", w, gradients, **kwargs)
    moves = np.abs(np.diff(theirs, axis=0)).max()
    assert 1e-4 < np.abs(np.diff(ours - theirs, axis=0)).max() / moves < 0.05


# Our field of the state -> torch's key, with the arguments that make torch keep it.
STATES = {
    "Adadelta": ({"v": "square_avg", "u": "acc_delta"}, {}),
    "Adafactor": ({"row": "row_var", "col": "col_var"}, {}),
    "Adagrad": ({"s": "sum"}, {"initial_accumulator_value": 0.5}),
    "Adam": ({"m": "exp_avg", "v": "exp_avg_sq", "v_max": "max_exp_avg_sq"}, {"amsgrad": True}),
    "AdamW": ({"m": "exp_avg", "v": "exp_avg_sq", "v_max": "max_exp_avg_sq"}, {"amsgrad": True}),
    "Adamax": ({"m": "exp_avg", "u": "exp_inf"}, {}),
    "ASGD": ({"ax": "ax", "eta": "eta", "mu": "mu"}, {"t0": 10, "lambd": 0.1}),
    "Muon": ({"b": "momentum_buffer"}, {}),
    "NAdam": ({"m": "exp_avg", "v": "exp_avg_sq", "mu_product": "mu_product"}, {}),
    "RAdam": ({"m": "exp_avg", "v": "exp_avg_sq"}, {}),
    "RMSprop": (
        {"v": "square_avg", "m": "grad_avg", "b": "momentum_buffer"},
        {"centered": True, "momentum": 0.9},
    ),
    "Rprop": ({"prev": "prev", "step_size": "step_size"}, {}),
    "SGD": ({"b": "momentum_buffer"}, {"momentum": 0.9, "dampening": 0.3}),
}


@ON
def test_the_state_is_torchs_too(name):
    fields, kwargs = STATES[name]
    rng = np.random.default_rng(0)
    w = rng.standard_normal((3, 4))
    parameter = torch.nn.Parameter(torch.tensor(w))
    theirs, ours = getattr(torch.optim, name)([parameter], lr=0.1, **kwargs), from_torch(name, lr=0.1, **kwargs)
    state = ours.init(w)
    for t in range(1, 31):
        g = rng.standard_normal((3, 4))
        parameter.grad = torch.tensor(g)
        theirs.step()
        w, state = ours.step(w, g, state)
        assert state.t == t
        for field, key in fields.items():
            expected = np.asarray(theirs.state[parameter][key])
            np.testing.assert_allclose(getattr(state, field), expected, rtol=1e-11, atol=1e-14, err_msg=field)


@ON
def test_closed_loop_on_rosenbrock(name):
    """Three hundred steps in which every rounding comes back through the gradient."""
    kwargs = {"lr": {"SGD": 1e-3, "ASGD": 1e-3, "RAdam": 1e-3, "Adadelta": 0.1}.get(name, 0.01)}
    start = np.array([rosenbrock.start]) if name == "Muon" else np.array(rosenbrock.start)
    parameter = torch.nn.Parameter(torch.tensor(start))
    theirs, ours = getattr(torch.optim, name)([parameter], **kwargs), from_torch(name, **kwargs)
    w, state = start, ours.init(start)
    for _ in range(300):
        parameter.grad = rosenbrock.grad(parameter.detach().reshape(2)).reshape(parameter.shape)
        theirs.step()
        w, state = ours.step(w, rosenbrock.grad(w.reshape(2)).reshape(w.shape), state)
    np.testing.assert_allclose(w, parameter.detach().numpy(), rtol=1e-8)
    assert rosenbrock.f(w.reshape(2)) < rosenbrock.f(start.reshape(2))


@ON
def test_changing_lr_and_gradients_that_come_and_go(name):
    rng = np.random.default_rng(0)
    shapes = [(3, 4), (4, 3)]
    w = [rng.standard_normal(shape) for shape in shapes]
    parameters = [torch.nn.Parameter(torch.tensor(x)) for x in w]
    theirs, ours = getattr(torch.optim, name)(parameters, lr=0.1), from_torch(name, lr=0.1)
    state = ours.init(w)
    for t in range(40):
        lr = 0.1 / (1 + t % 7)
        g = [rng.standard_normal(shape) if (t + k) % 3 else None for k, shape in enumerate(shapes)]
        for parameter, one in zip(parameters, g, strict=True):
            parameter.grad = None if one is None else torch.tensor(one)
        theirs.param_groups[0]["lr"] = lr
        theirs.step()
        w, state = ours.step(w, g, state, lr=lr)
    for ours_now, parameter in zip(w, parameters, strict=True):
        np.testing.assert_allclose(ours_now, parameter.detach().numpy(), rtol=1e-10)


@ON
@pytest.mark.parametrize("convert", [np.asarray, torch.tensor], ids=["numpy", "torch"])
def test_arrays_of_any_layout(name, convert):
    rng = np.random.default_rng(0)
    w, gradients = rng.standard_normal((4, 6)), rng.standard_normal((10, 4, 6))
    views = [x[::2, ::3].T for x in (w, *gradients)]
    ours = our_path(name, views[0], views[1:], convert=lambda x: convert(x.T.copy()).T, lr=0.1)
    plain = our_path(name, np.ascontiguousarray(views[0]), [np.ascontiguousarray(x) for x in views[1:]], lr=0.1)
    np.testing.assert_allclose(ours, plain, rtol=1e-12)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device, and this machine has none")
@ON
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_same_source_on_cuda(name, dtype):
    rng = np.random.default_rng(0)
    w, gradients = rng.standard_normal((3, 4)).astype(dtype), rng.standard_normal((100, 3, 4)).astype(dtype)
    optimizer = from_torch(name)
    at = torch.tensor(w, device="cuda")
    state = optimizer.init(at)
    for g in gradients:
        at, state = optimizer.step(at, torch.tensor(g, device="cuda"), state)
    assert at.is_cuda
    expected = our_path(name, w, gradients)[-1]
    np.testing.assert_allclose(at.cpu().numpy(), expected, rtol=1e-10 if dtype == np.float64 else 1e-4, atol=1e-6)
