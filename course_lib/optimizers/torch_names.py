"""Optimizers by their ``torch.optim`` names, equal to them flag by flag.

What torch adds to every class alike stands here, around the step and in torch's order: ``maximize`` flips the
gradient, then L2 ``weight_decay`` adds ``weight_decay * w`` (so that decay still shrinks weights while maximizing).
"""

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from course_lib.arrays import Array
from course_lib.optimizers.sgd import sgd_init, sgd_step


@dataclass(frozen=True)
class Optimizer:
    """A rule with its arguments filled in.

    ``init(w)`` gives the state before the first step; ``step(w, g, state)`` gives new weights and a new state.
    ``settings`` holds every argument, the defaults too, under torch's names.
    """

    name: str
    settings: Mapping[str, Any]
    init: Callable[[Array], Any]
    step: Callable[[Array, Array, Any], tuple[Array, Any]]


@dataclass(frozen=True)
class _Rule:
    """One torch class: the step behind it, what torch wraps around it, and what it refuses."""

    init: Callable[..., Any]
    step: Callable[..., Any]
    around: Mapping[str, Any]  # name -> default
    refusals: Callable[[Mapping[str, Any]], str | None]


def _sgd_refusals(s: Mapping[str, Any]) -> str | None:
    if s["nesterov"] and (s["momentum"] <= 0 or s["dampening"] != 0):
        return "nesterov=True needs momentum > 0 and dampening = 0"
    return None


_NON_NEGATIVE = ("lr", "momentum", "weight_decay")
_SWITCHES = ("nesterov", "maximize")
_RULES = {
    "SGD": _Rule(sgd_init, sgd_step, {"weight_decay": 0.0, "maximize": False}, _sgd_refusals),
}


def from_torch(name: str, **kwargs: Any) -> Optimizer:
    """The reference equal to ``torch.optim.<name>(params, **kwargs)``.

    Parameters
    ----------
    name : str
        A class of ``torch.optim``, for example ``"SGD"``.
    **kwargs
        That class's own arguments with its own defaults; the flags that choose an implementation (``foreach``,
        ``fused``, ``capturable``, ``differentiable``) are not among them.

    Raises
    ------
    ValueError
        For an unknown name or a value that torch refuses; the message says what is allowed.
    TypeError
        For an unknown argument, or one that is not a number where a number is due.

    Examples
    --------
    >>> import numpy as np
    >>> sgd = from_torch("SGD", lr=0.1, momentum=0.9, weight_decay=0.01)
    >>> w = np.array([2.0])
    >>> w, state = sgd.step(w, 8 * w, sgd.init(w))
    >>> print(w)
    [0.398]
    """
    rule = _RULES.get(name)
    if rule is None:
        raise ValueError(f"torch.optim has no {name!r} here{_did_you_mean(name, _RULES)}; known: {', '.join(_RULES)}")
    defaults = _defaults(rule)
    settings = defaults | {key: _checked(name, key, value, defaults) for key, value in kwargs.items()}
    if refusal := rule.refusals(settings):
        raise ValueError(f"{name}: {refusal}")
    own = {key: value for key, value in settings.items() if key not in rule.around}

    def step(w: Array, g: Array, state: Any) -> tuple[Array, Any]:
        if settings.get("maximize"):
            g = -g
        if settings.get("weight_decay"):
            g = g + settings["weight_decay"] * w
        return rule.step(w, g, state, **own)  # type: ignore[no-any-return]

    return Optimizer(name, settings, rule.init, step)


def _defaults(rule: _Rule) -> dict[str, Any]:
    """The step's own keyword arguments, read from its signature, and those that wrap it."""
    parameters = inspect.signature(rule.step).parameters.values()
    return {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY} | dict(rule.around)


def _checked(name: str, key: str, value: Any, defaults: Mapping[str, Any]) -> Any:
    if key not in defaults:
        hint = _did_you_mean(key, defaults)
        raise TypeError(f"{name} takes no argument {key!r}{hint}; it takes: {', '.join(defaults)}")
    if key in _SWITCHES:
        return bool(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name}: {key} is a number, not {value!r}")
    if key in _NON_NEGATIVE and not value >= 0 or math.isnan(value):
        raise ValueError(f"{name}: {key}={value} is refused; it must be 0 or more")
    return float(value)


def _did_you_mean(word: str, known: Mapping[str, Any]) -> str:
    close = get_close_matches(word, known, n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""
