"""``network_gradient``: what is asked of it, and the ways it goes wrong."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from course_lib.arrays import Array
from course_lib.checks.cases import numbers
from course_lib.checks.functions.cross_entropy import PAGE
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Misconception, Spec
from course_lib.network import cross_entropy_gradient, forward, layers, network_gradient


def wrong_backward(ids: frozenset[str]) -> Callable[[Array, Array, Array, Sequence[int]], Array]:
    """``network_gradient`` with the mistakes ``ids``; without any, the reference."""

    def gradient(w: Array, x: Array, labels: Array, sizes: Sequence[int]) -> Array:
        inputs, logits = forward(w, x, sizes)
        delta = cross_entropy_gradient(logits, labels)
        if "relu_at_the_end" in ids:
            delta = delta * (logits > 0)
        parts: list[Array] = []
        for a, (weights, _) in zip(reversed(inputs), reversed(layers(w, sizes)), strict=True):
            both = _of_layer(ids, a, delta)
            parts = parts + both if "last_layer_first" in ids else both + parts
            delta = _handed_down(ids, a, delta @ weights.T)
        found = np.concatenate(parts)
        return -found if "wrong_sign" in ids else found

    return gradient


def _of_layer(ids: frozenset[str], a: Array, delta: Array) -> list[Array]:
    """The gradient by a layer's matrix and by its bias, each as one vector."""
    n = len(a)
    for_weights, for_bias = a.T @ delta, np.sum(delta, axis=0)
    if "averaged_twice" in ids:
        for_weights, for_bias = for_weights / n, for_bias / n
    if "bias_averaged" in ids:
        for_bias = for_bias / n
    if "bias_forgotten" in ids:
        for_bias = 0 * for_bias
    flat = (for_weights.T if "transposed" in ids else for_weights).ravel()
    return [for_bias, flat] if "bias_first" in ids else [flat, for_bias]


def _handed_down(ids: frozenset[str], a: Array, delta: Array) -> Array:
    """What reaches the layer below, given its outputs ``a`` after the ReLU."""
    if "relu_of_the_gradient" in ids:
        return np.maximum(delta, 0)
    if "relu_forgotten" in ids:
        return delta
    if "slope_of_sigmoid" in ids:
        return delta * a * (1 - a)
    if "slope_of_tanh" in ids:
        return delta * (1 - a**2)
    return delta * a if "times_the_activation" in ids else delta * (a > 0)


_SLOPE = "The slope of max(0, z) is 1 where z is above 0, and 0 elsewhere."
_ONCE = "The factor 1/n is in the gradient by the logits already; from there on, examples are added up."
MISCONCEPTIONS = {
    "wrong_sign": Misconception(
        "It points downhill: all signs are turned round.",
        "The gradient points to where the loss grows; going the other way is the step's business.",
    ),
    "averaged_twice": Misconception(
        "It divides by the number of examples twice.",
        _ONCE,
    ),
    "bias_averaged": Misconception(
        "It takes the mean over the examples for the biases.",
        f"{_ONCE} A bias gets the sum of the column.",
    ),
    "bias_forgotten": Misconception(
        "It gives the biases no gradient.",
        "A bias is added to every example's z, so its gradient is the sum of delta over the examples.",
    ),
    "bias_first": Misconception(
        "It puts each layer's bias before its matrix.",
        "The gradient has the order of w: in each layer the matrix first and then the bias.",
    ),
    "last_layer_first": Misconception(
        "It lists the layers from the last to the first.",
        "You meet the last layer first, but the gradient has the order of w: put what you find in front.",
    ),
    "transposed": Misconception(
        "It lays out each matrix's gradient with rows and columns exchanged.",
        "The gradient has the matrix's own shape, a row for each input: a.T @ delta, and not delta.T @ a.",
    ),
    "relu_forgotten": Misconception(
        "On the way back it forgets the max(0, z) between the layers.",
        f"{_SLOPE} A unit that gave 0 hands nothing down.",
    ),
    "relu_of_the_gradient": Misconception(
        "It cuts off the negative gradients instead of those of the units that gave 0.",
        f"{_SLOPE} That depends on z, and so on the unit's output, not on the sign of the gradient.",
    ),
    "relu_at_the_end": Misconception(
        "It treats the logits as if they went through max(0, z).",
        "The last layer has none: its delta is the gradient by the logits, as it is.",
    ),
    "slope_of_sigmoid": Misconception(
        "It takes the slope a · (1 − a), which belongs to the sigmoid.",
        _SLOPE,
    ),
    "slope_of_tanh": Misconception(
        "It takes the slope 1 − a², which belongs to tanh.",
        _SLOPE,
    ),
    "times_the_activation": Misconception(
        "It multiplies by the units' outputs instead of by their slopes.",
        f"{_SLOPE} Multiply by a > 0, which is 1 or 0, and not by a.",
    ),
}


def _example(rng: np.random.Generator, sizes: tuple[int, ...], n: int) -> list[object]:
    """Weights, inputs and labels of a network in which every hidden layer has live and silent units.

    The logits are of either sign too, and the hidden units' outputs far from 1, where some wrong slopes are right.
    """
    count = sum((inputs + 1) * outputs for inputs, outputs in pairwise(sizes))
    while True:
        w, x = numbers(rng, (count,), 0.5).round(2), numbers(rng, (n, sizes[0]), 0.7).round(2)
        inputs, logits = forward(w, x, sizes)
        live = [a > 0 for a in inputs[1:]]
        if all(0.25 < np.mean(on) < 0.75 and np.all(np.any(on, axis=1)) for on in [*live, logits > 0]):
            return [w, x, rng.integers(0, sizes[-1], n), sizes]


def _case(rng: np.random.Generator, *sizes: tuple[int, ...], repeat: bool = False) -> list[Tree]:
    """For each of the sizes two batches of three, so that no answer belongs to a shape."""
    calls = [_example(rng, each, 3) for each in sizes for _ in range(2)]
    return [NETWORK_GRADIENT.case({"calls": calls, "settings": {}}, repeat=repeat)]


NETWORK_GRADIENT = Spec(
    function="network_gradient",
    reference=network_gradient,
    wrong=wrong_backward,
    criteria={
        "one_layer": Criterion(
            "One layer: its inputs times what is wrong with its outputs",
            lambda rng: _case(rng, (3, 2), (2, 3), repeat=True),
            ("value",),
        ),
        "hidden_layer": Criterion(
            "A hidden layer: the error comes back through the weights and the units that were on",
            lambda rng: _case(rng, (2, 4, 3)),
            ("value",),
        ),
        "any_depth": Criterion(
            "Any number of layers, one after the other", lambda rng: _case(rng, (2, 3, 4, 2)), ("value",)
        ),
        "inputs_unchanged": Criterion(
            "The arrays passed in stay as they were", lambda rng: _case(rng, (3, 2)), ("value",), purity=True
        ),
    },
    misconceptions=MISCONCEPTIONS,
    section=PAGE,
)
