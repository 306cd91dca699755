"""``cross_entropy``: what is asked of it, and the ways it goes wrong."""

import math
from collections.abc import Callable

import numpy as np

from course_lib.arrays import Array
from course_lib.checks.cases import numbers
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Misconception, Spec
from course_lib.network import cross_entropy

PAGE = "chapters/gradients.html#the-same-with-layers"


def wrong_loss(ids: frozenset[str]) -> Callable[[Array, Array], float]:
    """``cross_entropy`` with the mistakes ``ids``; without any, the reference."""

    def loss(logits: Array, labels: Array) -> float:
        z = logits[:1] if "first_example_only" in ids else logits
        labels = chosen_classes(ids, z, labels[: len(z)])
        logs = _logs(ids, z)
        right = np.sum(logs, axis=1) if "every_class" in ids else logs[np.arange(len(z)), labels]
        if "log_of_the_mean" in ids and "log_forgotten" not in ids:
            found = _log_of_the_mean(ids, right)
        else:
            found = float(np.sum(right)) / _count(ids, z)
        found = found / math.log(10) if "base_ten" in ids else found
        return found if "wrong_sign" in ids else -found

    return loss


def chosen_classes(ids: frozenset[str], logits: Array, labels: Array) -> Array:
    """The class of each row that counts as the right one."""
    if "predicted_class" in ids:
        return np.argmax(logits, axis=1)
    return labels - 1 if "labels_from_one" in ids else labels


def log_sum(z: Array, axis: int | None) -> Array:
    """The logarithm of the sum of powers, without overflow."""
    top = np.max(z, axis=axis, keepdims=True)
    return top + np.log(np.sum(np.exp(z - top), axis=axis, keepdims=True))


def over(ids: frozenset[str]) -> int | None:
    """The axis over which probabilities add up to 1."""
    return 0 if "across_the_batch" in ids else None if "whole_array" in ids else 1


def _logs(ids: frozenset[str], z: Array) -> Array:
    """The logarithms of all probabilities, or what is taken for them."""
    if "softmax_forgotten" in ids:
        return z
    logs = z - _normalisers(ids, z)
    return np.exp(logs) if "log_forgotten" in ids else logs


def _normalisers(ids: frozenset[str], z: Array) -> Array:
    found = log_sum(z, over(ids))
    shifted = "shifted_once" in ids and "log_forgotten" not in ids  # e^800 would be all there is to see
    return found - np.max(z, axis=1, keepdims=True) if shifted else found


def _log_of_the_mean(ids: frozenset[str], right: Array) -> float:
    """From the logarithms of some numbers, that of their mean (or sum)."""
    return float(log_sum(right, 0)[0]) - (0.0 if "sums" in ids else math.log(len(right)))


def _count(ids: frozenset[str], z: Array) -> int:
    return 1 if "sums" in ids else z.size if "averages_everything" in ids else len(z)


