"""Weight decay that Adam divides, as a penalty in the gradient, and AdamW's, which it does not: a weight in noise."""

from typing import Any

import numpy as np

from course_lib.explorers.base import Explorer
from course_lib.explorers.kept import kept
from course_lib.optimizers import from_torch
from course_lib.plotting import Figure, figure, ink

NOISES = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
DECAYS = (0.0, 0.1, 0.2, 0.5, 1.0, 2.0)
RULES = {"L2": "Adam", "AdamW": "AdamW"}
LR = 0.001
STEPS = 2000
EVERY = 40  # steps between two points of a line
CLOSE = 0.15  # a path of 1 and less that comes no farther from the pure decay still counts as following it
SHAPE = np.random.default_rng(7).standard_normal(STEPS)

# What a weight does beside the pure decay, with the ink that shows it.
REGIMES = {"shrinks too little": "orange", "follows": "green", "shrinks too much": "purple"}


@kept
def decay_explorer(noise: float = 10.0, decay: float = 0.5) -> Explorer:
    """One weight that starts at 1 and sees nothing but noise, under Adam with an L2 penalty and under AdamW.

    Parameters
    ----------
    noise : float
        The standard deviation of its gradients, one of ``NOISES``.
    decay : float
        The ``weight_decay`` of both rules, one of ``DECAYS``.

    Raises
    ------
    ValueError
        If one of them is not on its slider.
    """
    for name, value, choices in (("noise", noise, NOISES), ("decay", decay, DECAYS)):
        if value not in choices:
            raise ValueError(f"{name}={value}: the slider has {', '.join(map(str, choices))}")
    paths = {name: [weights(name, each) for each in DECAYS] for name in RULES}
    data: dict[str, Any] = {
        "noise": NOISES,
        "decay": DECAYS,
        "steps": steps(),
        "alone": [alone(each).round(4) for each in DECAYS],
        "rules": {name: [each.round(4) for each in several] for name, several in paths.items()},
        "verdicts": {
            name: [[verdict(w, alone(decay)) for w in each] for decay, each in zip(DECAYS, several, strict=True)]
            for name, several in paths.items()
        },
        "spread": {name: [np.ptp(each, axis=0).max() for each in several] for name, several in paths.items()},
        "regimes": REGIMES,
        "lr": LR,
    }
    return Explorer(
        kind="decay",
        title="Which decay reaches the weight?",
        data=data,
        state={"noise": NOISES.index(noise), "decay": DECAYS.index(decay)},
        fallback=_fallback(noise, decay),
    )


def steps() -> np.ndarray:
    """The steps that are drawn."""
    return np.arange(0, STEPS + 1, EVERY)


def alone(decay: float) -> np.ndarray:
    """What the decay by itself leaves of a weight of 1, at each of ``steps()``."""
    return np.asarray((1 - LR * decay) ** steps())


def weights(name: str, decay: float) -> np.ndarray:
    """A weight for each of ``NOISES`` under the rule ``name``, shape ``(len(NOISES), len(steps()))``."""
    rule, w = from_torch(RULES[name], lr=LR, weight_decay=decay), np.ones(len(NOISES))
    state, path = rule.init(w), [w]
    for g in SHAPE:
        w, state = rule.step(w, g * np.array(NOISES), state)
        path.append(w)
    return np.stack(path, axis=1)[:, ::EVERY]


def verdict(path: np.ndarray, wanted: np.ndarray) -> str:
    """What a weight does on its path beside ``wanted``, that of the decay alone, told where it is farthest from it."""
    off = (path - wanted)[np.abs(path - wanted).argmax()]
    if abs(off) <= CLOSE:
        return "follows"
    return "shrinks too little" if off > 0 else "shrinks too much"


def _fallback(noise: float, decay: float) -> Figure:
    at, wanted = NOISES.index(noise), alone(decay)
    paths = {name: weights(name, decay)[at] for name in RULES}
    told = "; ".join(f"under {name} it {verdict(path, wanted)}" for name, path in paths.items())
    alt = f"A weight that starts at 1, with gradients of pure noise of size {noise:g} and a decay of {decay:g}: {told}."
    with figure(alt) as drawing:
        drawing.ax.plot(steps(), wanted, ":", color=ink("ink"), label="decay alone")
        for (name, path), colour, line in zip(paths.items(), ("orange", "blue"), ("--", "-"), strict=True):
            drawing.ax.plot(steps(), path, line, color=ink(colour), label=name)
        drawing.ax.set(xlabel="step", ylabel="weight")
        drawing.ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3)
    return drawing
