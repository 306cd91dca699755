"""A feedback page as a learner's browser shows it: self-contained, readable in the dark, on a phone and on paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from autograder.course import Course
from tests.autograder.conftest import graded_class as graded_class
from tests.autograder.notebooks import NAME
from tests.browser.conftest import PHONE

PEOPLE = ("s00002_uphill", "s00009_broken_upload", "s00018_scripts")

pytestmark = pytest.mark.browser


def page_of(course: Course, student: str) -> str:
    return (course.feedback(student, NAME) / f"{NAME}.html").as_uri()


def serious(page: Page) -> list[str]:
    """What axe-core finds that keeps people out."""
    found = [v for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]
    return [f"{v['id']}: {[node['target'] for node in v['nodes']][:4]}" for v in found]


@pytest.mark.parametrize("student", PEOPLE)
def test_a_page_asks_nobody_and_is_accessible(student: str, graded_class: Course, visit) -> None:
    seen = visit(page_of(graded_class, student))
    assert [url for url in seen.requests if not url.startswith(("file:", "data:"))] == []
    assert seen.wrong == []
    # In the dark a page is turned over as a whole, which axe-core does not see and which keeps contrasts.
    assert serious(seen.page) == []


@pytest.mark.parametrize("student", PEOPLE)
def test_a_phone_shows_it_without_scrolling_sideways(student: str, graded_class: Course, visit) -> None:
    page = visit(page_of(graded_class, student), **PHONE).page
    wide, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= room


def test_the_first_thing_to_do_leads_to_its_cell_and_its_picture_says_both_paths(graded_class: Course, visit) -> None:
    page = visit(page_of(graded_class, "s00002_uphill")).page
    page.locator(".summary .first a").first.click()
    frame = page.locator("[id='gd_step-one_step']")
    assert 0 <= frame.bounding_box()["y"] < 300
    assert "0 of 6 points" in frame.inner_text()
    said = page.locator(".path svg title").first.text_content()
    assert "Right: 2, 0.56" in said
    assert "Yours: 2, 3.44" in said
    assert page.locator(".path svg").count() == 1, "one picture for each wrong step"
    assert page.locator(".path svg").first.bounding_box()["width"] > 300


def test_paper_is_white_and_links_are_not_written_out(graded_class: Course, visit) -> None:
    page = visit(page_of(graded_class, "s00002_uphill"), color_scheme="dark").page
    filtered = "getComputedStyle(document.documentElement).filter"
    assert page.evaluate(filtered) != "none"
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(filtered) == "none"
    white = ("rgba(0, 0, 0, 0)", "rgb(255, 255, 255)")  # nothing printed on the paper, or white
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") in white
    assert not page.locator("a.top").first.is_visible()
    written = "getComputedStyle(document.querySelector('.summary .first a'), '::after').content"
    assert page.evaluate(written) == "none"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1100), ("dark", 1100), ("light", 390)])
def test_what_a_learner_sent_does_not_act_and_formulas_are_drawn(
    graded_class: Course, visit, scheme: str, width: int
) -> None:
    path = page_of(graded_class, "s00018_scripts")
    seen = visit(path, color_scheme=scheme, viewport={"width": width, "height": 900})
    assert [url for url in seen.requests if not url.startswith(("file:", "data:"))] == []
    assert "taken over" not in seen.page.title()
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    fractions = seen.page.evaluate("[...document.querySelectorAll('mfrac')].map(x => x.getBoundingClientRect().height)")
    assert max(fractions) > 1.5 * 16, "the browser draws formulas: a fraction is higher than a line"
    assert serious(seen.page) == []
