"""What explorers with a map of two settings have besides sliders: a click on the map, and buttons that jump."""

import json

import pytest
from playwright.sync_api import Locator, Page

from course_lib.explorers.condition import CONDITIONS, RATES, best_rate
from tests.browser.explorers import EXPLORERS, assert_drawn, figure, state_of

pytestmark = pytest.mark.browser


def opened(kind: str, address: str, visit) -> Locator:
    page: Page = visit(f"{address}/{EXPLORERS[kind].page}").page
    return figure(page, kind)


def click_map(root: Locator, across: float, up: float) -> None:
    """Click at these shares of the map's width and height, the latter from below."""
    sheet = root.locator(".sheet")
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    sheet.click(position={"x": across * box["width"], "y": (1 - up) * box["height"]})


@pytest.mark.parametrize(("kind", "corners"), [
    ("condition", {(0.01, 0.02): (0, 0), (0.99, 0.98): (len(CONDITIONS) - 1, len(RATES) - 1)}),
    ("noise", {(0.02, 0.98): (5, 0), (0.98, 0.02): (0, 5), (0.42, 0.58): (3, 2)}),
])  # fmt: skip
def test_a_click_on_the_map_chooses_both_settings(kind: str, corners, address: str, visit) -> None:
    root = opened(kind, address, visit)
    for place, (row, column) in corners.items():
        click_map(root, *place)
        state = state_of(root)
        assert (state["condition" if kind == "condition" else "batch"], state["lr"]) == (row, column)
        assert_drawn(root, EXPLORERS[kind])


def test_buttons_go_to_the_border_of_every_bowl(address: str, visit) -> None:
    root = opened("condition", address, visit)
    bowls = root.get_by_role("slider", name="Condition number", exact=True)
    for index, kappa in enumerate(CONDITIONS):
        bowls.fill(str(index))
        for name, rate in {"1/κ": 1 / kappa, "best": best_rate(kappa), "2/κ": 2 / kappa}.items():
            root.get_by_role("button", name=name, exact=True).click()
            assert RATES[state_of(root)["lr"]] == rate
    assert_drawn(root, EXPLORERS["condition"])


def test_dealing_anew_shows_other_runs_in_turn(address: str, visit) -> None:
    root = opened("noise", address, visit)
    path, seen = root.locator("[data-drawn=path]"), set()
    for draw in (1, 2, 0):
        root.get_by_role("button", name="Deal anew").click()
        assert state_of(root)["draw"] == draw
        assert_drawn(root, EXPLORERS["noise"])
        seen.add(json.dumps(path.get_attribute("points")))
    assert len(seen) == 3
