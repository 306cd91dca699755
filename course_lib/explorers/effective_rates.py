"""Two weights with different gradients, and the rate that Adagrad and RMSprop give to each, step by step."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from course_lib.averages import window
from course_lib.explorers.base import Explorer
from course_lib.explorers.kept import kept
from course_lib.explorers.plane import packed
from course_lib.optimizers import adagrad_init, adagrad_step, rmsprop_init, rmsprop_step
from course_lib.plotting import Figure, figure, ink

STEPS = 120
GAP, BURST, BURST_AT = 20, 30.0, 40
WINDOWS = (2, 3, 5, 10, 20, 33, 50, 100, 200, 1000)
ALPHAS = np.array([1 - 1 / n for n in WINDOWS])
NEAR = 1.1  # a rate this many times too small counts as recovered
MOST = 4.0  # the largest logarithm that is written down


class Pair(NamedTuple):
    """Two weights: the ``names`` they go by, their gradients of shape ``(STEPS, 2)``, and what to notice."""

    title: str
    names: tuple[str, str]
    gradients: np.ndarray
    says: Callable[[int], str]


def _rare(n: int) -> str:
    if n < GAP:
        return "Its memory is shorter than the gap: each gradient of the rare weight comes as if it were the first."
    return "Its memory bridges the gaps, and the longer it is, the calmer the rare weight's rate."


def _small(_: int) -> str:
    return "The rates differ a hundredfold, the gradients too, so that both weights take the same steps."


def _burst(n: int) -> str:
    after = recovery(1 - 1 / n)
    back = f"has come back to it within a tenth {after} steps later" if after else "has not come back to it by the end"
    return f"Adagrad never forgets the burst. RMSprop's rate falls below the calm weight's and {back}."


def _pairs() -> list[Pair]:
    t = np.arange(STEPS)
    ones = np.ones(STEPS)
    return [
        Pair("frequent and rare", ("frequent", "rare"), np.stack([ones, 1.0 * (t % GAP == 0)], axis=1), _rare),
        Pair("large and small", ("large", "small"), np.stack([10 * ones, 0.1 * ones], axis=1), _small),
        Pair("a burst", ("calm", "burst"), np.stack([ones, np.where(t == BURST_AT, BURST, 1.0)], axis=1), _burst),
    ]


PAIRS = _pairs()


def adagrad_rates(gradients: np.ndarray) -> np.ndarray:
    """What each gradient is multiplied by when ``lr`` is 1, by the reference; of the gradients' shape."""
    return _rates(gradients, lambda: adagrad_init(gradients[0]), adagrad_step, lambda state: state.s)


def rmsprop_rates(gradients: np.ndarray, alpha: float) -> np.ndarray:
    """The same for RMSprop with a share ``alpha`` that survives."""
    return _rates(gradients, lambda: rmsprop_init(gradients[0]), rmsprop_step, lambda state: state.v, alpha=alpha)


def _rates(
    gradients: np.ndarray,
    init: Callable[[], Any],
    step: Callable[..., tuple[Any, Any]],
    squares: Callable[[Any], np.ndarray],
    **settings: float,
) -> np.ndarray:
    """Read from the state, since a gradient of 0 moves nothing and would not tell."""
    w, state, found = np.zeros_like(gradients[0]), init(), []
    for g in gradients:
        w, state = step(w, g, state, lr=1.0, eps=0.0, **settings)
        found.append(1 / np.sqrt(squares(state)))
    return np.stack(found)


def recovery(alpha: float) -> int | None:
    """How many steps after the burst the two rates are within a tenth again; None if not within ``STEPS``."""
    calm, burst = rmsprop_rates(PAIRS[-1].gradients, alpha)[BURST_AT:].T
    near = calm <= NEAR * burst
    return int(near.argmax()) if near.any() else None


@kept
def effective_rates_explorer(pair: int = 0, alpha: float = 0.9, step: int = 60) -> Explorer:
    """Two weights, their gradients, and the effective rates of Adagrad and RMSprop at ``lr=1``.

    Parameters
    ----------
    pair : int
        Which of ``PAIRS`` is shown at first.
    alpha : float
        Where RMSprop's slider stands at first, rounded to one of ``ALPHAS``.
    step : int
        The step that is told, from 1.

    Raises
    ------
    ValueError
        If one of them lies outside its control.
    """
    if not 0 <= pair < len(PAIRS):
        raise ValueError(f"pair={pair}: there are {len(PAIRS)} pairs, from 0")
    if not ALPHAS[0] <= alpha <= ALPHAS[-1]:
        raise ValueError(f"alpha={alpha}: the slider runs from {ALPHAS[0]:g} to {ALPHAS[-1]:g}")
    if not 1 <= step <= STEPS:
        raise ValueError(f"step={step}: the slider runs from 1 to {STEPS}")
    data = {
        "alpha": ALPHAS,
        "window": [window(a) for a in ALPHAS],
        "steps": STEPS,
        "pairs": [_drawn(each) for each in PAIRS],
    }
    return Explorer(
        kind="effective_rates",
        title="What rate do two different weights get?",
        data=data,
        state={"pair": pair, "alpha": int(np.abs(ALPHAS - alpha).argmin()), "step": step},
        fallback=_fallback(PAIRS[pair]),
    )


def _drawn(pair: Pair) -> dict[str, Any]:
    """A pair as the module takes it: the logarithms of the rates, weight by weight."""
    by_alpha = np.stack([rmsprop_rates(pair.gradients, float(a)).T for a in ALPHAS])
    return {
        "title": pair.title,
        "names": pair.names,
        "gradients": pair.gradients.T,
        "adagrad": packed(np.log10(adagrad_rates(pair.gradients).T), MOST),
        "rmsprop": packed(np.log10(by_alpha), MOST),
        "says": [pair.says(n) for n in WINDOWS],
    }


def _fallback(pair: Pair) -> Figure:
    t = np.arange(1, STEPS + 1)
    lines = {
        "Adagrad": ("orange", adagrad_rates(pair.gradients)),
        "RMSprop, α = 0.9": ("blue", rmsprop_rates(pair.gradients, 0.9)),
    }
    ends = "; ".join(f"{name} ends at {r[-1][0]:.2g} and {r[-1][1]:.2g}" for name, (_, r) in lines.items())
    alt = f"Effective rates of two weights, the first solid and the second dashed ({', '.join(pair.names)}): {ends}."
    with figure(alt) as drawing:
        for label, (colour, rates) in lines.items():
            drawing.ax.semilogy(t, rates[:, 0], "-", color=ink(colour), label=label)
            drawing.ax.semilogy(t, rates[:, 1], "--", color=ink(colour))
        drawing.ax.set(xlabel="step", ylabel="rate, lr = 1")
        drawing.ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    return drawing
