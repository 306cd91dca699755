"""The network by hand is torch's: its loss, its gradient, its training."""

from itertools import islice, pairwise

import numpy as np
import pytest
import torch

from course_lib.data import batches, digits
from course_lib.network import (
    accuracy,
    cross_entropy,
    cross_entropy_gradient,
    forward,
    initial_weights,
    layers,
    network_gradient,
)
from course_lib.optimizers import adam_init, adam_step

DEPTHS = [(5, 3), (5, 4, 3), (5, 4, 6, 3)]


def examples(n, inputs, classes, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, inputs)), rng.integers(0, classes, n)


def torch_network(w, sizes):
    """The same network of torch's own layers."""
    modules = []
    for weights, bias in layers(w, sizes):
        dense = torch.nn.Linear(*weights.shape, dtype=torch.float64)
        with torch.no_grad():
            dense.weight.copy_(torch.tensor(weights.T))
            dense.bias.copy_(torch.tensor(bias))
        modules += [dense, torch.nn.ReLU()]
    return torch.nn.Sequential(*modules[:-1])


@pytest.mark.parametrize("scale", [1.0, 1e-3, 900.0])
def test_loss_and_gradient_are_torchs(scale):
    logits, labels = examples(7, 4, 4)
    there = torch.tensor(scale * logits, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(there, torch.tensor(labels))
    loss.backward()
    assert cross_entropy(scale * logits, labels) == pytest.approx(loss.item(), rel=1e-12)
    np.testing.assert_allclose(cross_entropy_gradient(scale * logits, labels), there.grad, rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize("sizes", DEPTHS, ids=str)
def test_backpropagation_is_torchs(sizes):
    w, (x, labels) = initial_weights(sizes, seed=3) + 0.1, examples(9, sizes[0], sizes[-1])
    network = torch_network(w, sizes)
    logits = network(torch.tensor(x))
    torch.nn.functional.cross_entropy(logits, torch.tensor(labels)).backward()
    np.testing.assert_allclose(forward(w, x, sizes)[1], logits.detach(), rtol=1e-12)
    theirs = [(p.grad.T if p.grad.ndim == 2 else p.grad).ravel() for p in network.parameters()]
    np.testing.assert_allclose(network_gradient(w, x, labels, sizes), torch.cat(theirs), rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_torch_tensors_go_through_the_same_source(dtype):
    sizes = (5, 4, 3)
    w, (x, labels) = initial_weights(sizes).astype(dtype), examples(6, 5, 3)
    x = x.astype(dtype)
    here = network_gradient(w, x, labels, sizes)
    there = network_gradient(torch.tensor(w), torch.tensor(x), torch.tensor(labels), sizes)
    assert (here.dtype, there.numpy().dtype) == (dtype, dtype)
    np.testing.assert_allclose(there, here, rtol=1e-5)
    logits = forward(w, x, sizes)[1]
    assert accuracy(torch.tensor(logits), torch.tensor(labels)) == pytest.approx(accuracy(logits, labels))


def test_a_silent_unit_gets_no_gradient():
    """At the kink, too, where it gets exactly 0."""
    sizes, w = (1, 2, 2), np.array([-1.0, 0.0, 0.0, 0.0, *range(1, 5), 0.0, 0.0])
    gradient = network_gradient(w, np.array([[2.0]]), np.array([0]), sizes)
    np.testing.assert_array_equal(gradient[:8], 0)
    assert gradient[8:].any()


def test_the_weights_to_start_from():
    sizes = (400, 100, 10)
    w = initial_weights(sizes, seed=1)
    np.testing.assert_array_equal(w, initial_weights(sizes, seed=1))
    assert not np.array_equal(w, initial_weights(sizes, seed=2))
    for (weights, bias), (inputs, outputs) in zip(layers(w, sizes), pairwise(sizes), strict=True):
        assert weights.shape == (inputs, outputs)
        assert weights.std() == pytest.approx((2 / inputs) ** 0.5, rel=0.05)
        assert not bias.any()


def test_weights_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"sizes \(3, 2\) has 8 weights in one vector; w is \(7,\)"):
        layers(np.zeros(7), (3, 2))


def test_it_learns_the_digits():
    pytest.importorskip("sklearn", reason="scikit-learn, which the digits come with, is not installed")
    (x, labels), sizes = digits(), (64, 32, 10)
    order = np.random.default_rng(0).permutation(len(x))  # as they stand, the last ones are harder than the rest
    x, labels, w = x[order], labels[order], initial_weights(sizes)
    state = adam_init(w)
    for batch in islice(batches(1500, 64), 240):
        w, state = adam_step(w, network_gradient(w, x[batch], labels[batch], sizes), state, lr=0.01)
    assert accuracy(forward(w, x[1500:], sizes)[1], labels[1500:]) > 0.95
