"""One rule over many parameters: lists, groups with their own settings, and parameters that got no gradient."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any


def init_each(init: Callable[[Any], Any], w: Any) -> Any:
    """The state before the first step of every parameter in ``w``, in ``w``'s own structure (see ``step_each``)."""
    if isinstance(w, Mapping):
        return init_each(init, w["params"])
    if isinstance(w, list | tuple):
        return [init_each(init, one) for one in w]
    return init(w)


def step_each(step: Callable[..., tuple[Any, Any]], w: Any, g: Any, state: Any, **settings: Any) -> tuple[Any, Any]:
    """Take one step for every parameter in ``w``.

    Parameters
    ----------
    step : callable
        ``step(w, g, state, **settings) -> (w, state)`` for one array.
    w : array, list or group
        One array; a list of arrays (or of groups); or a group, a mapping as torch has it: ``"params"`` holds the
        parameters and every other key a setting of theirs, such as ``{"params": [w1, w2], "lr": 0.01}``.
    g, state
        Gradient and state for each array in ``w``, in lists of the same lengths. Where a gradient is None, that
        parameter's weights, state and count of steps stand still.

    Raises
    ------
    ValueError
        If the lists of ``w``, ``g`` and ``state`` differ in length.
    TypeError
        If ``w`` is a list and ``g`` or ``state`` is not.
    """
    if isinstance(w, Mapping):
        own = {key: value for key, value in w.items() if key != "params"}
        params, state = step_each(step, w["params"], g, state, **(settings | own))
        return {**w, "params": params}, state
    if isinstance(w, list | tuple):
        _check_lengths(w, g, state)
        pairs = [step_each(step, *one, **settings) for one in zip(w, g, state, strict=True)]
        return [moved for moved, _ in pairs], [after for _, after in pairs]
    return (w, state) if g is None else step(w, g, state, **settings)


def _check_lengths(w: Sequence[Any], g: Any, state: Any) -> None:
    for name, other in (("g", g), ("state", state)):
        if not isinstance(other, list | tuple):
            raise TypeError(f"w is a list of {len(w)} parameters, so {name} is a list too, not {type(other).__name__}")
        if len(other) != len(w):
            raise ValueError(f"w holds {len(w)} parameters and {name} {len(other)}; give one for each")
