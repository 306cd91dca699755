"""The map of learning rate and momentum is a control too: click, drag or tap it, and the nearest setting is chosen."""

import json

import numpy as np
import pytest
from playwright.sync_api import Locator, Page

from course_lib.explorers.momentum import MOMENTA, RATES, STEEP
from tests.browser.conftest import PHONE
from tests.browser.explorers import EXPLORERS, assert_drawn, figure, state_of

pytestmark = pytest.mark.browser
CASE = EXPLORERS["momentum"]


@pytest.fixture
def page(address: str, visit) -> Page:
    return visit(f"{address}/{CASE.page}").page


def place(root: Locator, lr: int, momentum: int) -> tuple[float, float]:
    """Where on the screen a setting lies, by the map's own scale."""
    root.scroll_into_view_if_needed()
    picture = root.locator("svg[role=img]")
    x0, sx, y0, sy = json.loads(picture.locator("[data-scale]").first.get_attribute("data-scale"))
    box, view = picture.bounding_box(), picture.evaluate("p => p.viewBox.baseVal.width")
    zoom = box["width"] / view
    x, y = x0 + sx * np.sqrt(STEEP * RATES[lr]), y0 + sy * np.sqrt(MOMENTA[momentum])
    return box["x"] + zoom * x, box["y"] + zoom * y


def assert_chosen(root: Locator, lr: int, momentum: int) -> None:
    state = state_of(root)
    assert (state["lr"], state["momentum"]) == (lr, momentum)
    assert_drawn(root, CASE)


def test_a_click_chooses_the_nearest_setting(page: Page) -> None:
    root = figure(page, "momentum")
    for lr, momentum in ((9, 0), (17, 6), (2, 11), (23, 5)):
        x, y = place(root, lr, momentum)
        page.mouse.click(x + 1.5, y - 1)
        assert_chosen(root, lr, momentum)


def test_the_point_can_be_dragged(page: Page) -> None:
    root = figure(page, "momentum")
    state = state_of(root)
    page.mouse.move(*place(root, state["lr"], state["momentum"]))
    page.mouse.down()
    page.mouse.move(*place(root, 12, 9), steps=5)
    assert_chosen(root, 12, 9)
    page.mouse.move(*place(root, 6, 3), steps=5)
    page.mouse.up()
    assert_chosen(root, 6, 3)


def test_a_tap_chooses_on_a_phone(address: str, visit) -> None:
    page = visit(f"{address}/{CASE.page}", **PHONE).page
    root = figure(page, "momentum")
    page.touchscreen.tap(*place(root, 19, 7))
    assert_chosen(root, 19, 7)


def test_the_second_bowl_has_a_second_path(page: Page) -> None:
    root = figure(page, "momentum")
    assert root.locator("[data-drawn]").count() == 1
    root.get_by_role("button", name="two curvatures").click()
    assert root.locator("[data-drawn]").count() == 2
    page.mouse.click(*place(root, 17, 6))  # lr 0.32, momentum 0.36: the best
    assert_chosen(root, 17, 6)
    assert "They tie" in root.locator(".told").inner_text()


def test_what_is_predicted_is_told_beside_what_was_measured(page: Page) -> None:
    root = figure(page, "momentum")
    page.mouse.click(*place(root, 3, 12))
    told = root.locator(".told").inner_text()
    assert "each step leaves 0.949 of the distance" in told
    assert "Measured over a long run: 0.949" in told
