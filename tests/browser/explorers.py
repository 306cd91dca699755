"""Every explorer with what a fresh run of the reference says it must draw and say: the browser tests' table."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from playwright.sync_api import Locator, Page

from course_lib.averages import bias_corrected, exponential_average
from course_lib.data import batches, temperatures
from course_lib.descent import minimize
from course_lib.explorers import (
    Explorer,
    condition,
    condition_explorer,
    momentum,
    momentum_explorer,
    nesterov,
    nesterov_explorer,
    noise,
    noise_explorer,
    parabola_explorer,
    terrain,
    terrain_explorer,
    window,
    window_explorer,
)
from course_lib.explorers.parabola import RATES, STEPS, VIEW, regime
from course_lib.objectives import parabola, quadratic
from course_lib.optimizers import gd_init, gd_step, sgd_init, sgd_step
from course_lib.regression import sgd_epoch

PIXEL = 0.02  # coordinates are written to a hundredth of a pixel
FAR = 400.0  # pixels: a path may end where it has left the picture by as much

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
    return f"Nesterov {nesterov.behaviour(rate, mu, nesterov=True).name}"


def _condition(state: State) -> Lines:
    bowl, lr = quadratic(float(condition.CONDITIONS[state["condition"]])), float(condition.RATES[state["lr"]])
    return {"path": minimize(bowl, gd_init, gd_step, lr=lr, steps=condition.STEPS).w}


def _condition_says(state: State) -> str:
    """The forecast is held to a run that is long enough to see it come true."""
    bowl, lr = quadratic(float(condition.CONDITIONS[state["condition"]])), float(condition.RATES[state["lr"]])
    distance = np.abs(minimize(bowl, gd_init, gd_step, lr=lr, steps=700).w).max(axis=1)
    if not distance[-1] < distance[0]:
        return "the run diverges" if distance[1] > distance[0] else "never comes closer"
    steps = int((distance <= 0.1 * distance[0]).argmax())
    return "1 step to come" if steps == 1 else f"{steps} steps to come"


def _noise(state: State) -> Lines:
    (x, y), size, lr = noise.POINTS, int(noise.BATCHES[state["batch"]]), float(noise.RATES[state["lr"]])
    dealt = islice(batches(len(x), size, seed=state["draw"]), noise.READ // size)
    path = [np.zeros(2)]
    for batch in dealt:
        path.append(sgd_epoch(path[-1], x, y, batch, batch_size=size, lr=lr))
    seen = np.stack(path)[:: max(1, noise.EVERY // size)]
    reads = np.arange(len(seen)) * max(size, noise.EVERY)
    loss = np.stack([reads, np.log10(noise.LINE.f(seen.T) - noise.LINE.value)], axis=1)
    exact = minimize(noise.LINE, gd_init, gd_step, lr=lr, steps=noise.READ // size).w
    return {"path": np.stack(path), "loss": loss, "exact": exact}


def _noise_says(state: State) -> str:
    size = int(noise.BATCHES[state["batch"]])
    steps = state["read"] * noise.EVERY // size
    counted = "1 step" if steps == 1 else f"{steps} steps"
    return f"After {steps * size} points read, in {counted} of {size}, run {state['draw'] + 1}"


def _momentum(state: State) -> Lines:
    """Only learning rate times curvature counts, so 4x² stands for every curvature."""
    lr, mu = float(momentum.RATES[state["lr"]]), float(momentum.MOMENTA[state["momentum"]])
    lines = {}
    for name, h in zip(("steep", "flat"), list(momentum.BOWLS.values())[state["bowl"]], strict=False):
        x = minimize(parabola, sgd_init, sgd_step, lr=lr * h / 8, momentum=mu, steps=momentum.STEPS).w
        lines[name] = _until(np.abs(x) > momentum.MOST, np.stack([np.arange(len(x)), x], axis=1))
    return lines


def _momentum_says(state: State) -> str:
    """The regime by the discriminant of the characteristic equation, where the explorer asks for eigenvalues."""
    s, mu = 8 * float(momentum.RATES[state["lr"]]), float(momentum.MOMENTA[state["momentum"]])
    if s > 2 * (1 + mu) + 1e-9:
        return "diverges"
    if abs(s - 2 * (1 + mu)) < 1e-9:
        return "bounces forever"
    if (s, mu) == (1, 0):
        return "lands in one step"
    if (1 + mu - s) ** 2 - 4 * mu < -1e-9:
        return "rings in"
    return "walks in" if s < 1 + mu else "zigzags in"


def _terrain(state: State) -> Lines:
    place = list(terrain.TERRAINS.values())[state["surface"]]
    path = terrain.run(place, state["start"], state["lr"], state["rule"])
    w, loss = path.w[list(place.steps)], np.log10(np.maximum(path.loss[list(place.steps)], terrain.LEAST))
    steps = np.log10(1 + np.array(place.steps)) if place.log_steps else np.array(place.steps)
    return {
        "walk": _until((~(np.abs(w) <= terrain.MOST)).any(axis=1), w),
        "loss": _until(~(loss <= 2 * terrain.MOST), np.stack([steps, loss], axis=1)),
    }


def _terrain_says(state: State) -> str:
    step = list(terrain.TERRAINS.values())[state["surface"]].steps[state["step"]]
    return f"At step {step} it is"


def _until(gone: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The points before the first that is gone."""
    return points[: int(gone.argmax())] if gone.any() else points


EXPLORERS = {
    "condition": Case(
        "chapters/learning_rate.html",
        condition_explorer,
        ("Condition number", "Learning rate", "Step"),
        _condition,
        _condition_says,
    ),
    "momentum": Case(
        "chapters/momentum.html", momentum_explorer, ("Learning rate", "Momentum"), _momentum, _momentum_says
    ),
    "nesterov": Case(
        "chapters/nesterov.html",
        nesterov_explorer,
        ("Learning rate × 20", "Momentum", "Step"),
        _nesterov,
        _nesterov_says,
    ),
    "noise": Case(
        "chapters/stochastic_descent.html",
        noise_explorer,
        ("Batch size", "Learning rate", "Points read"),
        _noise,
        _noise_says,
    ),
    "parabola": Case(
        "chapters/gradient_descent.html", parabola_explorer, ("Learning rate", "Step"), _parabola, _parabola_says
    ),
    "terrain": Case(
        "chapters/saddles_and_valleys.html",
        terrain_explorer,
        ("Start", "Learning rate", "Step"),
        _terrain,
        _terrain_says,
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
