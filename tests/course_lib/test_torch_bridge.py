"""``as_torch_optimizer`` makes real ``torch.optim`` classes: groups, state_dict, schedulers, closures, any rule."""

import copy
import io
from typing import Any

import numpy as np
import pytest
import torch

from course_lib.descent import minimize
from course_lib.objectives import quadratic
from course_lib.optimizers import (
    adam_init,
    adam_step,
    adamw_init,
    adamw_step,
    asgd_init,
    asgd_step,
    from_torch,
    lbfgs_init,
    lbfgs_step,
    sgd_init,
    sgd_step,
    sparse_adam_init,
    sparse_adam_step,
)
from course_lib.torch_bridge import as_torch_optimizer, report_difference, torch_path

Adam = as_torch_optimizer(adam_init, adam_step)
SGD = as_torch_optimizer(sgd_init, sgd_step)


def network(seed=0, dtype=torch.float64):
    torch.manual_seed(seed)
    return torch.nn.Sequential(torch.nn.Linear(4, 5), torch.nn.Tanh(), torch.nn.Linear(5, 1)).to(dtype)


def train(model, optimizer, *, steps=30, scheduler=None, device="cpu"):
    torch.manual_seed(1)
    x = torch.randn(20, 4, dtype=torch.float64).to(device, next(model.parameters()).dtype)
    y = x.sum(1, keepdim=True).sin()

    def closure():
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(model(x), y)
        loss.backward()
        return loss

    losses = []
    for _ in range(steps):
        losses.append(optimizer.step(closure).item())
        if scheduler is not None:
            scheduler.step()
    return losses


def assert_same_weights(ours, theirs, rtol=1e-10):
    for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(p, q, rtol=rtol, atol=1e-12)


@pytest.mark.parametrize(
    ("ours", "theirs", "kwargs"),
    [
        (Adam, torch.optim.Adam, {"lr": 0.01, "amsgrad": True, "weight_decay": 0.1}),
        (SGD, torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "nesterov": True, "maximize": True}),
        (as_torch_optimizer(adamw_init, adamw_step), torch.optim.AdamW, {"weight_decay": 0.5, "maximize": True}),
        (
            as_torch_optimizer(lbfgs_init, lbfgs_step),
            torch.optim.LBFGS,
            {"line_search_fn": "strong_wolfe", "max_iter": 3},
        ),
    ],
)
def test_it_trains_a_network_as_torchs_does(ours, theirs, kwargs):
    our_model, their_model = network(), network()
    our_losses = train(our_model, ours(our_model.parameters(), **kwargs), steps=10)
    their_losses = train(their_model, theirs(their_model.parameters(), **kwargs), steps=10)
    np.testing.assert_allclose(our_losses, their_losses, rtol=1e-8)
    assert_same_weights(our_model, their_model, rtol=1e-6)


@pytest.mark.parametrize("name", ["Adam", "NAdam", "Rprop", "LBFGS"])
def test_what_from_torch_gives_fits_too(name):
    reference = from_torch(name, lr=0.01)
    bridged = as_torch_optimizer(reference.init, reference.step)
    ours, theirs = network(), network()
    ours_optimizer = bridged(ours.parameters())
    assert ours_optimizer.param_groups[0]["lr"] == 0.01
    train(ours, ours_optimizer, steps=5)
    train(theirs, getattr(torch.optim, name)(theirs.parameters(), lr=0.01), steps=5)
    assert_same_weights(ours, theirs, rtol=1e-6)


def test_groups_have_their_own_settings():
    ours, theirs = network(), network()
    for model, optimizer in ((ours, Adam), (theirs, torch.optim.Adam)):
        first, last = model[0].parameters(), model[2].parameters()
        train(model, optimizer([{"params": first, "lr": 0.1, "betas": (0.5, 0.9)}, {"params": last}], lr=0.001))
    assert_same_weights(ours, theirs)


