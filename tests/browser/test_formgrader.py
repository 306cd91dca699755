"""nbgrader's formgrader on a graded class, in a real browser: our grades are there, a person's are kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from autograder.course import Course
from tests.autograder.conftest import graded_class as graded_class
from tests.autograder.courses import copy_of, gradebook_of, run
from tests.autograder.notebooks import NAME
from tests.browser.lab import serving

RIGHT, WRONG, WORDS = "s00001_as_taught", "s00004_damps_the_first", "in_your_own_words"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def course(graded_class: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    return copy_of(graded_class, tmp_path_factory.mktemp("formgrader"))


@pytest.fixture(scope="module")
def address(course: Course, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Jupyter server in the course's folder, as an instructor starts it there."""
    with serving(course.root, tmp_path_factory.mktemp("private"), browser) as lab:
        yield f"{lab.address}/formgrader"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    def stay_here(route: Route) -> None:  # nbgrader asks another site for MathJax
        route.continue_() if address.removesuffix("/formgrader") in route.request.url else route.abort()

    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.route("**/*", stay_here)
    yield context.new_page()
    context.close()


def submission_of(page: Page, address: str, student: str) -> Page:
    """Go from the list of submissions to a student's, by the name that formgrader hides until asked."""
    page.goto(f"{address}/gradebook/{NAME}/{NAME}")
    row = page.locator("tbody tr", has=page.locator("a.name-shown", has_text=student))
    row.locator(".glyphicon-eye-open").click()
    row.locator("a.name-shown").click()
    page.locator(".nbgrader_cell").first.wait_for()
    page.wait_for_load_state("networkidle")  # grades come after the cells, and would write over what is typed
    return page


def test_the_lists_hold_the_class_with_its_scores(course: Course, address: str, page: Page) -> None:
    page.goto(f"{address}/manage_assignments")
    row = page.locator("tbody tr", has_text=NAME)
    expect(row.locator(".num-submissions")).to_have_text(str(len(course.students(NAME))))

    page.goto(f"{address}/gradebook")
    expect(page.locator("tbody tr", has_text=NAME)).to_be_visible()

    page.goto(f"{address}/gradebook/{NAME}/{NAME}")
    grades = gradebook_of(course)[WRONG]["grades"]
    row = page.locator("tbody tr", has=page.locator("a.name-shown", has_text=WRONG))
    expect(row.locator(".score")).to_have_text(f"{sum(grade['score'] for grade in grades.values()):g} / 100")
    expect(row.locator(".tests-failed .glyphicon")).to_have_count(1)


def test_a_submission_shows_the_mistake_and_what_it_cost(address: str, page: Page) -> None:
    submission_of(page, address, WRONG)
    expect(page.locator(".verdict.failed", has_text="It dampens the very first gradient too.")).to_have_count(1)
    expect(page.locator("input[id='sgd_step-dampening']")).to_have_attribute("placeholder", "0")
    expect(page.locator("input[id='sgd_step-plain']")).not_to_have_attribute("placeholder", "0")
    expect(page.get_by_text("HIDDEN TESTS")).to_have_count(0)


def test_a_grade_and_a_comment_typed_here_are_kept_and_reach_the_learner(
    course: Course, address: str, page: Page
) -> None:
    submission_of(page, address, RIGHT)
    for field, text in ((f"input[id='{WORDS}']", "7.5"), (f"textarea[id='{WORDS}-comment']", "Well *argued*.")):
        with page.expect_response(lambda answer: answer.request.method == "PUT") as saved:
            page.locator(field).fill(text)
            page.locator(field).blur()
        assert saved.value.ok
    entry = gradebook_of(course)[RIGHT]
    assert (entry["grades"][WORDS]["manual_score"], entry["grades"][WORDS]["needs_manual_grade"]) == (7.5, False)
    assert entry["comments"][WORDS] == (None, "Well *argued*.")

    assert "0 graded" in run(course, "grade", NAME).stdout
    assert gradebook_of(course)[RIGHT] == entry
    feedback = " ".join((course.feedback(RIGHT, NAME) / f"{NAME}.html").read_text().split())
    assert "97.5 of 100 points" in feedback
    assert "Well <em>argued</em>." in feedback
    (mark,) = [line for line in course.marks(NAME).read_text().splitlines() if RIGHT in line]
    assert ",97.5," in mark

    submission_of(page, address, RIGHT)
    expect(page.locator(f"input[id='{WORDS}']")).to_have_value("7.5")
    expect(page.locator(f"textarea[id='{WORDS}-comment']")).to_have_value("Well *argued*.")


def test_formgraders_buttons_grade_in_the_sandbox_and_make_our_pages(course: Course, address: str, page: Page) -> None:
    feedback: Path = course.feedback(WRONG, NAME) / f"{NAME}.html"
    before, entry = feedback.read_text(), gradebook_of(course)[WRONG]
    feedback.unlink()
    page.goto(f"{address}/manage_submissions/{NAME}")
    row = page.locator("tbody tr", has_text=WRONG)
    for button in (".autograde a", ".generate-feedback a"):
        row.locator(button).click()
        expect(page.locator(".modal-title")).to_have_text("Success", timeout=60_000)
        page.locator(".modal-footer .close").click()
        expect(page.locator(".modal")).to_have_count(0)
    assert gradebook_of(course)[WRONG] == entry
    assert feedback.read_text() == before
