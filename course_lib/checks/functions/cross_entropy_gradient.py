"""``cross_entropy_gradient``: what is asked of it, and the ways it goes wrong."""

from collections.abc import Callable

import numpy as np

from course_lib.arrays import Array
from course_lib.checks.functions.cross_entropy import LABELS, PAGE, chosen_classes, examples, far_out, log_sum, over
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Misconception, Spec
from course_lib.network import cross_entropy_gradient


def wrong_gradient(ids: frozenset[str]) -> Callable[[Array, Array], Array]:
    """``cross_entropy_gradient`` with the mistakes ``ids``; without any, the reference."""

    def gradient(logits: Array, labels: Array) -> Array:
        p = logits if "softmax_forgotten" in ids else np.exp(logits - log_sum(logits, over(ids)))
        at = np.arange(len(logits)), chosen_classes(ids, logits, labels)
        is_label = np.zeros_like(p)
        is_label[at] = 1.0
        taken = 0.0 if "label_not_subtracted" in ids else 1.0 if "one_from_all" in ids else is_label
        found = p - taken
        if "label_alone" in ids:
            found = found * is_label
        if "sigmoid_slope" in ids:
            found = found * p * (1 - p)
        found = found / _count(ids, logits)
        return -found if "wrong_sign" in ids else found

    return gradient


def _count(ids: frozenset[str], logits: Array) -> int:
    n, classes = (int(size) for size in logits.shape)
    if "averages_everything" in ids:
        return n * classes
    return 1 if "not_averaged" in ids else classes if "averages_over_classes" in ids else n


MISCONCEPTIONS = {
    "wrong_sign": Misconception(
        "It points downhill: all signs are turned round.",
        "The gradient points to where the loss grows: probability minus 1 for the right class, so less than 0 there.",
    ),
    "not_averaged": Misconception(
        "It is the gradient of the sum over the batch and not of the mean.",
        "The loss is a mean over the examples: divide by their number.",
    ),
    "averages_everything": Misconception(
        "It divides by the number of classes as well.",
        "The loss is a mean over the examples alone: divide by the number of rows.",
    ),
    "averages_over_classes": Misconception(
        "It divides by the number of classes and not by the number of examples.",
        "The loss is a mean over the examples: divide by the number of rows.",
    ),
    "label_not_subtracted": Misconception(
        "It returns the probabilities and never looks at the labels.",
        "In each row, subtract 1 where the label stands.",
    ),
    "one_from_all": Misconception(
        "It subtracts 1 from every class.",
        "Subtract 1 from the right class's probability only; the others should be 0, and they are what is left over.",
    ),
    "label_alone": Misconception(
        "It is 0 for all classes but the right one.",
        "The other logits stand in the softmax's sum and make the right class less probable: their slope is p.",
    ),
    "sigmoid_slope": Misconception(
        "It has a factor p · (1 − p) too many.",
        "That is the slope of a single sigmoid. The logarithm cancels it, and p minus 1 or 0 is all that remains.",
    ),
    **LABELS,
}


def _one_example(rng: np.random.Generator) -> list[Tree]:
    calls = [examples(rng, 1, classes) for classes in (3, 3, 5)]
    return [CROSS_ENTROPY_GRADIENT.case({"calls": calls, "settings": {}}, repeat=True)]


def _batch(rng: np.random.Generator) -> list[Tree]:
    calls = [examples(rng, n, 3) for n in (2, 4, 4)]
    return [CROSS_ENTROPY_GRADIENT.case({"calls": calls, "settings": {}})]


def _huge(rng: np.random.Generator) -> list[Tree]:
    return [CROSS_ENTROPY_GRADIENT.case({"calls": [far_out(rng, 3, 4) for _ in range(3)], "settings": {}})]


def _inputs(rng: np.random.Generator) -> list[Tree]:
    return [CROSS_ENTROPY_GRADIENT.case({"calls": [examples(rng, 3, 4) for _ in range(2)], "settings": {}})]


CROSS_ENTROPY_GRADIENT = Spec(
    function="cross_entropy_gradient",
    reference=cross_entropy_gradient,
    wrong=wrong_gradient,
    criteria={
        "one_example": Criterion("For one example it is what was said minus what is so", _one_example, ("value",)),
        "batch": Criterion("In a batch each row has its share of the mean", _batch, ("value",)),
        "huge_logits": Criterion("Logits of 800 do not overflow", _huge, ("value",)),
        "inputs_unchanged": Criterion("The arrays passed in stay as they were", _inputs, ("value",), purity=True),
    },
    misconceptions=MISCONCEPTIONS,
    section=PAGE,
)
