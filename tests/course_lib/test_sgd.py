"""``gd_step`` and ``sgd_step`` are ``torch.optim.SGD``, in every combination of its arguments."""

import numpy as np
import pytest
import torch
from draws import problems
from hypothesis import given
from hypothesis import strategies as st
from oracle import assert_same_path, our_path, torch_path

from course_lib.optimizers import from_torch, gd_init, gd_step, sgd_init, sgd_step

fractions = st.sampled_from([0.0, 0.3, 0.9, 1.0])


@st.composite
def sgd_arguments(draw):
    """Everything that ``torch.optim.SGD`` accepts."""
    momentum = draw(fractions)
    nesterov = momentum > 0 and draw(st.booleans())
    return {
        "lr": draw(st.sampled_from([0.0, 1e-3, 0.1, 1.5])),
        "momentum": momentum,
        "dampening": 0.0 if nesterov else draw(st.sampled_from([0.0, 0.5, 1.0, -0.5])),
        "nesterov": nesterov,
        "weight_decay": draw(st.sampled_from([0.0, 0.01, 0.5])),
        "maximize": draw(st.booleans()),
    }


@given(problems(), sgd_arguments())
def test_sgd_is_torchs(problem, arguments):
    w, g = problem
    assert_same_path(our_path("SGD", w, g, **arguments), torch_path("SGD", w, g, **arguments))


@given(problems(), sgd_arguments())
def test_the_same_source_runs_on_torch_tensors(problem, arguments):
    w, g = problem
    ours = our_path("SGD", w, g, convert=torch.tensor, **arguments)
    assert_same_path(ours, our_path("SGD", w, g, **arguments))


@given(problems(), st.sampled_from([0.0, 1e-3, 0.3]))
def test_gd_is_sgd_without_momentum(problem, lr):
    w, gradients = problem
    points, state = [w], gd_init(w)
    for g in gradients:
        at, state = gd_step(points[-1], g, state, lr=lr)
        points.append(at)
    assert state.t == len(gradients)
    assert_same_path(np.stack(points), torch_path("SGD", w, gradients, lr=lr))


@given(problems())
def test_steps_do_not_care_how_arrays_lie_in_memory(problem):
    w, gradients = problem
    at, state = w.T, sgd_init(w.T)
    for g in gradients:
        at, state = sgd_step(at, g.T, state, lr=0.1, momentum=0.9)
    assert_same_path(np.stack([w, np.asarray(at).T]), our_path("SGD", w, gradients, lr=0.1, momentum=0.9)[[0, -1]])


def test_buffer_starts_with_the_whole_gradient_and_lr_stays_outside_it():
    w = np.zeros(1)
    _, state = sgd_step(w, np.ones(1), sgd_init(w), lr=0.25, momentum=0.5, dampening=0.5)
    assert state.b.tolist() == [1.0]
    w, state = sgd_step(w, np.ones(1), state, lr=0.125, momentum=0.5, dampening=0.5)
    assert state.b.tolist() == [1.0]
    assert w.tolist() == [-0.125]


@pytest.mark.parametrize("schedule", [lambda t: 0.1 / (1 + t), lambda t: 0.1 * (t % 3)])
def test_lr_that_changes_between_steps(schedule):
    rng = np.random.default_rng(0)
    w, gradients = rng.standard_normal(5), rng.standard_normal((50, 5))
    parameter = torch.nn.Parameter(torch.tensor(w))
    theirs = torch.optim.SGD([parameter], lr=0.1, momentum=0.9, nesterov=True)
    ours = from_torch("SGD", lr=0.1, momentum=0.9, nesterov=True)
    state = ours.init(w)
    for t, g in enumerate(gradients):
        theirs.param_groups[0]["lr"] = schedule(t)
        parameter.grad = torch.tensor(g)
        theirs.step()
        w, state = ours.step(w, g, state, lr=schedule(t))
    np.testing.assert_allclose(w, parameter.detach().numpy(), rtol=1e-12)
