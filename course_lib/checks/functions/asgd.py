"""``asgd_step``: what is asked of it, and the ways it goes wrong."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.arrays import Array
from course_lib.checks.cases import between, steps_run
from course_lib.checks.functions.common import FLOATS, SHAPES
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Misconception, Spec
from course_lib.optimizers.asgd import ASGDState, asgd_init, asgd_step

PAGE = "chapters/rest_of_the_ten.html#rest-average"


def wrong_asgd(ids: frozenset[str]) -> Callable[..., tuple[Array, ASGDState]]:
    """``asgd_step`` with the mistakes ``ids``; without any, the reference."""

    def step(
        w: Array,
        g: Array,
        state: ASGDState,
        *,
        lr: float = 1e-2,
        lambd: float = 1e-4,
        alpha: float = 0.75,
        t0: float = 1e6,
    ) -> tuple[Array, ASGDState]:
        t, eta = state.t + 1, lr if state.eta is None else state.eta
        eta_next = _eta(ids, lr, lambd, alpha, t, eta)
        mu, mu_next = state.mu, _mu(ids, t, t0)
        used = lr if "lr_throughout" in ids else eta_next if "eta_early" in ids else eta
        moved = _moved(ids, w, g, used, lambd)
        point = w if "averages_the_old" in ids else moved
        ax = _averaged(ids, point, state.ax, mu_next if "mu_early" in ids else mu)
        kept = state.ax if "ax_not_returned" in ids else ax
        after = ASGDState(t - 1 if "t_not_counted" in ids else t, kept, eta_next, mu_next)
        # As long as the average is a copy, returning it does no harm.
        return ax if "returns_the_average" in ids and mu != 1 else moved, after

    return step


def _eta(ids: frozenset[str], lr: float, lambd: float, alpha: float, t: int, eta: float) -> float:
    if "eta_constant" in ids:
        return lr
    steps = t - 1 if "eta_behind" in ids else t
    speed = lambd if "lr_not_below" in ids else lambd * (eta if "eta_below" in ids else lr)
    power = 1.0 if "alpha_ignored" in ids else alpha
    above = eta if "eta_compounds" in ids else lr
    divisor = 1 + (speed * steps) ** power if "power_inside" in ids else (1 + speed * steps) ** power
    return float(above / divisor)


def _mu(ids: frozenset[str], t: int, t0: float) -> float:
    if "t0_ignored" in ids:
        return 1 / t
    return 1 / max(1, t - t0 + ("mu_begins_early" in ids))


def _moved(ids: frozenset[str], w: Array, g: Array, eta: float, lambd: float) -> Array:
    share = lambd if "decay_without_eta" in ids else lambd * eta
    share = 0.0 if "decay_forgotten" in ids else -share if "grows" in ids else share
    change = (eta if "ascends" in ids else -eta) * g
    return (1 - share) * (w + change) if "decays_last" in ids else (1 - share) * w + change


def _averaged(ids: frozenset[str], point: Array, ax: Array, mu: float) -> Array:
    if "never_averages" in ids:
        return point
    if "middle" in ids and mu != 1:
        mu = 1 / 2
    if "shares_swapped" in ids:
        mu = 1 - mu
    return ax + mu * (point - ax)


MISCONCEPTIONS = {
    "ascends": Misconception(
        "It walks up the slope instead of down.",
        "The gradient points to where the loss grows. Look at the sign in front of eta · g.",
    ),
    "decay_forgotten": Misconception(
        "It does not shrink the weights.",
        "Before the gradient is subtracted the weights are multiplied by 1 − lambd · eta.",
    ),
    "decay_without_eta": Misconception(
        "It shrinks the weights by lambd, without eta.",
        "The share that a step takes off the weights is lambd · eta.",
    ),
    "decays_last": Misconception(
        "It shrinks the weights after the step instead of before.",
        "The step itself must not shrink: multiply the old w by 1 − lambd · eta, then subtract eta · g.",
    ),
    "grows": Misconception(
        "It makes the weights larger where they should shrink.",
        "The factor is 1 − lambd · eta, below 1.",
    ),
    "eta_early": Misconception(
        "It takes the new eta already in this step.",
        "A step uses state.eta, which the step before left there; what it calculates is for the next one.",
    ),
    "lr_throughout": Misconception(
        "It steps with lr every time.",
        "Only the first step takes lr; every later one takes state.eta.",
    ),
    "eta_constant": Misconception(
        "Its eta never falls.",
        "After step t it is lr / (1 + lambd · lr · t)**alpha.",
    ),
    "eta_behind": Misconception(
        "Its eta falls one step too late.",
        "After the first step t is 1 and eta is lr / (1 + lambd · lr)**alpha already.",
    ),
    "eta_compounds": Misconception(
        "It makes the new eta from the old one.",
        "Start from lr every time: lr / (1 + lambd · lr · t)**alpha. The t holds all that has happened.",
    ),
    "eta_below": Misconception(
        "It has the old eta below the line, where lr belongs.",
        "The divisor is (1 + lambd · lr · t)**alpha.",
    ),
    "lr_not_below": Misconception(
        "It leaves out lr in the divisor of eta.",
        "The divisor is (1 + lambd · lr · t)**alpha.",
    ),
    "alpha_ignored": Misconception(
        "It ignores alpha.",
        "The divisor is a power: (1 + lambd · lr · t)**alpha.",
    ),
    "power_inside": Misconception(
        "It raises lambd · lr · t to the power alpha and adds 1 afterwards.",
        "Mind the brackets: (1 + lambd · lr · t)**alpha.",
    ),
    "mu_early": Misconception(
        "It averages with the new mu already in this step.",
        "As with eta, a step uses state.mu, and what it calculates is for the next one.",
    ),
    "mu_begins_early": Misconception(
        "Its averaging begins one step too early.",
        "After step t the next mu is 1 / max(1, t − t0).",
    ),
    "t0_ignored": Misconception(
        "It averages from the very beginning, whatever t0 is.",
        "The next mu is 1 / max(1, t − t0): until step t0 has passed the average is a copy of w.",
    ),
    "middle": Misconception(
        "It takes the middle between the old average and the new weights.",
        "The new weights enter with the share mu, which falls as the points become more.",
    ),
    "shares_swapped": Misconception(
        "It keeps the share mu of the old average and gives the rest to the new weights.",
        "The other way round: ax + mu · (w − ax).",
    ),
    "never_averages": Misconception(
        "Its ax is a copy of the weights, and no average.",
        "Move the old average towards the new weights: ax + mu · (w − ax).",
    ),
    "averages_the_old": Misconception(
        "It averages the weights as they were before the step.",
        "First take the step, then bring ax up to date with the new w.",
    ),
    "ax_not_returned": Misconception(
        "It returns the old average instead of the new one.",
        "Put the ax you have calculated into the state you return.",
    ),
    "returns_the_average": Misconception(
        "It returns the average as the weights, so the next step starts from there.",
        "The steps go on from the last point, w. The average is only kept, in state.ax.",
    ),
    "t_not_counted": Misconception(
        "It does not count the step.",
        "Return a new state whose t is one more; eta and mu depend on it.",
    ),
}


def _settings(rng: np.random.Generator) -> dict[str, Any]:
    """With a decay, which makes eta fall; the average is a copy."""
    return _plain(rng) | {"lambd": between(rng, 0.2, 0.8), "alpha": between(rng, 0.4, 0.9)}


def _plain(rng: np.random.Generator) -> dict[str, Any]:
    """Gradient descent: without decay eta stays lr."""
    return {"lr": between(rng, 0.05, 0.6), "lambd": 0.0}


def _first_step(rng: np.random.Generator) -> list[Tree]:
    return [ASGD_STEP.case(steps_run(rng, shape, 1, _settings(rng))) for shape in [(3,), (2, 2)]]


def _falling(rng: np.random.Generator) -> list[Tree]:
    return [ASGD_STEP.case(*(steps_run(rng, (3,), 5, _settings(rng)) for _ in range(2)), repeat=True)]


def _many_steps(rng: np.random.Generator) -> list[Tree]:
    return [ASGD_STEP.case(steps_run(rng, shape, 6, _settings(rng))) for shape in [(3,), (2, 2)]]


def _averaging(rng: np.random.Generator) -> list[Tree]:
    return [ASGD_STEP.case(*(steps_run(rng, (3,), 7, _plain(rng) | {"t0": t0}) for t0 in (2, 0)), repeat=True)]


def _shapes_and_dtypes(rng: np.random.Generator) -> list[Tree]:
    draws = [(shape, dtype, 1.0) for shape in SHAPES for dtype in FLOATS]
    draws += [((3,), np.float64, 1e-30), ((3,), np.float64, 1e30)]
    return [
        ASGD_STEP.case(steps_run(rng, shape, 3, _plain(rng), dtype=dtype, scale=scale)) for shape, dtype, scale in draws
    ]


def _inputs(rng: np.random.Generator) -> list[Tree]:
    return [ASGD_STEP.case(steps_run(rng, shape, 3, _plain(rng))) for shape in [(), (4,), (2, 2)]]


def _torch(rng: np.random.Generator) -> list[Tree]:
    return [ASGD_STEP.case(steps_run(rng, (2, 3), 3, _plain(rng)), backend="torch")]


ASGD_STEP = Spec(
    function="asgd_step",
    reference=asgd_step,
    wrong=wrong_asgd,
    criteria={
        "first_step": Criterion("The first step shrinks the weights and descends, both with lr", _first_step, ("w",)),
        "eta": Criterion("Every step leaves a smaller eta for the next", _falling, ("t", "eta")),
        "many_steps": Criterion("Every step takes the eta that the last one left", _many_steps, ("w",)),
        "average": Criterion(
            "From t0 on ax is the mean of the points; w goes on from the last", _averaging, ("ax", "mu")
        ),
        # These two judge plain descent, so that a wrong eta or average costs nothing here.
        "any_shape_and_dtype": Criterion(
            "Numbers, vectors and matrices, tiny and huge, in float64 and float32",
            _shapes_and_dtypes,
            ("w",),
            form=True,
        ),
        "inputs_unchanged": Criterion("The arrays passed in stay as they were", _inputs, ("w",), purity=True),
        "torch_tensors": Criterion("It works on torch tensors too", _torch, ("w",), form=True, backend="torch"),
    },
    misconceptions=MISCONCEPTIONS,
    section=PAGE,
    init="asgd_init",
    initial=asgd_init,
    fields=ASGDState._fields,
    torch="ASGD",
    shown={"lr": 0.2, "lambd": 0.5},
)
