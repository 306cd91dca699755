"""``SparseGrad`` and SparseAdam, against torch's sparse tensors."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import RTOL
from torch_database import torch_database

from course_lib.optimizers import SparseGrad, from_torch, sparse_adam_init, sparse_adam_step

# Torch says once per process that it does not check its own sparse tensors.
pytestmark = pytest.mark.filterwarnings("ignore:Sparse invariant checks:UserWarning")


@st.composite
def sparse_gradients(draw, steps=30):
    """Weights and gradients in a few rows each, some twice, some none, some of zeros."""
    shape, axes = draw(st.sampled_from([((5,), 1), ((6, 3), 1), ((4, 3), 2), ((3, 2, 2), 1)]))
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    gradients = []
    for _ in range(steps):
        count = rng.integers(0, 5)
        indices = np.stack([rng.integers(0, size, count) for size in shape[:axes]])
        values = rng.standard_normal((count, *shape[axes:])) * rng.choice([0.0, 1e-30, 1.0, 1e10])
        gradients.append(SparseGrad(indices[0] if axes == 1 else indices, values.astype(dtype), shape))
    return rng.standard_normal(shape).astype(dtype), gradients


def as_torch(g):
    indices = torch.tensor(np.atleast_2d(g.indices))
    return torch.sparse_coo_tensor(indices, torch.tensor(g.values), g.shape, check_invariants=True)


def paths(name, w, gradients, convert=np.asarray, **kwargs):
    parameter = torch.nn.Parameter(torch.tensor(w))
    theirs, ours = getattr(torch.optim, name)([parameter], **kwargs), from_torch(name, **kwargs)
    at = convert(w)
    state = ours.init(at)
    for g in gradients:
        parameter.grad = as_torch(g)
        theirs.step()
        at, state = ours.step(at, SparseGrad(convert(g.indices), convert(g.values), g.shape), state)
    return np.asarray(at), parameter.detach().numpy(), state


@settings(max_examples=40)
@given(sparse_gradients(), st.sampled_from([*torch_database()["SparseAdam"].accepted, {"betas": (0.5, 0.7)}]))
def test_sparse_adam_is_torchs(problem, kwargs):
    w, gradients = problem
    for convert in (np.asarray, torch.tensor):
        ours, theirs, state = paths("SparseAdam", w, gradients, convert, **kwargs)
        np.testing.assert_allclose(ours, theirs, rtol=RTOL[w.dtype], atol=RTOL[w.dtype])
        assert state.t == len(gradients)


@pytest.mark.parametrize(
    ("name", "kwargs"), [("SGD", {"momentum": 0.9, "maximize": True}), ("Adagrad", {"lr_decay": 0.1})]
)
@settings(max_examples=40)
@given(sparse_gradients())
def test_the_two_others_that_take_sparse_gradients(name, kwargs, problem):
    w, gradients = problem
    ours, theirs, _ = paths(name, w, gradients, **kwargs)
    scale = max(1.0, float(np.abs(theirs).max()))
    np.testing.assert_allclose(ours, theirs, rtol=RTOL[w.dtype], atol=RTOL[w.dtype] * scale)


def test_untouched_rows_neither_move_nor_forget():
    w = np.ones((3, 2))
    first = SparseGrad(np.array([0, 1]), np.ones((2, 2)), (3, 2))
    w, state = sparse_adam_step(w, first, sparse_adam_init(w), lr=0.1)
    w_after, after = sparse_adam_step(w, SparseGrad(np.array([1]), np.ones((1, 2)), (3, 2)), state, lr=0.1)
    for old, new in ((w, w_after), (state.m, after.m), (state.v, after.v)):
        np.testing.assert_array_equal(old[[0, 2]], new[[0, 2]])
        assert (old[1] != new[1]).all()


@given(sparse_gradients(steps=3))
def test_inputs_are_never_changed(problem):
    w, gradients = problem
    state = sparse_adam_init(w)
    for g in gradients:
        before = [x.copy() for x in (w, g.indices, g.values, state.m, state.v)]
        _, following = sparse_adam_step(w, g, state)
        for old, now in zip(before, (w, g.indices, g.values, state.m, state.v), strict=True):
            np.testing.assert_array_equal(old, now)
        state = following


@given(sparse_gradients(steps=1))
def test_to_dense_is_torchs(problem):
    _, (g,) = problem
    np.testing.assert_allclose(g.to_dense(), as_torch(g).to_dense().numpy(), rtol=1e-6)
    np.testing.assert_array_equal((-g).to_dense(), -g.to_dense())
    np.testing.assert_array_equal(
        g.touched(), as_torch(SparseGrad(g.indices, g.values * 0 + 1, g.shape)).to_dense() > 0
    )


@pytest.mark.parametrize(
    ("indices", "values", "shape", "says"),
    [
        ([0, 1], np.ones(3), (4,), r"2 indices into shape \(4,\) take values of shape \(2,\)"),
        ([0, 1], np.ones((2, 2)), (4, 3), r"values of shape \(2, 3\)"),
        ([4], np.ones(1), (4,), "outside the shape"),
        ([-1], np.ones(1), (4,), "outside the shape"),
        ([[0], [3]], np.ones(1), (4, 3), "outside the shape"),
    ],
)
def test_what_does_not_fit(indices, values, shape, says):
    with pytest.raises(ValueError, match=says):
        SparseGrad(np.array(indices), values, shape)


def test_refusals():
    g = SparseGrad(np.array([0]), np.ones(1), (3,))
    w = np.ones(3)
    for name, gradient, kwargs, error, says in [
        ("SparseAdam", w, {}, TypeError, "takes a SparseGrad"),
        ("Adam", g, {}, TypeError, "takes no SparseGrad"),
        ("SGD", g, {"weight_decay": 0.1}, ValueError, "weight_decay goes with no SparseGrad"),
        ("SparseAdam", SparseGrad(np.array([0]), np.ones(1), (4,)), {}, ValueError, "must be the same"),
        ("SparseAdam", SparseGrad(np.array([0]), np.ones(1, np.float32), (3,)), {}, TypeError, "must be the same"),
    ]:
        optimizer = from_torch(name, **kwargs)
        with pytest.raises(error, match=says):
            optimizer.step(w, gradient, optimizer.init(w))
    for kwargs in ({"lr": 0.0}, {"eps": 0.0}):
        with pytest.raises(ValueError, match="must be more than 0"):
            from_torch("SparseAdam", **kwargs)
    with pytest.raises(TypeError, match="no complex weights"):
        from_torch("SparseAdam").init(np.ones(2, complex))
