"""RMSprop: where epsilon stands, and whether the momentum buffer holds the learning rate.

Keras 3 and optax as their sources have it; Hinton's lecture, which named the rule, gives no epsilon.
"""

from collections.abc import Iterator
from itertools import count
from typing import Any

from course_lib.conventions.dialect import Dialect, Gradient, Settings, at, folded, only, torch_dialect, unfolded

INSIDE = "it stands inside the root there, outside in torch, and no constant makes up for that"


def keras_rmsprop(
    w: Any,
    grad: Gradient,
    *,
    learning_rate: Any = 0.001,
    rho: float = 0.9,
    momentum: Any = 0.0,
    epsilon: float = 1e-7,
    centered: bool = False,
) -> Iterator[Any]:
    """Keras' RMSprop: epsilon inside the root, and a momentum buffer that holds the learning rate."""
    square = average = buffer = 0.0 * w
    for t in count(1):
        g = grad(w)
        square, average = rho * square + (1 - rho) * g**2, rho * average + (1 - rho) * g
        variance = square - average**2 if centered else square
        buffer = at(momentum, t) * buffer + at(learning_rate, t) * g / (variance + epsilon) ** 0.5
        w = w - buffer
        yield w


def optax_rmsprop(
    w: Any,
    grad: Gradient,
    *,
    learning_rate: Any,
    decay: float = 0.9,
    eps: float = 1e-8,
    eps_in_sqrt: bool = True,
    centered: bool = False,
    momentum: Any = 0.0,
) -> Iterator[Any]:
    """``optax.rmsprop`` with its ``initial_scale`` at 0."""
    square = average = trace = 0.0 * w
    for t in count(1):
        g = grad(w)
        square, average = decay * square + (1 - decay) * g**2, decay * average + (1 - decay) * g
        variance = square - average**2 if centered else square
        root = (variance + eps) ** 0.5 if eps_in_sqrt else variance**0.5 + eps
        trace = at(learning_rate, t) * g / root + at(momentum, t) * trace
        w = w - trace
        yield w


def _keras_to_torch(s: Settings) -> Settings:
    only(s, INSIDE, epsilon=0)
    return _rmsprop(s, s["rho"], eps=0.0)


def _optax_to_torch(s: Settings) -> Settings:
    if s["eps_in_sqrt"]:
        only(s, INSIDE + "; optax' own eps_in_sqrt=False moves it out", eps=0)
    return _rmsprop(s, s["decay"], eps=s["eps"])


def _rmsprop(s: Settings, alpha: float, *, eps: float) -> Settings:
    lr = s["learning_rate"]
    momentum = unfolded(lr, s["momentum"])
    return {"lr": lr, "alpha": alpha, "eps": eps, "momentum": momentum, "centered": s["centered"]}


def _shared_from_torch(s: Settings) -> Settings:
    return {"learning_rate": s["lr"], "momentum": folded(s["lr"], s["momentum"]), "centered": s["centered"]}


def _keras_from_torch(s: Settings) -> Settings:
    only(s, INSIDE, eps=0)
    return {**_shared_from_torch(s), "rho": s["alpha"], "epsilon": 0.0}


def _optax_from_torch(s: Settings) -> Settings:
    return {**_shared_from_torch(s), "decay": s["alpha"], "eps": s["eps"], "eps_in_sqrt": False}


RMSPROP = {
    "torch": torch_dialect("RMSprop", "lr", "alpha", "eps", "momentum", "centered"),
    "keras": Dialect(
        keras_rmsprop,
        _keras_to_torch,
        _keras_from_torch,
        "Epsilon stands inside the root; the momentum buffer holds the learning rate; rho is 0.9, torch's alpha 0.99.",
    ),
    "optax": Dialect(
        optax_rmsprop,
        _optax_to_torch,
        _optax_from_torch,
        "Epsilon stands inside the root unless eps_in_sqrt is False; the momentum buffer holds the learning rate.",
    ),
}
