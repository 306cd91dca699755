"""What every explorer must do in a page: answer to keyboard, mouse and touch, and draw the reference's own path."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from course_lib.explorers.bundle import kinds
from tests.browser.conftest import PHONE, visits
from tests.browser.explorers import EXPLORERS, Case, assert_drawn, figure, state_of

pytestmark = pytest.mark.browser
FRAME = 16  # milliseconds that a screen leaves for one picture


@pytest.fixture(scope="module", params=EXPLORERS)
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def case(kind: str) -> Case:
    return EXPLORERS[kind]


@pytest.fixture(scope="module")
def opened(case: Case, address: str, browser: Browser) -> Iterator[Page]:
    """The explorer's page, visited once for the tests that look at it or move it from wherever it stands."""
    with visits(browser) as visit:
        yield visit(f"{address}/{case.page}").page


@pytest.fixture
def page(opened: Page) -> Page:
    """The same on a bright screen, whatever the test before had it shown on."""
    opened.emulate_media(media="screen", color_scheme="light")
    expect(opened.locator("html")).to_have_attribute("data-theme", "light")
    return opened


def test_no_explorer_is_left_out() -> None:
    assert sorted(EXPLORERS) == kinds()


def test_the_keyboard_moves_it(page: Page, kind: str, case: Case) -> None:
    root = figure(page, kind)
    assert_drawn(root, case)
    for name in case.sliders:
        slider = root.get_by_role("slider", name=name, exact=True)
        slider.focus()
        page.keyboard.press("End")
        for keys in (["Home"], ["ArrowRight"] * 3, ["End"], ["ArrowLeft"] * 2):
            before = state_of(root)
            for key in keys:
                page.keyboard.press(key)
            assert state_of(root) != before, f"{name}: {keys}"
            assert_drawn(root, case)
        assert slider.get_attribute("aria-valuetext") or slider.input_value()


def test_the_mouse_drags_it(page: Page, kind: str, case: Case) -> None:
    root = figure(page, kind)
    for name in case.sliders:
        slider = root.get_by_role("slider", name=name, exact=True)
        slider.scroll_into_view_if_needed()
        box, before = slider.bounding_box(), state_of(root)
        y = box["y"] + box["height"] / 2
        stands = slider.evaluate("one => (one.value - one.min) / (one.max - one.min)")
        end = 0.7 if abs(stands - 0.7) > 0.15 else 0.2  # elsewhere than it stands
        page.mouse.move(box["x"] + 0.35 * box["width"], y)
        page.mouse.down()
        page.mouse.move(box["x"] + end * box["width"], y, steps=6)
        page.mouse.up()
        assert state_of(root) != before, name
        assert_drawn(root, case)


def test_a_finger_moves_it_on_a_phone(address: str, visit, kind: str, case: Case) -> None:
    page = visit(f"{address}/{case.page}", **PHONE).page
    root = figure(page, kind)
    for name in case.sliders:
        slider = root.get_by_role("slider", name=name, exact=True)
        slider.scroll_into_view_if_needed()
        box, before = slider.bounding_box(), state_of(root)
        assert box["height"] >= 24, "large enough to hit (WCAG 2.2, 2.5.8)"
        share = 0.62 if float(slider.input_value()) < 0.5 * float(slider.get_attribute("max")) else 0.31
        page.touchscreen.tap(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
        assert state_of(root) != before, name
        assert_drawn(root, case)
    assert root.evaluate("r => r.scrollWidth <= r.clientWidth"), "nothing sticks out of a phone's screen"


def test_the_picture_has_a_name_and_a_description(page: Page, kind: str) -> None:
    for drawing in figure(page, kind).locator("svg[role=img]").all():
        said = drawing.evaluate(
            "d => d.getAttribute('aria-labelledby').split(' ').map(id => document.getElementById(id).textContent)"
        )
        assert all(len(text.split()) > 5 for text in said)


def test_without_scripts_a_picture_stands_in(built_book: Path, visit, kind: str, case: Case) -> None:
    page = visit((built_book / case.page).as_uri(), java_script_enabled=False).page
    still = page.locator(f'figure.course-explorer[data-explorer="{kind}"]').first
    assert still.locator("svg[role=img]").is_visible()
    assert len(still.locator("svg[role=img]").get_attribute("aria-label").split()) > 5
    assert still.locator("input").count() == 0


def test_a_drawing_that_fails_leaves_the_picture(address: str, built_book: Path, visit, kind: str, case: Case) -> None:
    """Data that the module cannot draw must not take the page's picture away."""
    broken = (built_book / case.page).read_text(encoding="utf-8").replace('{"data":{', '{"data":{},"lost":{')
    seen = visit(f"{address}/{case.page}", instead={f"**/{case.page}": broken})
    assert seen.wrong, "what fails is said on the console"
    still = seen.page.locator(f'figure.course-explorer[data-explorer="{kind}"]').first
    assert still.locator("svg[role=img]").count() == 1
    assert still.locator("svg[role=img]").is_visible()


def test_it_moves_from_disk(built_book: Path, visit, kind: str, case: Case) -> None:
    page = visit((built_book / case.page).as_uri()).page
    root = figure(page, kind)
    root.get_by_role("slider", name=case.sliders[0], exact=True).focus()
    page.keyboard.press("End")
    assert_drawn(root, case)


def test_on_paper_it_keeps_its_picture(page: Page, kind: str) -> None:
    page.emulate_media(media="print")
    assert figure(page, kind).locator("svg[role=img]").first.is_visible()
    assert not figure(page, kind).get_by_role("button", name="Play the steps").is_visible()


def test_it_follows_the_theme(page: Page, kind: str) -> None:
    """The same drawing in other inks: nothing is drawn twice."""
    colour = "c => getComputedStyle(c).stroke"
    line = figure(page, kind).locator("[data-drawn]").first
    light = line.evaluate(colour)
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert line.evaluate(colour) != light


def test_a_redraw_fits_into_a_frame(page: Page, kind: str, case: Case, record_property) -> None:
    """The slowest position of any slider, each at its best of five: a busy machine is not the picture's fault."""
    root, slowest = figure(page, kind), 0.0
    for name in case.sliders:
        times = root.get_by_role("slider", name=name, exact=True).evaluate(
            """(slider) => {
                const count = Math.min(+slider.max + 1, 40);
                const cost = (index) => {
                    slider.value = Math.round((index * slider.max) / (count - 1 || 1));
                    const begin = performance.now();
                    slider.dispatchEvent(new Event("input"));
                    slider.closest("figure").getBoundingClientRect();
                    return performance.now() - begin;
                };
                const positions = [...Array(count).keys()];
                return positions.map((index) => Math.min(...[1, 2, 3, 4, 5].map(() => cost(index))));
            }"""
        )
        slowest = max(slowest, *times)
    record_property("redraw_ms", slowest)
    print(f"\n{kind}: slowest redraw {slowest:.1f} ms")
    assert slowest < FRAME
