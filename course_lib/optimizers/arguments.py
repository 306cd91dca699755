"""What each argument of a ``torch.optim`` class may be: one function per kind, which returns the value or refuses it.

A kind raises ``TypeError`` or ``ValueError`` with the end of a sentence that begins "<class>: <argument>=<value>".
"""

import math
from collections.abc import Callable
from numbers import Real
from typing import Any

Kind = Callable[[Any], Any]


def number(value: Any) -> float:
    """A Python float, from any real number or array of one (torch takes ``lr=torch.tensor(0.1)``)."""
    if isinstance(value, bool | str) or not (isinstance(value, Real) or getattr(value, "shape", None) in ((), (1,))):
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


def switch(value: Any) -> bool:
    """True or False."""
    if not isinstance(value, bool):
        raise TypeError("must be True or False")
    return value


# What an argument of this name is in every class, unless the class's entry in torch_names says otherwise.
KINDS: dict[str, Kind] = {
    "lr": non_negative,
    "momentum": non_negative,
    "dampening": number,
    "nesterov": switch,
    "weight_decay": non_negative,
    "maximize": switch,
}
