"""Adam and AdamW: the paper's epsilon and the efficient form's, and what multiplies the decay.

Kingma, D. P., Ba, J. (2015), "Adam: a method for stochastic optimization", ICLR, algorithm 1 and the form given
just before section 2.1; Loshchilov, I., Hutter, F. (2019), "Decoupled weight decay regularization", ICLR, algorithm 2.
Keras 3 and optax as their sources have it.
"""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from course_lib.conventions.dialect import Dialect, Gradient, Settings, at, each, only, torch_dialect


def paper_adam(
    w: Any, grad: Gradient, *, alpha: Any = 0.001, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: Any = 1e-8
) -> Iterator[Any]:
    """Kingma & Ba (2015), algorithm 1."""
    yield from paper_adamw(w, grad, alpha=alpha, beta_1=beta_1, beta_2=beta_2, epsilon=epsilon, lam=0.0)


def paper_adamw(
    w: Any,
    grad: Gradient,
    *,
    alpha: Any = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: Any = 1e-8,
    lam: Any,
) -> Iterator[Any]:
    """Loshchilov & Hutter (2019), algorithm 2 with its schedule multiplier at 1: nothing multiplies the decay."""
    m = v = 0.0 * w
    for t in count(1):
        g = grad(w)
        m, v = beta_1 * m + (1 - beta_1) * g, beta_2 * v + (1 - beta_2) * g**2
        m_hat, v_hat = m / (1 - beta_1**t), v / (1 - beta_2**t)
        w = w - (at(alpha, t) * m_hat / (v_hat**0.5 + at(epsilon, t)) + at(lam, t) * w)
        yield w


def keras_adam(
    w: Any,
    grad: Gradient,
    *,
    learning_rate: Any = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: Any = 1e-7,
    amsgrad: bool = False,
) -> Iterator[Any]:
    """Keras' Adam, the efficient form just before the paper's section 2.1: both corrections are in the step size."""
    settings = {"learning_rate": learning_rate, "beta_1": beta_1, "beta_2": beta_2, "epsilon": epsilon}
    yield from keras_adamw(w, grad, **settings, amsgrad=amsgrad, weight_decay=0.0)


def keras_adamw(
    w: Any,
    grad: Gradient,
    *,
    learning_rate: Any = 0.001,
    weight_decay: Any = 0.004,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: Any = 1e-7,
    amsgrad: bool = False,
) -> Iterator[Any]:
    """Keras' AdamW: the decay first, times the learning rate."""
    m = v = largest = 0.0 * w
    for t in count(1):
        g, lr = grad(w), at(learning_rate, t)
        m, v = beta_1 * m + (1 - beta_1) * g, beta_2 * v + (1 - beta_2) * g**2
        largest = largest + (v - largest) * (v > largest) if amsgrad else v
        alpha = lr * (1 - beta_2**t) ** 0.5 / (1 - beta_1**t)
        w = w - lr * at(weight_decay, t) * w
        w = w - alpha * m / (largest**0.5 + at(epsilon, t))
        yield w


def optax_adam(
    w: Any,
    grad: Gradient,
    *,
    learning_rate: Any,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: Any = 1e-8,
    eps_root: float = 0.0,
) -> Iterator[Any]:
    """``optax.adam``."""
    settings = {"learning_rate": learning_rate, "b1": b1, "b2": b2, "eps": eps, "eps_root": eps_root}
    yield from optax_adamw(w, grad, **settings, weight_decay=0.0)


def optax_adamw(
    w: Any,
    grad: Gradient,
    *,
    learning_rate: Any,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: Any = 1e-8,
    eps_root: float = 0.0,
    weight_decay: Any = 1e-4,
) -> Iterator[Any]:
    """``optax.adamw``: the decay joins the update, and the learning rate multiplies both."""
    mu = nu = 0.0 * w
    for t in count(1):
        g = grad(w)
        mu, nu = b1 * mu + (1 - b1) * g, b2 * nu + (1 - b2) * g**2
        mu_hat, nu_hat = mu / (1 - b1**t), nu / (1 - b2**t)
        update = mu_hat / ((nu_hat + eps_root) ** 0.5 + at(eps, t)) + at(weight_decay, t) * w
        w = w - at(learning_rate, t) * update
        yield w


