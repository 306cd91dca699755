"""The step contract, held for every rule alike: pure, dtype kept, one source for every array library."""

import copy

import array_api_strict
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_lib import optimizers
from course_lib.arrays import array_namespace

# Every rule that takes one dense gradient, by name: a new one joins by being exported.
OTHERS = {"sparse_adam", "lbfgs", "bfgs", "newton"}
NAMES = sorted({n.removesuffix("_step") for n in dir(optimizers) if n.endswith("_step")} - OTHERS)
SHAPES = {"muon": [(3, 2), (2, 3)], "adafactor": [(), (5,), (3, 2)]}
CASES = [(name, shape) for name in NAMES for shape in SHAPES.get(name, [(), (0,), (5,), (3, 2)])]
LIBRARIES = {"numpy": np.asarray, "torch": torch.tensor, "strict": array_api_strict.asarray}


def rule(name):
    return getattr(optimizers, f"{name}_init"), getattr(optimizers, f"{name}_step")


def arrays_in(state):
    return [np.asarray(field) for field in state if hasattr(field, "dtype")]


def run(name, convert, w, gradients):
    init, step = rule(name)
    at = convert(w)
    state = init(at)
    for g in gradients:
        at, state = step(at, convert(g), state, lr=0.05)
    return at, state


@pytest.mark.parametrize(("name", "shape"), CASES)
@given(st.integers(0, 2**32 - 1))
def test_inputs_are_never_changed(name, shape, seed):
    init, step = rule(name)
    rng = np.random.default_rng(seed)
    w, g = np.asarray(rng.standard_normal(shape)), np.asarray(rng.standard_normal(shape))
    _, state = step(w, g, init(w), lr=0.1)
    w_before, g_before, state_before = w.copy(), g.copy(), copy.deepcopy(arrays_in(state))
    step(w, g, state, lr=0.1)
    np.testing.assert_array_equal(w, w_before)
    np.testing.assert_array_equal(g, g_before)
    for after, before in zip(arrays_in(state), state_before, strict=True):
        np.testing.assert_array_equal(after, before)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("name", "shape"), CASES)
def test_one_source_for_every_library(name, shape, dtype):
    rng = np.random.default_rng(1)
    w, gradients = np.asarray(rng.standard_normal(shape), dtype), rng.standard_normal((20, *shape)).astype(dtype)
    expected, expected_state = run(name, np.asarray, w, gradients)
    for library, convert in LIBRARIES.items():
        got, state = run(name, convert, w, gradients)
        assert got.dtype == getattr(array_namespace(convert(w)), dtype), library
        assert tuple(got.shape) == shape
        np.testing.assert_allclose(np.asarray(got), expected, rtol=1e-5 if dtype == "float32" else 1e-13)
        assert state.t == expected_state.t == 20
        for ours, theirs in zip(arrays_in(state), arrays_in(expected_state), strict=True):
            assert ours.dtype == theirs.dtype
            np.testing.assert_allclose(ours, theirs, rtol=1e-5 if dtype == "float32" else 1e-13, atol=1e-30)
