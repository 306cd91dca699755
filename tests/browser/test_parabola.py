"""What the explorer of 4x² alone has: two pictures of one path, a map under its slider, limits to jump to."""

import json

import numpy as np
import pytest
from playwright.sync_api import Locator, Page

from course_lib.descent import Trajectory, minimize
from course_lib.explorers.parabola import RATES, STEPS, VIEW, regime
from course_lib.objectives import parabola
from course_lib.optimizers import gd_init, gd_step
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser
CHAPTER = "chapters/gradient_descent.html"
PIXEL = 0.02  # coordinates are written to a hundredth of a pixel


@pytest.fixture
def page(address: str, visit) -> Page:
    return visit(f"{address}/{CHAPTER}").page


def figure(page: Page) -> Locator:
    return page.locator("figure.course-explorer[data-ready]").first


def rate(page: Page) -> Locator:
    return figure(page).get_by_role("slider", name="Learning rate")


def reference(index: int) -> Trajectory:
    return minimize(parabola, gd_init, gd_step, lr=float(RATES[index]), steps=STEPS)


def circles(page: Page, group: str) -> np.ndarray:
    """Centres of the drawn points in the units of the curve, in the order they are in the document."""
    drawing = figure(page).locator("svg[data-scale]")
    x0, sx, y0, sy = json.loads(drawing.get_attribute("data-scale"))
    found = drawing.locator(f".{group} circle").evaluate_all(
        "all => all.map(c => [+c.getAttribute('cx'), +c.getAttribute('cy')])"
    )
    pixels = np.array(found).reshape(-1, 2)
    return np.stack([(pixels[:, 0] - x0) / sx, (pixels[:, 1] - y0) / sy], axis=1)


def assert_drawn(page: Page, index: int) -> None:
    """Both pictures show exactly the points of the trajectory that lie in view."""
    path = reference(index)
    near = (path.w >= VIEW[0]) & (path.w <= VIEW[1])
    _, sx, _, sy = json.loads(figure(page).locator("svg[data-scale]").get_attribute("data-scale"))
    above, below = circles(page, "on-curve"), circles(page, "over-time")
    below = below[np.argsort(-below[:, 1])]  # down the page is later
    np.testing.assert_allclose(below[:, 0], path.w[near], atol=PIXEL / sx)
    expected = np.stack([path.w, path.loss], axis=1)[near]
    order, wanted = np.lexsort(above.T), np.lexsort(expected.T)
    np.testing.assert_allclose(above[order][:, 1], expected[wanted][:, 1], atol=PIXEL / -sy)
    np.testing.assert_allclose(np.sort(above[:, 0]), np.sort(expected[:, 0]), atol=PIXEL / sx)
    beyond = figure(page).locator("svg[data-scale] .over-time polygon").count()
    assert beyond == STEPS + 1 - near.sum()


def assert_told(page: Page, index: int) -> None:
    """Words for the eye and for screen readers agree with the trajectory."""
    name = regime(reference(index).w)
    assert rate(page).get_attribute("aria-valuetext") == f"{RATES[index]:g}, {name}"
    assert figure(page).locator(".zone-name").inner_text() == name
    live = figure(page).locator("[aria-live=polite]").inner_text()
    multiplier = f"{reference(index).w[1] / 2:.3g}".replace("-", "−")
    assert f"Each step multiplies x by {multiplier}." in live


def test_the_mouse_drags_it(page: Page) -> None:
    slider = rate(page)
    slider.scroll_into_view_if_needed()
    box, start = slider.bounding_box(), int(slider.input_value())
    last = len(RATES) - 1
    thumb = 24
    at = [box["x"] + thumb / 2 + (box["width"] - thumb) * index / last for index in (start, 40)]
    page.mouse.move(at[0], box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(at[1], box["y"] + box["height"] / 2, steps=8)
    page.mouse.up()
    assert int(slider.input_value()) == 40, "the map under the slider lies where the thumb goes"
    assert_drawn(page, 40)
    assert_told(page, 40)


def test_a_finger_moves_it_on_a_phone(address: str, visit) -> None:
    page = visit(f"{address}/{CHAPTER}", **PHONE).page
    slider = rate(page)
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box["height"] >= 24, "large enough to hit (WCAG 2.2, 2.5.8)"
    page.touchscreen.tap(box["x"] + 0.75 * box["width"], box["y"] + box["height"] / 2)
    index = int(slider.input_value())
    assert 40 <= index <= 50
    assert_drawn(page, index)
    assert_told(page, index)
    limits = [limit.bounding_box() for limit in figure(page).locator(".limit").all()]
    assert limits[0]["x"] + limits[0]["width"] <= limits[1]["x"], "labels do not overlap"
    assert limits[1]["x"] + limits[1]["width"] <= 390


@pytest.mark.parametrize(("label", "index"), [("1/8", 24), ("1/4", 49)])
def test_a_limit_can_be_hit_exactly(page: Page, label: str, index: int) -> None:
    figure(page).get_by_role("button", name=label).click()
    assert int(rate(page).input_value()) == index
    assert_drawn(page, index)
    assert_told(page, index)


def test_steps_can_be_walked_and_played(page: Page) -> None:
    steps = figure(page).get_by_role("slider", name="Step")
    figure(page).get_by_role("button", name="1/8").click()
    steps.focus()
    page.keyboard.press("ArrowRight")
    live = figure(page).locator(".told")
    assert "At step 1, x = 0 and the loss is 0. The slope is 0, so x stays." in live.inner_text()
    page.keyboard.press("End")
    figure(page).get_by_role("button", name="Play the steps").click()
    page.wait_for_function("document.querySelector('.walk input').value === '2'")
    assert live.get_attribute("aria-live") == "off", "no stream of words while it plays"
    figure(page).get_by_role("button", name="Pause").click()
    stopped = int(steps.input_value())
    page.wait_for_timeout(700)
    assert int(steps.input_value()) == stopped


def test_signs_stand_beside_the_steps(page: Page) -> None:
    figure(page).get_by_role("button", name="1/4").click()
    signs = figure(page).locator(".over-time .sign").evaluate_all("all => all.map(one => one.textContent)")
    assert signs == ["+", "−"] * (STEPS // 2) + ["+"]
