"""What each argument of a ``torch.optim`` class may be: one function per kind, which returns the value or refuses it.

A kind raises ``TypeError`` or ``ValueError`` with the end of a sentence that begins "<class>: <argument>=<value>".
"""

import math
from collections.abc import Callable
from numbers import Real
from operator import index
from typing import Any

Kind = Callable[[Any], Any]


def number(value: Any) -> float:
    """A Python float, from any real number or array of one (torch takes ``lr=torch.tensor(0.1)``)."""
    if getattr(value, "shape", None) == (1,):
        value = value[0]
    if isinstance(value, bool | str) or not (isinstance(value, Real) or getattr(value, "shape", None) == ()):
        raise TypeError("must be a number")
    if math.isnan(plain := float(value)):
        raise ValueError("must be a number")
    return plain


def non_negative(value: Any) -> float:
    """At least 0."""
    if (plain := number(value)) < 0:
        raise ValueError("must be 0 or more")
    return plain


def positive(value: Any) -> float:
    """Above 0."""
    if (plain := number(value)) <= 0:
        raise ValueError("must be more than 0")
    return plain


def at_most_zero(value: Any) -> float:
    """0 or below."""
    if (plain := number(value)) > 0:
        raise ValueError("must be 0 or less")
    return plain


def at_least_one(value: Any) -> float:
    """1 or above."""
    if (plain := number(value)) < 1:
        raise ValueError("must be 1 or more")
    return plain


def fraction(value: Any) -> float:
    """From 0 to 1, both included."""
    if not 0 <= (plain := number(value)) <= 1:
        raise ValueError("must lie between 0 and 1")
    return plain


def numbers(count: int) -> Kind:
    """A kind: that many numbers."""

    def kind(values: Any) -> tuple[float, ...]:
        if isinstance(values, str) or not hasattr(values, "__len__") or len(values) != count:
            raise TypeError(f"must be {count} numbers")
        return tuple(number(value) for value in values)

    return kind


def betas(values: Any) -> tuple[float, ...]:
    """Two shares, each from 0 up to but not including 1."""
    pair: tuple[float, ...] = numbers(2)(values)
    if not all(0 <= beta < 1 for beta in pair):
        raise ValueError("must both be at least 0 and less than 1")
    return pair


def etas(values: Any) -> tuple[float, ...]:
    """A factor that shrinks and a factor that grows."""
    shrink, grow = numbers(2)(values)
    if not 0 < shrink < 1 < grow:
        raise ValueError("must be a factor between 0 and 1 and one above 1")
    return shrink, grow


def adafactor_eps(values: Any) -> tuple[float | None, float]:
    """Two sizes, the first of which may be None."""
    if not hasattr(values, "__len__") or len(values) != 2:
        raise TypeError("must be two numbers, the first of which may be None")
    first, second = values
    return None if first is None else non_negative(first), non_negative(second)


def switch(value: Any) -> bool:
    """True or False."""
    if not isinstance(value, bool):
        raise TypeError("must be True or False")
    return value


def count(least: int, most: float = math.inf) -> Kind:
    """A kind: a whole number between two bounds."""

    def kind(value: Any) -> int:
        if isinstance(value, bool) or not hasattr(value, "__index__"):
            raise TypeError("must be a whole number")
        if not least <= (plain := index(value)) <= most:
            bounds = f"from {least} to {most}" if most < math.inf else f"{least} or more"
            raise ValueError(f"must be {bounds}")
        return plain

    return kind


def optional(kind: Kind) -> Kind:
    """A kind: None, or what ``kind`` takes."""
    return lambda value: None if value is None else kind(value)


def one_of(*choices: str) -> Kind:
    """A kind: one of these words."""

    def kind(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"must be one of {', '.join(map(repr, choices))}")
        return str(value)

    return kind


# What an argument of this name is in every class, unless the class's entry in torch_names says otherwise.
KINDS: dict[str, Kind] = {
    "adjust_lr_fn": optional(one_of("original", "match_rms_adamw")),
    "alpha": non_negative,
    "amsgrad": switch,
    "beta2_decay": at_most_zero,
    "betas": betas,
    "centered": switch,
    "d": at_least_one,
    "dampening": number,
    "decoupled_weight_decay": switch,
    "eps": non_negative,
    "etas": etas,
    "history_size": count(1),
    "initial_accumulator_value": non_negative,
    "lambd": number,
    "line_search_fn": optional(one_of("strong_wolfe")),
    "lr": non_negative,
    "lr_decay": non_negative,
    "max_eval": optional(count(0)),
    "max_iter": count(0),
    "maximize": switch,
    "momentum": non_negative,
    "momentum_decay": non_negative,
    "nesterov": switch,
    "ns_coefficients": numbers(3),
    "ns_steps": count(0, 99),
    "rho": fraction,
    "step_sizes": numbers(2),
    "t0": number,
    "tolerance_change": number,
    "tolerance_grad": number,
    "weight_decay": non_negative,
}