@pytest.mark.parametrize(
    ("bridged", "original", "kwargs"),
    [
        (Adam, torch.optim.Adam, {"lr": 0.01}),
        (as_torch_optimizer(lbfgs_init, lbfgs_step), torch.optim.LBFGS, {"max_iter": 3, "lr": 0.1}),
    ],
)
def test_state_dict_round_trip_goes_on_as_if_nothing_happened(bridged, original, kwargs):
    through, straight = network(), network()
    optimizer = bridged(through.parameters(), **kwargs)
    train(through, optimizer, steps=7)
    file = io.BytesIO()
    torch.save(optimizer.state_dict(), file)
    file.seek(0)
    resumed = bridged(through.parameters(), lr=123.0)
    resumed.load_state_dict(torch.load(file, weights_only=True))
    train(through, resumed, steps=7)
    train(straight, original(straight.parameters(), **kwargs), steps=14)
    assert_same_weights(through, straight, rtol=1e-6)
    assert resumed.param_groups[0]["lr"] == kwargs["lr"]


def test_averaged_weights_can_be_reached():
    model = network()
    optimizer = as_torch_optimizer(asgd_init, asgd_step)(model.parameters(), lr=0.1, t0=0)
    train(model, optimizer, steps=5)
    for p in model.parameters():
        assert optimizer.state[p]["ax"].shape == p.shape
        assert not torch.equal(optimizer.state[p]["ax"], p)


@pytest.mark.parametrize(
    "schedule",
    [
        lambda o: torch.optim.lr_scheduler.StepLR(o, step_size=5, gamma=0.3),
        lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, T_max=30),
        lambda o: torch.optim.lr_scheduler.OneCycleLR(o, max_lr=0.1, total_steps=31),
    ],
)
def test_torchs_schedulers(schedule):
    ours, theirs = network(), network()
    for model, cls in ((ours, SGD), (theirs, torch.optim.SGD)):
        optimizer = cls(model.parameters(), lr=0.05, momentum=0.9)
        train(model, optimizer, scheduler=schedule(optimizer))
    assert_same_weights(ours, theirs)


def test_a_learners_own_step_with_a_state_of_any_kind():
    def my_init(w):
        return {"v": 0 * w, "steps": [0]}

    def my_step(w, g, state, lr=0.1, mu=0.5):
        v = mu * state["v"] + g
        return w - lr * v, {"v": v, "steps": [state["steps"][0] + 1]}

    ours, theirs = network(), network()
    optimizer = as_torch_optimizer(my_init, my_step)(ours.parameters(), lr=0.05)
    train(ours, optimizer, steps=5)
    again = copy.deepcopy(optimizer.state_dict())
    optimizer.load_state_dict(again)
    train(ours, optimizer, steps=5)
    train(theirs, torch.optim.SGD(theirs.parameters(), lr=0.05, momentum=0.5), steps=10)
    assert_same_weights(ours, theirs)
    assert optimizer.state[ours[0].weight]["state"]["steps"] == [10]


def test_without_a_gradient_nothing_moves_and_nothing_is_counted():
    a, b = torch.nn.Parameter(torch.ones(2)), torch.nn.Parameter(torch.ones(2))
    optimizer = Adam([a, b])
    a.grad = torch.ones(2)
    optimizer.step()
    assert optimizer.state[a]["t"] == 1
    assert b not in optimizer.state
    assert torch.equal(b, torch.ones(2))


@pytest.mark.filterwarnings("ignore:Sparse invariant checks:UserWarning")
def test_sparse_gradients_of_an_embedding():
    models = [torch.nn.Embedding(6, 3, sparse=True, dtype=torch.float64) for _ in range(2)]
    models[1].load_state_dict(models[0].state_dict())
    ours = as_torch_optimizer(sparse_adam_init, sparse_adam_step)(models[0].parameters(), lr=0.1)
    theirs = torch.optim.SparseAdam(models[1].parameters(), lr=0.1)
    for rows in ([0, 2, 2], [5], [2, 3]):
        for model, optimizer in zip(models, (ours, theirs), strict=True):
            optimizer.zero_grad()
            model(torch.tensor(rows)).square().sum().backward()
            optimizer.step()
    assert_same_weights(*models)


