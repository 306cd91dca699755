"""What a dialect is, and the small words that translations are written in."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from course_lib.optimizers import from_torch

Settings = dict[str, Any]  # a value may be a function of the step t, counted from 1
Gradient = Callable[[Any], Any]
Walk = Callable[..., Iterator[Any]]  # walk(w, grad, **settings) yields the weights after each step


def at(value: Any, t: int) -> Any:
    """A setting's value at step ``t``: settings may be functions of it."""
    return value(t) if callable(value) else value


def each(rule: Callable[..., Any], *values: Any) -> Any:
    """``rule(*values)``, or where one of them is a function of ``t`` the function that says so for every ``t``.

    >>> each(lambda lr, beta: lr / (1 - beta), 0.125, 0.5)
    0.25
    >>> each(lambda lr, beta: lr / (1 - beta), lambda t: 1 / t, 0.5)(4)
    0.5
    """
    if any(map(callable, values)):
        return lambda t: rule(*(at(value, t) for value in values))
    return rule(*values)


@dataclass(frozen=True)
class Dialect:
    """One way to write a rule.

    Attributes
    ----------
    walk : callable
        ``walk(w, grad, **settings)``, the rule written out; its keyword arguments are the dialect's settings.
    to_torch : callable
        From the dialect's settings, all of them, to torch's.
    from_torch : callable
        The way back.
    differs : str
        Where it differs from torch, in a sentence.
    """

    walk: Walk
    to_torch: Callable[[Settings], Settings]
    from_torch: Callable[[Settings], Settings]
    differs: str

    @property
    def defaults(self) -> Settings:
        """Settings that have a default, with it."""
        found = inspect.signature(self.walk).parameters.values()
        return {p.name: p.default for p in found if p.kind is p.KEYWORD_ONLY and p.default is not p.empty}

    def complete(self, settings: Mapping[str, Any]) -> Settings:
        """``settings`` with the defaults for those left out.

        Raises
        ------
        TypeError
            For an unknown setting, or one without a default that is missing.
        """
        known = [p.name for p in inspect.signature(self.walk).parameters.values() if p.kind is p.KEYWORD_ONLY]
        if unknown := settings.keys() - set(known):
            raise TypeError(f"unknown here: {', '.join(sorted(unknown))}; the settings are: {', '.join(known)}")
        if missing := set(known) - settings.keys() - self.defaults.keys():
            raise TypeError(f"these have no default here: {', '.join(sorted(missing))}")
        return {name: settings[name] if name in settings else self.defaults[name] for name in known}


def only(settings: Settings, why: str, **wanted: Any) -> None:
    """Refuse settings that have no counterpart."""
    for name, value in wanted.items():
        if callable(settings[name]) or settings[name] != value:
            raise ValueError(f"{name}={settings[name]!r} cannot be converted: {why}")


def folded(lr: Any, momentum: Any) -> Any:
    """The momentum of a buffer that holds the learning rate, for torch's momentum of a buffer that does not.

    The folded buffer still moves at the rates of its past; where the rate changes the share has to make up for it.
    """
    return momentum if not callable(lr) else lambda t: at(momentum, t) * (lr(t) / lr(t - 1) if t > 1 else 1.0)


def unfolded(lr: Any, momentum: Any) -> Any:
    """``folded``, undone."""
    return momentum if not callable(lr) else lambda t: at(momentum, t) * (lr(t - 1) / lr(t) if t > 1 else 1.0)


def torch_dialect(rule: str, *names: str) -> Dialect:
    """torch's own dialect: ``from_torch`` with the settings that the others know too."""
    defaults = from_torch(rule).settings

    def walk(w: Any, grad: Gradient, **settings: Any) -> Iterator[Any]:
        first = {name: at(value, 1) for name, value in settings.items()}
        optimizer = from_torch(rule, **first)
        state = optimizer.init(w)
        # What the constructor alone may set is not passed to the steps.
        later = {name: value for name, value in settings.items() if name != "initial_accumulator_value"}
        for t in count(1):
            w, state = optimizer.step(w, grad(w), state, **{name: at(value, t) for name, value in later.items()})
            yield w

    keywords = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=defaults[name]) for name in names]
    front = list(inspect.signature(walk).parameters.values())[:2]
    walk.__signature__ = inspect.Signature([*front, *keywords])  # type: ignore[attr-defined]
    return Dialect(walk, dict, dict, "It is the one that this course uses.")
