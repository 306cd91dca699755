"""The training loop trains, deals the batches it says, and goes on where it stopped."""

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from course_lib.data import digits
from course_lib.network import forward, initial_weights
from course_lib.optimizers import adam_init, adam_step
from course_lib.torch_bridge import as_torch_optimizer
from course_lib.training import Curves, digit_network, digit_parts, train

OwnAdam = as_torch_optimizer(adam_init, adam_step)
SIZES = (64, 16, 10)


def run(network: torch.nn.Module, optimizer: torch.optim.Optimizer, **settings: int) -> Curves:
    parts = digit_parts()
    return train(network, optimizer, parts["training"], parts["validation"], **settings)


def test_the_parts_are_all_digits_once() -> None:
    parts = digit_parts(dtype=torch.float64)
    assert {name: len(labels) for name, (_, labels) in parts.items()} == {
        "training": 1197,
        "validation": 300,
        "test": 300,
    }
    pixels = np.concatenate([x.numpy() for x, _ in parts.values()])
    np.testing.assert_array_equal(np.sort(pixels.sum(axis=1)), np.sort(digits()[0].sum(axis=1)))


def test_the_network_is_the_one_of_the_course() -> None:
    x, _ = digit_parts(dtype=torch.float64)["test"]
    said = digit_network(SIZES, seed=3, dtype=torch.float64)(x).detach().numpy()
    np.testing.assert_allclose(said, forward(initial_weights(SIZES, seed=3), x.numpy(), SIZES)[1], atol=1e-12)


@pytest.mark.parametrize("rule", [OwnAdam, torch.optim.Adam])
def test_it_learns(rule: type[torch.optim.Optimizer]) -> None:
    network = digit_network(SIZES)
    curves = run(network, rule(network.parameters(), lr=0.01), epochs=5)  # type: ignore[call-arg]
    assert [len(curve) for curve in curves] == [6, 6, 6]
    assert curves.training[0] == pytest.approx(np.log(10), rel=0.2)
    assert curves.training[-1] < 0.3
    assert curves.accuracy[0] < 0.3 < 0.85 < curves.accuracy[-1]
    x, y = digit_parts()["validation"]
    assert curves.validation[-1] == pytest.approx(cross_entropy(network(x), y).item(), rel=1e-6)


def test_every_epoch_takes_every_example_once() -> None:
    counted = torch.nn.Embedding(10, 2)  # ten examples, each of which is its own number
    counted.weight.data.zero_()
    seen: list[int] = []
    counted.register_forward_hook(lambda module, given, out: seen.extend(given[0].tolist()))
    examples = torch.arange(10), torch.zeros(10, dtype=torch.int64)
    train(counted, torch.optim.SGD(counted.parameters()), examples, examples, epochs=2, batch_size=4)
    looks = 20  # both parts, looked at before and after
    assert sorted(seen[looks : looks + 10]) == list(range(10))
    assert sorted(seen[2 * looks + 10 : 2 * looks + 20]) == list(range(10))
    assert seen[looks : looks + 10] != seen[2 * looks + 10 : 2 * looks + 20]


def test_two_halves_are_a_whole() -> None:
    whole, halves = digit_network(SIZES), digit_network(SIZES)
    curves = run(whole, OwnAdam(whole.parameters(), lr=0.01), epochs=4)
    optimizer = OwnAdam(halves.parameters(), lr=0.01)
    run(halves, optimizer, epochs=2)
    second = run(halves, optimizer, epochs=2, done=2)
    np.testing.assert_array_equal(second.training, curves.training[2:])


def test_the_schedule_is_told_every_step() -> None:
    network = digit_network(SIZES)
    optimizer = OwnAdam(network.parameters(), lr=0.01)
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, step_size=19, gamma=0.5)
    run(network, optimizer, epochs=2, schedule=schedule)
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0.0025)
