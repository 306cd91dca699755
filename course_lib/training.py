"""Training a network of torch's to read digits: one loop, for any optimizer and any device.

>>> from course_lib.optimizers import adam_init, adam_step
>>> from course_lib.torch_bridge import as_torch_optimizer
>>> parts, network = digit_parts(), digit_network((64, 32, 10))
>>> OurAdam = as_torch_optimizer(adam_init, adam_step)
>>> optimizer = OurAdam(network.parameters(), lr=0.01)
>>> examples = parts["training"], parts["validation"]
>>> curves = train(network, optimizer, *examples, epochs=3)
>>> bool(curves.accuracy[-1] > 0.8)
True
"""

from collections.abc import Sequence
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from course_lib.data import batches, digits, steps_per_epoch
from course_lib.network import initial_weights, layers

Examples = tuple[torch.Tensor, torch.Tensor]


class Curves(NamedTuple):
    """What ``train`` wrote down: arrays of shape ``(epochs + 1,)``, the values before the first epoch first."""

    training: np.ndarray  # the loss on all that the network learns from
    validation: np.ndarray  # the loss on the examples that it does not learn from
    accuracy: np.ndarray  # the share of the latter that it gets right


def digit_parts(device: str = "cpu", dtype: torch.dtype = torch.float32) -> dict[str, Examples]:
    """The digits in three parts that never mix: 1197 for ``training``, 300 for ``validation``, 300 for the ``test``.

    Each is a pair: pixels of shape ``(n, 64)`` and ``dtype``, and labels of shape ``(n,)`` and int64.
    """
    pixels, labels = digits()
    dealt = np.split(np.random.default_rng(0).permutation(len(pixels)), [1197, 1497])
    return {
        name: (torch.tensor(pixels[part], dtype=dtype, device=device), torch.tensor(labels[part], device=device))
        for name, part in zip(("training", "validation", "test"), dealt, strict=True)
    }


def digit_network(
    sizes: Sequence[int], *, seed: int = 0, device: str = "cpu", dtype: torch.dtype = torch.float32
) -> torch.nn.Sequential:
    """``torch.nn.Linear`` layers with ReLUs between them, and the weights of ``initial_weights(sizes, seed=seed)``."""
    modules: list[torch.nn.Module] = []
    for weights, bias in layers(initial_weights(sizes, seed=seed), sizes):
        inputs, outputs = weights.shape
        dense = torch.nn.Linear(inputs, outputs, dtype=torch.float64)
        dense.load_state_dict({"weight": torch.tensor(weights.T), "bias": torch.tensor(bias)})
        modules += [dense, torch.nn.ReLU()]
    return torch.nn.Sequential(*modules[:-1]).to(device, dtype)


def train(
    network: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
    training: Examples,
    validation: Examples,
    *,
    epochs: int,
    batch_size: int = 64,
    seed: int = 0,
    schedule: Any = None,
    done: int = 0,
) -> Curves:
    """Train ``network``, in place, and look at it after every epoch.

    Parameters
    ----------
    network : module
        From examples of shape ``(n, ...)`` to logits of shape ``(n, classes)``.
    optimizer : optimizer of the network's parameters
    training, validation : pairs of tensors
        Examples and their labels, on the network's device.
    epochs, batch_size, seed : int
        The same seed deals the same batches.
    schedule : scheduler of torch's, optional
        Told after every step.
    done : int
        Epochs that an earlier run has done with this seed: their batches are passed over.
    """
    x, y = training
    steps = steps_per_epoch(len(x), batch_size)
    dealt = islice(batches(len(x), batch_size, seed=seed), done * steps, None)
    seen = [_look(network, training, validation)]
    for _ in range(epochs):
        for batch in islice(dealt, steps):
            optimizer.zero_grad()
            loss: Any = cross_entropy(network(x[batch]), y[batch])
            loss.backward()
            optimizer.step()
            if schedule is not None:
                schedule.step()
        seen.append(_look(network, training, validation))
    return Curves(*np.transpose(seen))


@torch.no_grad()
def _look(network: torch.nn.Module, training: Examples, validation: Examples) -> tuple[float, ...]:
    (x, y), (unseen, truth) = training, validation
    said = network(unseen)
    right = (said.argmax(dim=1) == truth).double().mean()
    return cross_entropy(network(x), y).item(), cross_entropy(said, truth).item(), right.item()
