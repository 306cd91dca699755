"""Schedules: every shape draws its own rates and its walk, and the words say what became of it."""

import numpy as np
import pytest
from playwright.sync_api import Locator, Page

from course_lib.explorers.scheduled import DESCENTS, SHAPES, network_run, walk
from tests.browser.explorers import EXPLORERS, assert_drawn, figure, state_of

pytestmark = pytest.mark.browser
CASE = EXPLORERS["schedules"]


@pytest.fixture
def page(address: str, visit) -> Page:
    return visit(f"{address}/{CASE.page}").page


def shape_button(root: Locator, name: str) -> Locator:
    return root.get_by_role("group", name="Schedule", exact=True).get_by_role("button", name=name, exact=True)


def test_every_planned_shape_with_every_setting_is_the_reference_s(page: Page) -> None:
    root = figure(page, "schedules")
    for name, shape in SHAPES.items():
        if not shape.planned:
            continue
        shape_button(root, name).click()
        for setting in range(len(shape.settings)):
            if shape.asks:
                root.locator(".asked button").nth(setting).click()
            assert state_of(root)["setting"] == setting
            assert_drawn(root, CASE)


def test_the_plateau_tells_its_walk_and_no_debts(page: Page) -> None:
    root = figure(page, "schedules")
    shape_button(root, "plateau").click()
    _, losses = walk(SHAPES["plateau"], SHAPES["plateau"].settings[0])
    end = losses[-1, DESCENTS["bowl"].first]
    said = root.locator(".told").inner_text()
    assert float(said.partition("with a loss of ")[2].partition(";")[0]) == pytest.approx(end, rel=0.01)
    assert "To be expected" not in said
    names = root.locator("[data-drawn]").evaluate_all("lines => lines.map(line => line.dataset.drawn).sort()")
    assert names == ["constant", "rate", "walk"]
    assert root.locator(".key span").all_inner_texts() == ["the loss", "the same at a constant rate"]


@pytest.mark.parametrize(("shape", "zone"), [("cosine", "lost its units"), ("warm-up, cosine", "has learned")])
def test_adam_keeps_its_units_where_the_rate_rises_first(page: Page, shape: str, zone: str) -> None:
    root = figure(page, "schedules")
    root.get_by_role("button", name="Adam on the digits").click()
    shape_button(root, shape).click()
    assert_drawn(root, CASE)
    found = network_run(SHAPES[shape], SHAPES[shape].settings[0], 0.3)
    assert root.locator(".zone-name").inner_text() == zone
    assert f"{found.dead} of 32 hidden units" in root.locator(".told").inner_text()
    assert np.isfinite(found.losses).all()
