"""Every explorer with what a fresh run of the reference says it must draw and say: the browser tests' table."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from playwright.sync_api import Locator, Page

from course_lib.averages import bias_corrected, exponential_average
from course_lib.data import temperatures
from course_lib.descent import minimize
from course_lib.explorers import Explorer, nesterov, nesterov_explorer, parabola_explorer, window, window_explorer
from course_lib.explorers.parabola import RATES, STEPS, VIEW, regime
from course_lib.objectives import parabola
from course_lib.optimizers import gd_init, gd_step

PIXEL = 0.02  # coordinates are written to a hundredth of a pixel
FAR = 2000.0  # pixels: a path may end where it has left the picture by as much

State = Mapping[str, Any]
Lines = dict[str, np.ndarray]


@dataclass(frozen=True)
class Case:
    """One explorer.

    ``page`` shows it (the first of its kind there), ``make`` makes it, ``sliders`` are the names of its sliders.
    ``expected(state)`` gives for each line it draws (``data-drawn``) its points, shape ``(n, 2)``, in the units of the
    axes around it; ``says(state)`` a part of the live text. Both run the reference anew.
    """

    page: str
    make: Callable[[], Explorer]
    sliders: Sequence[str]
    expected: Callable[[State], Lines]
    says: Callable[[State], str]


def _parabola(state: State) -> Lines:
    path = minimize(parabola, gd_init, gd_step, lr=float(RATES[state["lr"]]), steps=STEPS)
    points = np.stack([path.w, path.loss], axis=1)
    return {"path": points[(path.w >= VIEW[0]) & (path.w <= VIEW[1])]}


def _parabola_says(state: State) -> str:
    path = minimize(parabola, gd_init, gd_step, lr=float(RATES[state["lr"]]), steps=STEPS)
    kind = {"walks in": "walks in", "lands in one step": "lands", "diverges": "diverges"}
    return kind.get(regime(path.w), regime(path.w))


def _window(state: State) -> Lines:
    measured, _ = temperatures()
    beta = float(window.BETAS[state["beta"]])
    plain = exponential_average(measured, beta)
    days = np.arange(1, len(measured) + 1)
    lines = {"plain": plain, "corrected": bias_corrected(plain, beta)}
    return {name: np.stack([days, values], axis=1) for name, values in lines.items()}


def _window_says(state: State) -> str:
    start = round(100 * window.BETAS[state["beta"]] ** state["day"])
    return f"The start at 0 {'held' if state['corrected'] else 'holds'} {start} %"


def _nesterov(state: State) -> Lines:
    """Both as the papers have them: the gradient at the weights, and at the point to which the buffer carries them."""
    lr, mu = nesterov.RATES[state["rate"]] / nesterov.CONDITION, nesterov.MOMENTA[state["mu"]]
    lines = {}
    for name, ahead in (("momentum", 0.0), ("Nesterov", lr * mu)):
        w, b = np.array(nesterov.BOWL.start), np.zeros(2)
        path = [w]
        for _ in range(nesterov.STEPS):
            b = mu * b + nesterov.BOWL.grad(w - ahead * b)
            w = w - lr * b
            path.append(w)
        lines[name] = np.stack(path)
    return lines


def _nesterov_says(state: State) -> str:
    rate, mu = nesterov.RATES[state["rate"]], nesterov.MOMENTA[state["mu"]]
    return f"Nesterov {nesterov.regime(rate, mu, nesterov=True)}"


EXPLORERS = {
    "nesterov": Case(
        "chapters/nesterov.html",
        nesterov_explorer,
        ("Learning rate × 20", "Momentum", "Step"),
        _nesterov,
        _nesterov_says,
    ),
    "parabola": Case(
        "chapters/gradient_descent.html", parabola_explorer, ("Learning rate", "Step"), _parabola, _parabola_says
    ),
    "window": Case("chapters/averages.html", window_explorer, ("Beta", "Day"), _window, _window_says),
}


def figure(page: Page, kind: str) -> Locator:
    """The first explorer of this kind that has come to life."""
    return page.locator(f'figure.course-explorer[data-explorer="{kind}"][data-ready]').first


def state_of(root: Locator) -> dict[str, Any]:
    """Where the controls stand; ``root`` is or holds the explorer's body."""
    found: dict[str, Any] = json.loads(
        root.evaluate("r => (r.matches('[data-state]') ? r : r.querySelector('[data-state]')).dataset.state")
    )
    return found


def assert_drawn(root: Locator, case: Case) -> None:
    """Every line of the explorer is the reference's path for the controls as they stand, and the words agree."""
    state = state_of(root)
    drawn = root.evaluate(
        """root => [...root.querySelectorAll('[data-drawn]')].map(line => ({
            name: line.dataset.drawn,
            points: line.getAttribute('points'),
            scale: line.closest('[data-scale]').dataset.scale,
        }))"""
    )
    expected = case.expected(state)
    assert sorted(line["name"] for line in drawn) == sorted(expected), state
    for line in drawn:
        x0, sx, y0, sy = json.loads(line["scale"])
        pixels = np.array([point.split(",") for point in line["points"].split()], dtype=float).reshape(-1, 2)
        with np.errstate(over="ignore", invalid="ignore"):
            wanted = expected[line["name"]] * [sx, sy] + [x0, y0]
        shown = wanted[: len(pixels)]
        assert len(pixels) <= len(wanted)
        np.testing.assert_allclose(pixels, shown, rtol=2e-5, atol=PIXEL, err_msg=f"{line['name']} at {state}")
        if len(pixels) < len(wanted):  # what is left out was far away, or no number
            assert not np.abs(wanted[len(pixels)] - [x0, y0]).max() < FAR, f"{line['name']} ends early at {state}"
    assert case.says(state) in root.locator(".told").inner_text(), state