def test_complex_parameters():
    z = torch.randn(3, dtype=torch.complex128)
    parameters = [torch.nn.Parameter(z.clone()) for _ in range(2)]
    for p, cls in zip(parameters, (Adam, torch.optim.Adam), strict=True):
        optimizer = cls([p], lr=0.1)
        for _ in range(10):
            optimizer.zero_grad()
            (p - 1j).abs().square().sum().backward()
            optimizer.step()
    torch.testing.assert_close(*parameters, rtol=1e-12, atol=1e-12)


def test_refusals():
    parameter = torch.nn.Parameter(torch.ones(2))
    with pytest.raises(TypeError, match="adam_step takes no momentum; it takes: lr, betas, eps, amsgrad"):
        Adam([parameter], momentum=0.9)
    with pytest.raises(ValueError, match="lbfgs_step looks at all parameters together and takes no groups"):
        as_torch_optimizer(lbfgs_init, lbfgs_step)(
            [{"params": [parameter]}, {"params": [torch.nn.Parameter(torch.ones(1))]}]
        )

    def needy_step(w, g, state, *, lr):
        return w - lr * g, state

    with pytest.raises(TypeError, match="needy_step has no default for lr; give one"):
        as_torch_optimizer(sgd_init, needy_step)([parameter])


def test_a_step_that_forgets_its_state_is_told_so():
    parameter = torch.nn.Parameter(torch.ones(2))
    parameter.grad = torch.ones(2)
    with pytest.raises(TypeError, match=r"forgetful_step must return the pair \(w, state\); it returned Tensor"):
        as_torch_optimizer(sgd_init, forgetful_step)([parameter]).step()
    assert torch.equal(parameter, torch.ones(2))


def forgetful_step(w, g, state):
    return w - g


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device, and this machine has none")
@pytest.mark.parametrize("name", ["SGD", "Adam", "RMSprop", "Adagrad", "RAdam"])
def test_on_cuda(name):
    reference = from_torch(name, lr=0.01)
    here, there = network(), network().to("cuda")
    for model in (here, there):
        optimizer = as_torch_optimizer(reference.init, reference.step)(model.parameters())
        train(model, optimizer, device=next(model.parameters()).device)
    for p in there.parameters():
        assert all(value.is_cuda for value in optimizer.state[p].values() if isinstance(value, torch.Tensor))
    assert_same_weights(here, there.cpu(), rtol=1e-8)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("SGD", {"lr": 0.01, "momentum": 0.9}),
        ("NAdam", {"lr": 0.1}),
        ("ASGD", {"lr": 0.01}),
        ("LBFGS", {"max_iter": 1}),
    ],
)
def test_torchs_path_stands_beside_ours(
    name: str, settings: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    rule, bowl = from_torch(name, **settings), quadratic(10)
    ours = minimize(bowl, rule.init, rule.step, steps=20).w
    before = torch.get_default_dtype()
    theirs = torch_path(bowl, getattr(torch.optim, name), steps=20, **settings)
    assert torch.get_default_dtype() is before
    assert theirs.shape == (21, 2)
    np.testing.assert_allclose(theirs, ours, rtol=0, atol=1e-12)
    report_difference("ours", ours, theirs)
    largest, label = capsys.readouterr().out.split(" from torch: ")
    assert float(largest) == pytest.approx(np.abs(ours - theirs).max(), rel=0.1)
    assert label == "ours\n"


def test_torchs_path_begins_where_it_is_told() -> None:
    path = torch_path(quadratic(10), torch.optim.SGD, steps=1, w=[1.0, 1.0], lr=0.1)
    np.testing.assert_allclose(path, [[1, 1], [0.9, 0]], atol=1e-15)


def test_paths_of_different_lengths_are_not_compared() -> None:
    with pytest.raises(ValueError, match=r"ours: paths of shapes \(3,\) and \(2,\)"):
        report_difference("ours", np.zeros(3), np.zeros(2))
