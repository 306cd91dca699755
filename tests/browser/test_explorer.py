"""The explorer of 4x²: it answers to keyboard, mouse and touch, and what it draws is the reference's trajectory."""

import json
from pathlib import Path

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


def test_the_keyboard_moves_the_picture(page: Page) -> None:
    slider = rate(page)
    before, start = figure(page).locator("svg[data-scale]").inner_html(), int(slider.input_value())
    assert_drawn(page, start)
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    assert int(slider.input_value()) == start + 5
    assert figure(page).locator("svg[data-scale]").inner_html() != before
    for key, index in (("ArrowLeft", start + 4), ("Home", 0), ("End", len(RATES) - 1)):
        page.keyboard.press(key)
        assert int(slider.input_value()) == index
        assert_drawn(page, index)
        assert_told(page, index)


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


def test_the_picture_has_a_name_and_a_description(page: Page) -> None:
    drawing = figure(page).locator("svg[data-scale]")
    said = drawing.evaluate(
        "d => d.getAttribute('aria-labelledby').split(' ').map(id => document.getElementById(id).textContent)"
    )
    assert said[1] == figure(page).locator(".told").inner_text()
    assert len(said[0].split()) > 5


def test_without_scripts_a_picture_stands_in(built_book: Path, visit) -> None:
    page = visit((built_book / CHAPTER).as_uri(), java_script_enabled=False).page
    still = page.locator("figure.course-explorer")
    assert still.locator("svg[role=img]").first.is_visible()
    assert "diverges" in still.locator("svg[role=img]").first.get_attribute("aria-label")
    assert still.locator("input").count() == 0


def test_a_drawing_that_fails_leaves_the_picture(address: str, built_book: Path, browser) -> None:
    """Data that the module cannot draw must not take the page's picture away."""
    context = browser.new_context()
    broken = (built_book / CHAPTER).read_text(encoding="utf-8").replace('"zones":', '"sones":')
    context.route("**/gradient_descent.html", lambda route: route.fulfill(body=broken, content_type="text/html"))
    page = context.new_page()
    page.goto(f"{address}/{CHAPTER}")
    page.wait_for_timeout(300)
    assert page.locator("figure.course-explorer svg[role=img]").count() == 1
    assert page.locator("figure.course-explorer svg[role=img]").is_visible()
    context.close()


def test_it_moves_from_disk(built_book: Path, visit) -> None:
    page = visit((built_book / CHAPTER).as_uri()).page
    rate(page).focus()
    page.keyboard.press("End")
    assert_drawn(page, len(RATES) - 1)


def test_on_paper_it_keeps_its_picture_and_loses_its_player(page: Page) -> None:
    page.emulate_media(media="print")
    assert figure(page).locator("svg[data-scale]").is_visible()
    assert not figure(page).get_by_role("button", name="Play the steps").is_visible()


def test_it_follows_the_theme(page: Page) -> None:
    """The same drawing in other inks: nothing is drawn twice."""
    colour = "c => getComputedStyle(c).fill"
    dot = figure(page).locator(".on-curve .now")
    light = dot.evaluate(colour)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    assert dot.evaluate(colour) != light


def test_what_a_redraw_costs_is_reported(page: Page, record_property) -> None:
    """Measured for the report (a frame lasts 16 ms), not asserted: time belongs to the machine."""
    times = rate(page).evaluate(
        """(slider) => [...Array(+slider.max + 1).keys()].map((index) => {
            const begin = performance.now();
            slider.value = index;
            slider.dispatchEvent(new Event("input"));
            document.querySelector("svg[data-scale]").getBoundingClientRect();
            return performance.now() - begin;
        })"""
    )
    record_property("redraw_ms", {"median": float(np.median(times)), "largest": max(times)})
    print(f"\nexplorer redraw: median {np.median(times):.2f} ms, largest {max(times):.2f} ms")
    assert len(times) == len(RATES)
