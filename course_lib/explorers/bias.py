"""Adam's bias correction: both averages with and without it over the first steps, and the step that they make."""

from typing import Any, NamedTuple

import numpy as np

from course_lib.explorers.base import Explorer
from course_lib.explorers.kept import kept
from course_lib.optimizers import adam_init, adam_step
from course_lib.plotting import Figure, figure, ink

BETA1S = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98)
BETA2S = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9995)
STEPS = 60
CLOSE = 1.1  # a step this many times too long, or too short, still counts as right
LATEST = 100_000  # how far ahead to look for the last step that is not
# All positive, so that the steps have a logarithm: from 0.2 to 1.8, of mean 1.
GRADIENTS = np.random.default_rng(3).uniform(0.2, 1.8, STEPS)

# What the uncorrected step is, with the ink that shows it.
REGIMES = {"too long": "orange", "too short": "purple", "about right": "green"}


class Run(NamedTuple):
    """Adam on ``GRADIENTS``: its averages, the corrected ones, and its moves over lr, each of shape ``(STEPS,)``.

    ``root`` is the root of the mean square; ``corrected`` and ``uncorrected`` are the moves with and without hats.
    """

    mean: np.ndarray
    mean_hat: np.ndarray
    root: np.ndarray
    root_hat: np.ndarray
    corrected: np.ndarray
    uncorrected: np.ndarray


@kept
def bias_explorer(betas: tuple[float, float] = (0.9, 0.999), step: int = 12) -> Explorer:
    """The first steps of Adam on sixty random gradients of mean 1.

    Parameters
    ----------
    betas : two floats
        Where the sliders stand at first, each one of ``BETA1S`` and ``BETA2S``.
    step : int
        The step that is told about, from 1.

    Raises
    ------
    ValueError
        If one of them is not on its slider.
    """
    for beta, choices in zip(betas, (BETA1S, BETA2S), strict=True):
        if beta not in choices:
            raise ValueError(f"beta={beta}: the slider has {', '.join(map(str, choices))}")
    if not 1 <= step <= STEPS:
        raise ValueError(f"step={step}: the slider runs from 1 to {STEPS}")
    runs = [[run(b1, b2) for b2 in BETA2S] for b1 in BETA1S]
    data = {
        "beta1": BETA1S,
        "beta2": BETA2S,
        "gradients": GRADIENTS.round(4),
        "mean": [row[0].mean.round(4) for row in runs],
        "mean_hat": [row[0].mean_hat.round(4) for row in runs],
        "root": [each.root.round(4) for each in runs[0]],
        "root_hat": [each.root_hat.round(4) for each in runs[0]],
        "corrected": [[np.log10(each.corrected).round(4) for each in row] for row in runs],
        "uncorrected": [[np.log10(each.uncorrected).round(4) for each in row] for row in runs],
        "lasts": [[lasts(b1, b2) for b2 in BETA2S] for b1 in BETA1S],
        "close": CLOSE,
        "regimes": REGIMES,
    }
    return Explorer(
        kind="bias",
        title="What does the bias correction correct?",
        data=data,
        state={"beta1": BETA1S.index(betas[0]), "beta2": BETA2S.index(betas[1]), "step": step},
        fallback=_fallback(betas),
    )


def run(beta1: float, beta2: float) -> Run:
    """Adam's first steps, from its own states."""
    w, kept = np.zeros(()), []
    state = adam_init(w)
    for g in GRADIENTS:
        new, state = adam_step(w, g, state, lr=1.0, betas=(beta1, beta2), eps=0.0)
        shares = 1 - beta1**state.t, 1 - beta2**state.t
        root = np.sqrt(state.v)
        kept.append((state.m, state.m / shares[0], root, root / np.sqrt(shares[1]), w - new, state.m / root))
        w = new
    return Run(*np.array(kept, dtype=float).T)


def lasts(beta1: float, beta2: float) -> int:
    """The last step whose length, without the correction, is not about right; 0 where all of them are."""
    t = np.arange(1, LATEST + 1)
    off = np.abs(np.log((1 - beta1**t) / np.sqrt(1 - beta2**t))) > np.log(CLOSE)
    return int(t[off].max(initial=0))


def verdict(factor: float) -> str:
    """What a step is that the missing correction has made ``factor`` times as long."""
    if factor > CLOSE:
        return "too long"
    return "too short" if factor < 1 / CLOSE else "about right"


def _fallback(betas: tuple[float, float]) -> Figure:
    first = run(*betas)
    factor = first.uncorrected / first.corrected
    alt = (
        f"The first {STEPS} steps of Adam with betas {betas}. Without the correction the first step is "
        f"{factor[0]:.2f} times as long as with it, {verdict(factor[0])}; the longest, step {factor.argmax() + 1}, is "
        f"{factor.max():.2f} times as long."
    )
    t = np.arange(1, STEPS + 1)
    with figure(alt, columns=2, height=210) as drawing:
        left, right = drawing.axes
        lines: list[tuple[Any, str, str, np.ndarray, np.ndarray]] = [
            (left, "blue", "m", first.mean, first.mean_hat),
            (left, "orange", "√v", first.root, first.root_hat),
            (right, "green", "step / lr", first.uncorrected, first.corrected),
        ]
        for ax, colour, name, raw, hat in lines:
            ax.plot(t, raw, "--", color=ink(colour), label=f"{name}, not corrected")
            ax.plot(t, hat, color=ink(colour), label=f"{name}, corrected")
            ax.set(xlabel="step")
            ax.legend(loc="upper left", bbox_to_anchor=(0, 1.45), fontsize="small")
    return drawing
