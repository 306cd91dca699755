"""The race: contestants come and go by their buttons, the start by a click, and the words follow."""

import pytest
from playwright.sync_api import Page

from course_lib.explorers.courses import COURSES
from course_lib.explorers.race import LOOKS
from course_lib.race import FOUR
from tests.browser.conftest import PHONE
from tests.browser.explorers import EXPLORERS, assert_drawn, figure, state_of

pytestmark = pytest.mark.browser
CASE = EXPLORERS["race"]


@pytest.fixture
def page(address: str, visit) -> Page:
    return visit(f"{address}/{CASE.page}").page


def test_its_buttons_show_and_hide_contestants(page: Page) -> None:
    root = figure(page, "race")
    sgd = root.get_by_role("button", name="SGD", exact=False).first
    assert sgd.get_attribute("aria-pressed") == "true"
    sgd.press("Enter")
    assert sgd.get_attribute("aria-pressed") == "false"
    assert len(state_of(root)["shown"]) == len(FOUR) - 1
    assert_drawn(root, CASE)
    root.get_by_role("button", name=f"all {len(LOOKS)}").click()
    assert_drawn(root, CASE)
    assert root.locator(".faded").count() == 0
    root.get_by_role("button", name="LBFGS").hover()
    assert root.locator(".faded").count() == 2 * (len(LOOKS) - 1), "one stands out in both boxes"


def test_twice_the_rate_loses_those_at_the_cliff(page: Page) -> None:
    root = figure(page, "race")
    root.get_by_role("slider", name="Rate factor").press("ArrowRight")
    assert_drawn(root, CASE)
    assert "Lost, far outside the picture: SGD and momentum." in root.locator(".told").inner_text()


def test_a_finger_on_the_plane_moves_everyone_to_the_nearest_start(address: str, visit) -> None:
    page = visit(f"{address}/{CASE.page}", **PHONE).page
    root = figure(page, "race")
    plane = root.locator(".sheet")
    plane.scroll_into_view_if_needed()
    box = plane.bounding_box()
    (x0, x1), (y0, y1) = COURSES["valley"].view
    x, y = COURSES["valley"].starts[1]
    page.touchscreen.tap(
        box["x"] + box["width"] * (x - x0 + 0.1) / (x1 - x0), box["y"] + box["height"] * (y1 - y) / (y1 - y0)
    )
    assert state_of(root)["start"] == 1
    assert_drawn(root, CASE)
    assert "momentum" in root.locator(".told").inner_text().partition("Lost")[2]
    root.get_by_role("button", name="from (−1.2, 1)").tap()
    assert state_of(root)["start"] == 0


@pytest.mark.parametrize("course", ["saddle", "ravine"])
def test_another_surface_has_steps_of_its_own_and_plays_them(page: Page, course: str) -> None:
    root, last = figure(page, "race"), len(COURSES[course].steps) - 1
    root.get_by_role("button", name=COURSES[course].title).click()
    assert state_of(root)["step"] == last
    assert_drawn(root, CASE)
    root.get_by_role("button", name="Play the steps").click()
    page.wait_for_function("JSON.parse(document.querySelector('.course-race').dataset.state).step === 3")
    page.wait_for_function(f"JSON.parse(document.querySelector('.course-race').dataset.state).step === {last}")
    root.get_by_role("button", name="Play the steps").wait_for()  # it has stopped by itself
    assert_drawn(root, CASE)
