"""A weight on which L2 and decoupled decay pull differently."""

import numpy as np

from course_lib.explorers import decay
from course_lib.optimizers import adam_init, adam_step
from tests.browser.explorers.base import Case, Lines, State


def expected(state: State) -> Lines:
    """The penalty by hand in the gradient, the decay by hand on the weight, and Adam's step for both."""
    size, share = decay.NOISES[state["noise"]], decay.DECAYS[state["decay"]]
    lines = {"decay alone": decay.alone(share)}
    for name, (penalty, shrink) in {"L2": (share, 0.0), "AdamW": (0.0, share)}.items():
        w, kept = np.ones(()), adam_init(np.ones(()))
        path = [w]
        for g in size * decay.SHAPE:
            w, kept = adam_step((1 - decay.LR * shrink) * w, g + penalty * w, kept, lr=decay.LR)
            path.append(w)
        lines[name] = np.array(path)[:: decay.EVERY]
    return {name: np.stack([decay.steps(), values], axis=1) for name, values in lines.items()}


def says(state: State) -> str:
    lines = expected(state)
    return f": it {decay.verdict(lines['L2'][:, 1], lines['decay alone'][:, 1])}."


CASE = Case("chapters/adam_family.html", ("Noise", "Decay"), expected, says)
