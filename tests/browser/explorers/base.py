"""What every explorer's case says of it, and how what a page draws is laid beside that."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from playwright.sync_api import Locator, Page

PIXEL = 0.02  # coordinates are written to a hundredth of a pixel
FAR = 400.0  # pixels: a path may end where it has left the picture by as much

State = Mapping[str, Any]
Lines = dict[str, np.ndarray]


@dataclass(frozen=True)
class Case:
    """One explorer.

    ``page`` shows it (the first of its kind there), ``sliders`` are the names of its sliders.
    ``expected(state)`` gives for each line it draws (``data-drawn``) its points, shape ``(n, 2)``, in the units of the
    axes around it; ``says(state)`` a part of the live text. Both run the reference anew.
    """

    page: str
    sliders: Sequence[str]
    expected: Callable[[State], Lines]
    says: Callable[[State], str]


def until(gone: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The points before the first that is gone."""
    return points[: int(gone.argmax())] if gone.any() else points


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
