"""Momentum: torch's sum of gradients, an average of them, Keras' velocity and optax' trace.

Sutskever, I., Martens, J., Dahl, G., Hinton, G. (2013), "On the importance of initialization and momentum in deep
learning", ICML. Keras 3 and optax as their sources have it.
"""

from collections.abc import Iterator
from itertools import count
from typing import Any

from course_lib.conventions.dialect import Dialect, Gradient, Settings, at, each, folded, only, torch_dialect, unfolded
from course_lib.optimizers.ewa_momentum import ewa_momentum_init, ewa_momentum_step, sgd_lr


def averaged_momentum(
    w: Any, grad: Gradient, *, lr: Any = 0.001, beta: Any = 0.9, bias_correction: bool = False
) -> Iterator[Any]:
    """Momentum as an exponentially weighted average of gradients: ``ewa_momentum_step``."""
    state = ewa_momentum_init(w)
    for t in count(1):
        now = {"lr": at(lr, t), "beta": at(beta, t), "bias_correction": bias_correction}
        w, state = ewa_momentum_step(w, grad(w), state, **now)
        yield w


def _averaged_to_torch(s: Settings) -> Settings:
    if not s["bias_correction"]:
        return _sgd(each(lambda lr, beta: lr * (1 - beta), s["lr"], s["beta"]), s["beta"])
    only(s, "with bias_correction it must be constant", beta=at(s["beta"], 1))
    return _sgd(lambda t: sgd_lr(at(s["lr"], t), s["beta"], t, bias_correction=True), s["beta"])


def _averaged_from_torch(s: Settings) -> Settings:
    only(s, "an average has no such term", dampening=0, nesterov=False)
    only(s, "an average is not folded into a moving share", momentum=at(s["momentum"], 1))
    return {"lr": each(lambda lr: lr / (1 - s["momentum"]), s["lr"]), "beta": s["momentum"]}


def velocity_momentum(
    w: Any, grad: Gradient, *, learning_rate: Any = 0.01, momentum: Any = 0.0, nesterov: bool = False
) -> Iterator[Any]:
    """Keras' SGD, and without ``nesterov`` eqs. (1) and (2) of Sutskever et al. (2013): a velocity that holds lr."""
    velocity = 0.0 * w
    for t in count(1):
        g, lr, mu = grad(w), at(learning_rate, t), at(momentum, t)
        velocity = mu * velocity - lr * g
        w = w + (mu * velocity - lr * g if nesterov else velocity)
        yield w


def _velocity_to_torch(s: Settings) -> Settings:
    _same_look_ahead(s, s["learning_rate"])
    return _sgd(s["learning_rate"], unfolded(s["learning_rate"], s["momentum"]), nesterov=s["nesterov"])


def _velocity_from_torch(s: Settings) -> Settings:
    only(s, "only torch has dampening", dampening=0)
    _same_look_ahead(s, s["lr"])
    return {"learning_rate": s["lr"], "momentum": folded(s["lr"], s["momentum"]), "nesterov": s["nesterov"]}


def _same_look_ahead(s: Settings, lr: Any) -> None:
    if callable(lr):
        only(s, "with a learning rate that changes, Keras' look ahead is not torch's", nesterov=False)


def optax_sgd(
    w: Any, grad: Gradient, *, learning_rate: Any, momentum: Any = 0.0, nesterov: bool = False
) -> Iterator[Any]:
    """``optax.sgd``: a trace of gradients, scaled by the learning rate afterwards."""
    trace = 0.0 * w
    for t in count(1):
        g, mu = grad(w), at(momentum, t)
        trace = g + mu * trace
        w = w - at(learning_rate, t) * (g + mu * trace if nesterov else trace)
        yield w


def _optax_sgd_from_torch(s: Settings) -> Settings:
    only(s, "only torch has dampening", dampening=0)
    return {"learning_rate": s["lr"], "momentum": s["momentum"], "nesterov": s["nesterov"]}


def _sgd(lr: Any, momentum: Any, *, nesterov: bool = False) -> Settings:
    return {"lr": lr, "momentum": momentum, "dampening": 0, "nesterov": nesterov}


SGD = {
    "torch": torch_dialect("SGD", "lr", "momentum", "dampening", "nesterov"),
    "averaged": Dialect(
        averaged_momentum,
        _averaged_to_torch,
        _averaged_from_torch,
        "The buffer is an average of gradients, 1 − beta times torch's sum, and lr is larger to match.",
    ),
    "keras": Dialect(
        velocity_momentum,
        _velocity_to_torch,
        _velocity_from_torch,
        "The learning rate is inside the velocity, which shows once it changes.",
    ),
    "optax": Dialect(
        optax_sgd,
        lambda s: _sgd(s["learning_rate"], s["momentum"], nesterov=s["nesterov"]),
        _optax_sgd_from_torch,
        "Only the names differ, and the learning rate has no default.",
    ),
}
