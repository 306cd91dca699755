"""A feedback page as a learner's browser shows it: self-contained, readable in the dark, on a phone and on paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from autograder.course import Course
from tests.autograder.conftest import graded_class as graded_class
from tests.autograder.notebooks import NAME
from tests.browser.conftest import PHONE

PEOPLE = ("s00002_uphill", "s00009_broken_upload", "s00018_scripts")

pytestmark = pytest.mark.browser


def page_of(course: Course, student: str) -> str:
    return (course.feedback(student, NAME) / f"{NAME}.html").as_uri()


@pytest.mark.parametrize("student", PEOPLE)
def test_a_page_asks_nobody_and_is_accessible(student: str, graded_class: Course, visit) -> None:
    seen = visit(page_of(graded_class, student))
    assert [url for url in seen.requests if not url.startswith(("file:", "data:"))] == []
    assert seen.wrong == []
    # In the dark a page is turned over as a whole, which axe-core does not see and which keeps contrasts.
    found = [v for v in Axe().run(seen.page).response["violations"] if v["impact"] in ("serious", "critical")]
    assert [f"{v['id']}: {[node['target'] for node in v['nodes']][:4]}" for v in found] == []


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
