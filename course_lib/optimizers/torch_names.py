"""Optimizers by their ``torch.optim`` names, equal to them flag by flag."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from course_lib.optimizers.arguments import KINDS
from course_lib.optimizers.array_checks import check_gradient, check_weights
from course_lib.optimizers.one_vector import pack, packed_closure, unpack
from course_lib.optimizers.param_groups import init_each, step_each
from course_lib.optimizers.surroundings import in_pairs, surround
from course_lib.optimizers.torch_rules import RULES, Rule, keywords


@dataclass(frozen=True)
class Optimizer:
    """A rule with its arguments filled in.

    ``init(w)`` gives the state before the first step. ``step(w, g, state)`` gives new weights and a new state; a
    setting named there as well (``lr=0.01``) holds for that step alone. ``settings`` has every argument, the
    defaults too, under torch's names.

    ``w`` is one array, a list of arrays, or a list of groups such as ``{"params": [w1, w2], "lr": 0.01}``; ``g`` and
    the state are then lists of the same form. A gradient of None leaves its parameter and its state as they are.
    Complex weights are stepped as pairs of reals, which is how their state stands (a last axis of length 2).

    LBFGS takes ``closure`` in place of ``g``, with ``closure(w) -> (loss, g)`` for ``w`` of the same form; it looks at
    all weights together, so it takes no groups, and counts a gradient of None as zeros.
    """

    name: str
    settings: Mapping[str, Any]
    init: Callable[[Any], Any]
    step: Callable[..., tuple[Any, Any]]


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
    if name not in RULES:
        raise ValueError(f"no optimizer {name!r}{_did_you_mean(name, RULES)}; known: {', '.join(RULES)}")
    rule = RULES[name]
    settings = _checked(name, rule.defaults, kwargs)
    over = _over_one_vector if rule.takes_gradient == "closure" else _over_each_parameter
    init, step = over(name, rule, settings)
    step.__signature__ = _signature(step, settings)  # type: ignore[attr-defined]
    return Optimizer(name, settings, init, step)


InitAndStep = tuple[Callable[[Any], Any], Callable[..., tuple[Any, Any]]]


def _over_each_parameter(name: str, rule: Rule, settings: Mapping[str, Any]) -> InitAndStep:
    of_init = {key: settings[key] for key in keywords(rule.init)}
    surrounded = surround(rule.step, rule.around, dense=rule.takes_gradient != "sparse")

    def one_init(w: Any) -> Any:
        _check_weights(name, w)
        return rule.init(in_pairs(w), **of_init)

    def one_step(w: Any, g: Any, state: Any, **changed: Any) -> tuple[Any, Any]:
        _check_weights(name, w)
        check_gradient(w, g, takes=rule.takes_gradient)
        now = _checked(name, settings, changed)
        return surrounded(w, g, state, **{key: value for key, value in now.items() if key not in of_init})

    def init(w: Any) -> Any:
        return init_each(one_init, w)

    def step(w: Any, g: Any, state: Any, **changed: Any) -> tuple[Any, Any]:
        return step_each(one_step, w, g, state, **changed)

    return init, step


def _over_one_vector(name: str, rule: Rule, settings: Mapping[str, Any]) -> InitAndStep:
    def arrays(w: Any) -> list[Any]:
        if isinstance(w, Mapping) or (isinstance(w, list | tuple) and any(isinstance(one, Mapping) for one in w)):
            raise TypeError(f"{name} looks at all parameters together and takes no groups; give it one list")
        every = list(w) if isinstance(w, list | tuple) else [w]
        for one in every:
            _check_weights(name, one)
        return every

    def init(w: Any) -> Any:
        return rule.init(pack(arrays(w)))

    def step(w: Any, closure: Any, state: Any, **changed: Any) -> tuple[Any, Any]:
        every, alone = arrays(w), not isinstance(w, list | tuple)
        now = _checked(name, settings, changed)
        moved, state = rule.step(pack(every), packed_closure(closure, every, alone=alone), state, **now)
        unpacked = unpack(moved, every)
        return (unpacked[0] if alone else unpacked), state

    return init, step


def _signature(step: Callable[..., Any], settings: Mapping[str, Any]) -> inspect.Signature:
    """The signature of ``step`` with its settings by name, for ``help`` and for ``as_torch_optimizer``."""
    positional = list(inspect.signature(step).parameters.values())[:3]
    named = [inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=value) for key, value in settings.items()]
    return inspect.Signature([*positional, *named])


def _check_weights(name: str, w: Any) -> None:
    check_weights(w, takes_complex=RULES[name].takes_complex)
    if reason := RULES[name].refuses_shape(tuple(w.shape)):
        raise ValueError(f"{name} {reason}; w has shape {tuple(w.shape)}")


def _checked(name: str, defaults: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """``defaults`` overridden by what is ``given``, or a refusal in torch's terms."""
    rule = RULES[name]
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
