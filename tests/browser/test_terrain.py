"""Saddle and valley: the surface and the rule are chosen by buttons, and the words follow the run."""

import pytest
from playwright.sync_api import Page

from course_lib.explorers.terrain import RULES, TERRAINS, left_at, run
from tests.browser.explorers import EXPLORERS, assert_drawn, figure, state_of

pytestmark = pytest.mark.browser
CASE = EXPLORERS["terrain"]


@pytest.fixture
def page(address: str, visit) -> Page:
    return visit(f"{address}/{CASE.page}").page


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_leaves_the_saddle_when_the_reference_does(page: Page, rule: str) -> None:
    root = figure(page, "terrain")
    root.get_by_role("button", name=rule).click()
    state = state_of(root)
    assert state["rule"] == list(RULES).index(rule)
    assert_drawn(root, CASE)
    path = run(TERRAINS["saddle"], state["start"], state["lr"], state["rule"])
    assert f"It leaves at step {left_at(TERRAINS['saddle'], path)}." in root.locator(".told").inner_text()


def test_on_the_ridge_it_stays(page: Page) -> None:
    root = figure(page, "terrain")
    root.get_by_role("slider", name="Start").focus()
    page.keyboard.press("End")
    assert_drawn(root, CASE)
    assert "it stays there for ever" in root.locator(".told").inner_text()


def test_the_valley_is_another_surface_with_steps_of_its_own(page: Page) -> None:
    root = figure(page, "terrain")
    root.get_by_role("button", name="Rosenbrock").click()
    state = state_of(root)
    assert (state["surface"], state["step"]) == (1, len(TERRAINS["valley"].steps) - 1)
    assert_drawn(root, CASE)
    for name, keys in (("Start", ["Home"]), ("Learning rate", ["End"]), ("Step", ["Home", "ArrowRight"])):
        root.get_by_role("slider", name=name).focus()
        for key in keys:
            page.keyboard.press(key)
        assert_drawn(root, CASE)


def test_steps_play_and_stop_at_the_end(page: Page) -> None:
    root = figure(page, "terrain")
    root.get_by_role("slider", name="Step").focus()
    page.keyboard.press("End")
    root.get_by_role("button", name="Play the steps").click()
    page.wait_for_function("JSON.parse(document.querySelector('.course-terrain').dataset.state).step === 4")
    root.get_by_role("button", name="Pause").click()
    root.get_by_role("button", name="Rosenbrock").click()
    root.get_by_role("button", name="Play the steps").click()
    last = len(TERRAINS["valley"].steps) - 1
    page.wait_for_function(f"JSON.parse(document.querySelector('.course-terrain').dataset.state).step === {last}")
    root.get_by_role("button", name="Play the steps").wait_for()  # it has stopped by itself
    assert_drawn(root, CASE)
