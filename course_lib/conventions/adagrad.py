"""Adagrad: where epsilon stands, and from where the sum starts.

Duchi, J., Hazan, E., Singer, Y. (2011), "Adaptive subgradient methods for online learning and stochastic
optimization", JMLR 12, 2121-2159. Keras 3 and optax as their sources have it.
"""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from course_lib.conventions.dialect import Dialect, Gradient, Settings, at, only, torch_dialect


def adagrad_inside(
    w: Any, grad: Gradient, *, learning_rate: Any, initial_accumulator_value: float, epsilon: float
) -> Iterator[Any]:
    """Adagrad of Keras and optax: epsilon inside the root, and a sum that does not start at 0."""
    total = initial_accumulator_value + 0.0 * w
    for t in count(1):
        g = grad(w)
        total = total + g**2
        w = w - at(learning_rate, t) * g / (total + epsilon) ** 0.5
        yield w


def keras_adagrad(
    w: Any,
    grad: Gradient,
    *,
    learning_rate: Any = 0.001,
    initial_accumulator_value: float = 0.1,
    epsilon: float = 1e-7,
) -> Iterator[Any]:
    """Keras' Adagrad."""
    yield from adagrad_inside(
        w, grad, learning_rate=learning_rate, initial_accumulator_value=initial_accumulator_value, epsilon=epsilon
    )


def optax_adagrad(
    w: Any, grad: Gradient, *, learning_rate: Any, initial_accumulator_value: float = 0.1, eps: float = 1e-7
) -> Iterator[Any]:
    """``optax.adagrad``."""
    yield from adagrad_inside(
        w, grad, learning_rate=learning_rate, initial_accumulator_value=initial_accumulator_value, epsilon=eps
    )


def paper_adagrad(w: Any, grad: Gradient, *, eta: Any = 0.01, delta: float = 1e-10) -> Iterator[Any]:
    """Duchi, Hazan, Singer (2011), figure 1, with diagonal matrices: delta stands beside the root."""
    total = 0.0 * w
    for t in count(1):
        g = grad(w)
        total = total + g**2
        w = w - at(eta, t) * g / (delta + total**0.5)
        yield w


def _inside_to_torch(eps: str) -> Callable[[Settings], Settings]:
    """What stands inside the root from the first step on might as well have been in the sum from the start."""
    return lambda s: _adagrad(s["learning_rate"], s["initial_accumulator_value"] + s[eps], eps=0.0)


def _inside_from_torch(eps: str) -> Callable[[Settings], Settings]:
    def convert_back(s: Settings) -> Settings:
        only(s, "it stands inside the root there, outside in torch", eps=0)
        return {
            "learning_rate": _decayed_lr(s),
            "initial_accumulator_value": s["initial_accumulator_value"],
            eps: 0.0,
        }

    return convert_back


def _paper_adagrad_from_torch(s: Settings) -> Settings:
    only(s, "the paper's sum starts at 0", initial_accumulator_value=0)
    return {"eta": _decayed_lr(s), "delta": s["eps"]}


def _decayed_lr(s: Settings) -> Any:
    """torch's ``lr_decay`` as a learning rate that depends on t."""
    if not s["lr_decay"]:
        return s["lr"]
    return lambda t: at(s["lr"], t) / (1 + (t - 1) * s["lr_decay"])


def _adagrad(lr: Any, start: float, *, eps: float) -> Settings:
    return {"lr": lr, "lr_decay": 0, "initial_accumulator_value": start, "eps": eps}


_INSIDE = "Epsilon stands inside the root, and the sum starts at 0.1."
ADAGRAD = {
    "torch": torch_dialect("Adagrad", "lr", "lr_decay", "initial_accumulator_value", "eps"),
    "paper": Dialect(
        paper_adagrad,
        lambda s: _adagrad(s["eta"], 0.0, eps=s["delta"]),
        _paper_adagrad_from_torch,
        "Other letters; nothing decays the learning rate.",
    ),
    "keras": Dialect(keras_adagrad, _inside_to_torch("epsilon"), _inside_from_torch("epsilon"), _INSIDE),
    "optax": Dialect(optax_adagrad, _inside_to_torch("eps"), _inside_from_torch("eps"), _INSIDE),
}
