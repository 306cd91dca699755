"""Momentum and Nesterov's look-ahead side by side in one bowl, and one step of each taken apart."""

import math
from typing import Any

import numpy as np

from course_lib.descent import minimize
from course_lib.explorers.base import Explorer
from course_lib.explorers.kept import kept
from course_lib.explorers.momentum import REGIMES, Outcome, outcome, slowest
from course_lib.explorers.plane import level_lines
from course_lib.objectives import quadratic
from course_lib.optimizers import sgd_init, sgd_step
from course_lib.plotting import Figure, plot_contours

STEPS = 20
CONDITION = 20.0
VIEW = ((-2.4, 2.4), (-2.4, 2.4))
# Learning rate times the stiff direction's curvature; 1 is where Nesterov lands in that direction.
RATES = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.6, 2.4, 3.2)
MOMENTA = (0.0, 0.3, 0.5, 0.64, 0.8, 0.9, 0.95)
BOWL = quadratic(CONDITION)


def pace(s: float, mu: float, *, nesterov: bool) -> float:
    r"""What the distance shrinks by at every step in the long run; 1 and more diverges.

    It is the size of the larger root of :math:`z^2 - (r + \mu') z + \mu'`, where :math:`r = 1 - s` and :math:`\mu'` is
    :math:`\mu`, or :math:`r\mu` with the look-ahead (Sutskever et al. 2013, section 2.1).

    Parameters
    ----------
    s : float
        Learning rate times curvature.
    mu : float
        The momentum.

    Examples
    --------
    >>> round(pace(0.5, 0.5, nesterov=True), 6), round(pace(0.5, 0.5, nesterov=False), 6)
    (0.5, 0.707107)
    """
    return outcome(s, mu, 1.0, nesterov=nesterov).pace


def best_momentum(s: float) -> float:
    r"""The momentum with which Nesterov is fastest where learning rate times curvature is ``s``, at most 1.

    :math:`\mu = (1 - \sqrt s)/(1 + \sqrt s)`; the pace is then :math:`1 - \sqrt s`.
    """
    return (1 - math.sqrt(s)) / (1 + math.sqrt(s))


@kept
def nesterov_explorer(rate: float = 0.6, mu: float = 0.9) -> Explorer:
    """Both methods from the same start in a bowl with curvatures 1 and 20, and the map of their settings.

    Parameters
    ----------
    rate : float
        Learning rate times the stiff curvature, rounded to one of ``RATES``.
    mu : float
        The momentum, rounded to one of ``MOMENTA``.

    Raises
    ------
    ValueError
        If one of them lies outside its slider.
    """
    for name, value, among in (("rate", rate, RATES), ("mu", mu, MOMENTA)):
        if not among[0] <= value <= among[-1]:
            raise ValueError(f"{name}={value}: the slider runs from {among[0]:g} to {among[-1]:g}")
    start = {"rate": _nearest(RATES, rate), "mu": _nearest(MOMENTA, mu), "step": 2}
    levels = BOWL.f(np.array([[0.35, 0.8, 1.3, 1.8, 2.3], [0.0] * 5]))
    data = {
        "view": VIEW,
        "curvatures": (1.0, CONDITION),
        "levels": level_lines(BOWL, [*levels, 8.0, 16.0, 28.0], VIEW),
        "rates": RATES,
        "momenta": MOMENTA,
        "methods": {name: _method(nesterov) for name, nesterov in (("momentum", False), ("Nesterov", True))},
        "inks": REGIMES,
    }
    return Explorer(
        kind="nesterov",
        title="Momentum and Nesterov, with the same settings",
        data=data,
        state=start,
        fallback=_fallback(rate, mu),
    )


def walk(rate: float, mu: float, *, nesterov: bool) -> np.ndarray:
    """The points of one method, shape ``(STEPS + 1, 2)``: the weights that its look-ahead starts from.

    ``sgd_step`` keeps the look-ahead points themselves, lr · mu · b further on.
    """
    lr = rate / CONDITION
    path = minimize(BOWL, sgd_init, sgd_step, steps=STEPS, lr=lr, momentum=mu, nesterov=nesterov)
    return path.w + lr * mu * np.stack([state.b for state in path.states]) if nesterov else path.w


def _method(nesterov: bool) -> dict[str, Any]:
    """For every rate and momentum: the walk, its pace and what it does."""
    settings = [[(rate, mu) for mu in MOMENTA] for rate in RATES]
    seen = [[behaviour(*both, nesterov=nesterov) for both in row] for row in settings]
    return {
        "w": [[walk(*both, nesterov=nesterov).round(4) for both in row] for row in settings],
        "pace": [[round(one.pace, 4) for one in row] for row in seen],
        "regime": [[one.name for one in row] for row in seen],
    }


def behaviour(rate: float, mu: float, *, nesterov: bool) -> Outcome:
    """What the slower of the bowl's two directions does.

    >>> behaviour(1.6, 0.9, nesterov=True).name, behaviour(1.6, 0.9, nesterov=False).name
    ('diverges', 'rings in')
    """
    return slowest(rate / CONDITION, mu, (1.0, CONDITION), nesterov=nesterov)


def _nearest(among: tuple[float, ...], value: float) -> int:
    return int(np.abs(np.array(among) - value).argmin())


def _fallback(rate: float, mu: float) -> Figure:
    paths, told = {}, []
    for label, nesterov in (("Nesterov", True), ("momentum", False)):  # in the inks that the explorer gives them
        settings: dict[str, Any] = {"lr": rate / CONDITION, "momentum": mu}
        path = minimize(BOWL, sgd_init, sgd_step, steps=STEPS, **settings)
        points = walk(rate, mu, nesterov=nesterov)
        paths[label] = path._replace(w=points, loss=np.asarray(BOWL.f(points.T)))
        told.append(f"{label} {behaviour(rate, mu, nesterov=nesterov).name}")
    alt = (
        f"Momentum and Nesterov from (2, 2) in a bowl with curvatures 1 and {CONDITION:g}, with learning rate "
        f"{rate / CONDITION:g} and momentum {mu:g}, {STEPS} steps: {' and '.join(told)}."
    )
    return plot_contours(BOWL, paths, alt=alt, domain=VIEW)
