"""Optimizers by their ``torch.optim`` names, equal to them flag by flag."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from course_lib.optimizers.arguments import KINDS, Kind
from course_lib.optimizers.param_groups import init_each, step_each
from course_lib.optimizers.sgd import sgd_init, sgd_step
from course_lib.optimizers.surroundings import check_weights, in_pairs, surround


@dataclass(frozen=True)
class Optimizer:
    """A rule with its arguments filled in.

    ``init(w)`` gives the state before the first step. ``step(w, g, state)`` gives new weights and a new state; a
    setting named there as well (``lr=0.01``) holds for that step alone. ``settings`` has every argument, the
    defaults too, under torch's names.

    ``w`` is one array, a list of arrays, or a list of groups such as ``{"params": [w1, w2], "lr": 0.01}``; ``g`` and
    the state are then lists of the same form. A gradient of None leaves its parameter and its state as they are.
    Complex weights are stepped as pairs of reals, which is how their state stands (a last axis of length 2).
    """

    name: str
    settings: Mapping[str, Any]
    init: Callable[[Any], Any]
    step: Callable[..., tuple[Any, Any]]


@dataclass(frozen=True)
class _Rule:
    """One torch class: the step behind it, what torch composes around it, and what it refuses."""

    init: Callable[..., Any]
    step: Callable[..., Any]
    around: Mapping[str, Any]  # name -> default
    kinds: Mapping[str, Kind] = field(default_factory=dict)  # where they differ from KINDS
    refuses: Callable[[Mapping[str, Any]], str | None] = lambda settings: None
    takes_complex: bool = True

    @property
    def defaults(self) -> dict[str, Any]:
        """The step's own keyword arguments, read from its signature, and those around it."""
        parameters = inspect.signature(self.step).parameters.values()
        return {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY} | dict(self.around)


def _nesterov_alone(settings: Mapping[str, Any]) -> str | None:
    if settings["nesterov"] and (settings["momentum"] <= 0 or settings["dampening"] != 0):
        return "nesterov=True needs momentum > 0 and dampening = 0"
    return None


_MAXIMIZE = {"maximize": False}
_DECAY = {"weight_decay": 0.0, **_MAXIMIZE}

_RULES = {
    "SGD": _Rule(sgd_init, sgd_step, _DECAY, refuses=_nesterov_alone),
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
        For an unknown name or a value that torch refuses; the message says what is allowed. The ``step`` raises it
        for a gradient of another shape than its weights.
    TypeError
        For an unknown argument, or one that is not a number where a number is due. ``init`` and ``step`` raise it for
        weights that are no array of floats, and for a gradient of another dtype.

    Examples
    --------
    >>> import numpy as np
    >>> sgd = from_torch("SGD", lr=0.1, momentum=0.9, weight_decay=0.01)
    >>> w = np.array([2.0])
    >>> w, state = sgd.step(w, 8 * w, sgd.init(w))
    >>> print(w)
    [0.398]
    """
    if name not in _RULES:
        raise ValueError(f"no optimizer {name!r}{_did_you_mean(name, _RULES)}; known: {', '.join(_RULES)}")
    rule = _RULES[name]
    settings = _checked(name, rule.defaults, kwargs)
    one_step = surround(rule.step, takes_complex=rule.takes_complex)

    def one_init(w: Any) -> Any:
        check_weights(w, takes_complex=rule.takes_complex)
        return rule.init(in_pairs(w))

    def init(w: Any) -> Any:
        return init_each(one_init, w)

    def checked_step(w: Any, g: Any, state: Any, **changed: Any) -> tuple[Any, Any]:
        return one_step(w, g, state, **_checked(name, settings, changed))

    def step(w: Any, g: Any, state: Any, **changed: Any) -> tuple[Any, Any]:
        return step_each(checked_step, w, g, state, **changed)

    return Optimizer(name, settings, init, step)


def _checked(name: str, defaults: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """``defaults`` overridden by what is ``given``, or a refusal in torch's terms."""
    rule = _RULES[name]
    settings = {**defaults}
    for key, value in given.items():
        if key not in defaults:
            known = ", ".join(defaults)
            raise TypeError(f"{name} takes no argument {key!r}{_did_you_mean(key, defaults)}; it takes: {known}")
        try:
            settings[key] = (KINDS | dict(rule.kinds))[key](value)
        except (TypeError, ValueError) as refusal:
            raise type(refusal)(f"{name}: {key}={value!r} {refusal}") from None
    if reason := rule.refuses(settings):
        raise ValueError(f"{name}: {reason}")
    return settings


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    by_lower = {one.lower(): one for one in known}
    close = get_close_matches(str(word).lower(), by_lower, n=1)
    return f" (did you mean {by_lower[close[0]]!r}?)" if close else ""
