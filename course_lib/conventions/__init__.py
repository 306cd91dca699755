"""One optimizer, many ways to write its settings: torch's, the papers', Keras' and optax', and momentum as an average.

A *dialect* of a rule is a library's or a paper's way to write it. Each is written out as its authors have it, under
their own names and defaults, as a walk: a generator of weights. ``convert`` translates settings, and source and target
then take the same steps, which is how the tests hold the translations.
"""

from collections.abc import Mapping
from typing import Any

from course_lib.conventions.adagrad import ADAGRAD
from course_lib.conventions.adam import ADAM, ADAMW
from course_lib.conventions.dialect import Dialect, Settings
from course_lib.conventions.momentum import SGD
from course_lib.conventions.rmsprop import RMSPROP

DIALECTS: Mapping[str, Mapping[str, Dialect]] = {
    "SGD": SGD,
    "Adagrad": ADAGRAD,
    "RMSprop": RMSPROP,
    "Adam": ADAM,
    "AdamW": ADAMW,
}


def convert(rule: str, settings: Mapping[str, Any], *, source: str, target: str) -> Settings:
    """Settings of one dialect in the words of another.

    Parameters
    ----------
    rule : str
        ``"SGD"``, ``"Adagrad"``, ``"RMSprop"``, ``"Adam"`` or ``"AdamW"``, as in ``torch.optim``.
    settings : mapping
        In the source's names; those left out have the source's defaults. A value may be a function of the step
        ``t``, counted from 1, and so may a value returned: some settings have no constant counterpart.
    source, target : str
        Keys of ``DIALECTS[rule]``.

    Returns
    -------
    dict
        Every setting of the target. With it the target takes the very steps that the source takes.

    Raises
    ------
    ValueError
        For an unknown rule or dialect, or where the target cannot take these steps; the message says why.
    TypeError
        For a setting that the source does not know.

    Examples
    --------
    >>> settings = {"lr": 0.5, "momentum": 0.75}
    >>> convert("SGD", settings, source="torch", target="averaged")
    {'lr': 2.0, 'beta': 0.75, 'bias_correction': False}
    >>> settings = {"alpha": 0.5, "lam": 0.25}
    >>> found = convert("AdamW", settings, source="paper", target="torch")
    >>> found["weight_decay"]
    0.5
    """
    if rule not in DIALECTS:
        raise ValueError(f"no rule {rule!r} here; there are: {', '.join(DIALECTS)}")
    for name in (source, target):
        if name not in DIALECTS[rule]:
            raise ValueError(f"{rule} has no dialect {name!r}; it has: {', '.join(DIALECTS[rule])}")
    here, there = DIALECTS[rule][source], DIALECTS[rule][target]
    return there.complete(there.from_torch(here.to_torch(here.complete(settings))))