def _corrected(epsilon: Any, beta_2: float) -> Any:
    """The efficient form divides by sqrt(v) + epsilon; before the correction epsilon was larger, and ever less so."""
    if epsilon == 0:
        return 0.0
    return lambda t: at(epsilon, t) / (1 - beta_2**t) ** 0.5


def _uncorrected(eps: Any, beta_2: float) -> Any:
    """``_corrected``, undone."""
    if eps == 0:
        return 0.0
    return lambda t: at(eps, t) * (1 - beta_2**t) ** 0.5


def _adam(lr: Any, betas: tuple[float, float], eps: Any, *, amsgrad: bool = False) -> Settings:
    return {"lr": lr, "betas": betas, "eps": eps, "amsgrad": amsgrad}


def _paper_to_torch(s: Settings) -> Settings:
    return _adam(s["alpha"], (s["beta_1"], s["beta_2"]), s["epsilon"])


def _paper_from_torch(s: Settings) -> Settings:
    only(s, "AMSGrad came later, with Reddi et al. (2018)", amsgrad=False)
    beta_1, beta_2 = s["betas"]
    return {"alpha": s["lr"], "beta_1": beta_1, "beta_2": beta_2, "epsilon": s["eps"]}


def _keras_to_torch(s: Settings) -> Settings:
    eps = _corrected(s["epsilon"], s["beta_2"])
    return _adam(s["learning_rate"], (s["beta_1"], s["beta_2"]), eps, amsgrad=s["amsgrad"])


def _keras_from_torch(s: Settings) -> Settings:
    beta_1, beta_2 = s["betas"]
    epsilon = _uncorrected(s["eps"], beta_2)
    named = {"learning_rate": s["lr"], "beta_1": beta_1, "beta_2": beta_2}
    return {**named, "epsilon": epsilon, "amsgrad": s["amsgrad"]}


def _optax_to_torch(s: Settings) -> Settings:
    only(s, "torch has nothing inside the root", eps_root=0)
    return _adam(s["learning_rate"], (s["b1"], s["b2"]), s["eps"])


def _optax_from_torch(s: Settings) -> Settings:
    only(s, "optax.amsgrad corrects before it takes the maximum, which is another rule", amsgrad=False)
    b1, b2 = s["betas"]
    return {"learning_rate": s["lr"], "b1": b1, "b2": b2, "eps": s["eps"], "eps_root": 0.0}


def _with_decay(convert: Callable[[Settings], Settings]) -> Callable[[Settings], Settings]:
    """Both sides multiply the decay by the learning rate, so it passes as it is."""
    return lambda s: {**convert(s), "weight_decay": s["weight_decay"]}


def _paper_decay_to_torch(s: Settings) -> Settings:
    return {**_paper_to_torch(s), "weight_decay": each(lambda lam, alpha: lam / alpha, s["lam"], s["alpha"])}


def _paper_decay_from_torch(s: Settings) -> Settings:
    return {**_paper_from_torch(s), "lam": each(lambda decay, lr: decay * lr, s["weight_decay"], s["lr"])}


_EFFICIENT = "Epsilon is added before the correction of v, so torch's is larger at first: it falls with t."
_LIKE_TORCH = "Only the names differ, and the learning rate has no default."
ADAM = {
    "torch": torch_dialect("Adam", "lr", "betas", "eps", "amsgrad"),
    "paper": Dialect(paper_adam, _paper_to_torch, _paper_from_torch, "Only the letters differ."),
    "keras": Dialect(keras_adam, _keras_to_torch, _keras_from_torch, _EFFICIENT),
    "optax": Dialect(optax_adam, _optax_to_torch, _optax_from_torch, _LIKE_TORCH),
}
ADAMW = {
    "torch": torch_dialect("AdamW", "lr", "betas", "eps", "amsgrad", "weight_decay"),
    "paper": Dialect(
        paper_adamw,
        _paper_decay_to_torch,
        _paper_decay_from_torch,
        "The decay is not multiplied by the learning rate: the paper's number is lr times torch's.",
    ),
    "keras": Dialect(keras_adamw, _with_decay(_keras_to_torch), _with_decay(_keras_from_torch), _EFFICIENT),
    "optax": Dialect(optax_adamw, _with_decay(_optax_to_torch), _with_decay(_optax_from_torch), _LIKE_TORCH),
}