LABELS = {
    "predicted_class": Misconception(
        "It looks at the class with the largest logit and not at the label.",
        "What counts is what the network says of the right class, which is in labels.",
    ),
    "labels_from_one": Misconception(
        "It counts the classes from 1.",
        "Label 0 means the first column: use the labels as they are.",
    ),
    "softmax_forgotten": Misconception(
        "It takes the logits as they are, without the softmax.",
        "Logits are any numbers; e^z divided by the row's sum of e^z makes probabilities of them.",
    ),
    "across_the_batch": Misconception(
        "Its probabilities add up to 1 down each column, over the batch.",
        "Each row is one example, and its classes share the probability 1: sum along axis=1.",
    ),
    "whole_array": Misconception(
        "Its probabilities add up to 1 over the whole batch.",
        "Each row has a sum of its own: axis=1, with keepdims=True so that it divides row by row.",
    ),
}
MISCONCEPTIONS = {
    "wrong_sign": Misconception(
        "Its sign is turned round.",
        "The logarithm of a probability is negative; the loss is minus that, so 0 is the best there is.",
    ),
    "sums": Misconception(
        "It takes the sum over the batch instead of the mean.",
        "With the mean, the learning rate means the same whatever the batch size.",
    ),
    "averages_everything": Misconception(
        "It divides by the number of classes as well.",
        "There is one loss for each example: divide by the number of rows.",
    ),
    "first_example_only": Misconception(
        "It looks at the first example alone.",
        "Take the mean over all rows.",
    ),
    "log_forgotten": Misconception(
        "It leaves out the logarithm.",
        "The loss of an example is minus the logarithm of the right class's probability.",
    ),
    "log_of_the_mean": Misconception(
        "It takes the logarithm of a mean where the mean of logarithms is due.",
        "First each example's logarithm, and then their mean.",
    ),
    "base_ten": Misconception(
        "It takes the logarithm to base 10.",
        "The logarithm here is the natural one: np.log.",
    ),
    "every_class": Misconception(
        "It adds up the logarithms of all classes.",
        "Only the probability of the right class counts: one number in each row.",
    ),
    "shifted_once": Misconception(
        "It subtracts the largest logit in one place and not in the other.",
        "The shift cancels only if the label's logit is shifted too: subtract it once, at the top, from all of them.",
    ),
    **LABELS,
}


def examples(rng: np.random.Generator, n: int, classes: int) -> list[np.ndarray]:
    """Logits, and labels that are neither the first column nor where the largest logit stands."""
    logits = numbers(rng, (n, classes)).round(2)
    labels = np.array([rng.choice([k for k in range(1, classes) if k != top]) for top in np.argmax(logits, axis=1)])
    return [logits, labels]


def far_out(rng: np.random.Generator, n: int, classes: int) -> list[np.ndarray]:
    """The same about 800 and -800 in turns, where the largest logit is 40 to 200 above all others."""
    logits, labels = examples(rng, n, classes)
    tops = np.arange(classes) == np.argmax(logits, axis=1)[:, None]
    logits = np.where(tops, 0.0, logits - rng.uniform(40.0, 200.0, (n, 1)))
    return [(logits + 800.0 * (-1.0) ** np.arange(n)[:, None]).round(2), labels]


def _both(rng: np.random.Generator) -> list[np.ndarray]:
    """Some examples of that kind and some that only stand at 800: by the former's loss, rounding at 800 is small."""
    (far, labels), (near, more) = far_out(rng, 2, 4), examples(rng, 3, 4)
    return [np.concatenate([far, near + np.array([[800.0], [800.0], [-800.0]])]), np.concatenate([labels, more])]


def _one_example(rng: np.random.Generator) -> list[Tree]:
    calls = [examples(rng, 1, classes) for classes in (3, 3, 5)]
    return [CROSS_ENTROPY.case({"calls": calls, "settings": {}}, repeat=True)]


def _batch(rng: np.random.Generator) -> list[Tree]:
    return [CROSS_ENTROPY.case({"calls": [examples(rng, n, 3) for n in (2, 4, 4)], "settings": {}})]


def _huge(rng: np.random.Generator) -> list[Tree]:
    return [CROSS_ENTROPY.case({"calls": [_both(rng) for _ in range(3)], "settings": {}})]


def _inputs(rng: np.random.Generator) -> list[Tree]:
    return [CROSS_ENTROPY.case({"calls": [examples(rng, 3, 4) for _ in range(2)], "settings": {}})]


CROSS_ENTROPY = Spec(
    function="cross_entropy",
    reference=cross_entropy,
    wrong=wrong_loss,
    criteria={
        "one_example": Criterion(
            "One example costs minus the logarithm of its class's probability", _one_example, ("value",)
        ),
        "batch": Criterion("A batch costs the mean of its examples", _batch, ("value",)),
        "huge_logits": Criterion("Logits of 800 do not overflow, and those of −800 do not vanish", _huge, ("value",)),
        "inputs_unchanged": Criterion("The arrays passed in stay as they were", _inputs, ("value",), purity=True),
    },
    misconceptions=MISCONCEPTIONS,
    section=PAGE,
)
