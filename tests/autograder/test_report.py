"""The class report: right numbers, nothing that acts, one file, readable by everyone."""

import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.journal import Journal
from autograder.marks import CellMark, ClassMarks, Mark, read_marks
from autograder.report import class_report, write_report
from tests.autograder.notebooks import NAME, assignment
from tests.browsers import FLAGS, find_browser

STEP = "gd_step-one_step"
BROWSER = find_browser()


def result(*misconceptions: str, score: float = 6.0, problems: tuple[str, ...] = ()) -> dict[str, Any]:
    verdict = {
        "function": "gd_step",
        "criterion": "one_step",
        "passed": score > 0,
        "headline": "What it does.",
        "detail": "What to look at.",
        "evidence": {},
        "misconceptions": list(misconceptions),
        "link": "chapters/gradient_descent.html",
    }
    cell = {"grade_id": STEP, "kind": "check", "score": score, "max_score": 6.0, "verdicts": [verdict], "note": ""}
    return {"cells": [cell], "problems": list(problems), "tier": "plain"}


def marks(**scores: float) -> ClassMarks:
    made = {}
    for student, score in scores.items():
        made[student] = Mark(student, "", "", "", None, 0.0, {STEP: CellMark(score, 100.0, score == 50, False)})
    return ClassMarks(NAME, None, 100.0, {STEP: 100.0}, made, (Mark("absent", "", "", "", None, 0.0),))


def test_the_numbers() -> None:
    results = {
        "a": result(score=6.0),
        "b": result("ascends", score=0.0),
        "c": result("ascends", "lr_twice", score=0.0),
        "d": result("raised", score=0.0, problems=("A cell had been deleted; it was put back.",)),
    }
    report = class_report(assignment(), marks(a=100, b=0, c=9.5, d=50), results.items(), {"c": "out of disk"}, "book/")
    assert (report.students, report.missing, report.mean, report.median) == (4, 1, 39.875, 29.75)
    assert [bar.count for bar in report.scores] == [2, 0, 0, 0, 0, 1, 0, 0, 0, 1]
    assert report.scores[-1].label == "90 to 100"
    assert (report.criteria[0].label, report.criteria[0].count, report.criteria[0].out_of) == (
        "gd_step: one_step",
        1,
        4,
    )
    assert [(m.students, m.headline) for m in report.mistakes] == [
        (2, "It walks up the slope instead of down."),
        (1, "It multiplies by the learning rate twice."),
        (1, "What it does."),  # what any function can get wrong is told in the verdict's own words
    ]
    assert report.mistakes[0].link == "book/chapters/gradient_descent.html"
    assert [learner.student for learner in report.help] == ["b", "c", "d"]
    assert {learner.student: learner.why for learner in report.look} == {
        "c": ["could not be graded: out of disk"],
        "d": ["A cell had been deleted; it was put back."],
    }
    assert report.by_hand == {STEP: 1}


@pytest.mark.parametrize(("max_score", "labels"), [(3, ["0 to below 1", "1 to below 2", "2 to 3"]), (1, ["0 to 1"])])
def test_small_assignments_have_their_own_ranges(max_score: float, labels: list[str]) -> None:
    made = marks(a=max_score)
    small = ClassMarks(NAME, None, max_score, made.points, made.marks, ())
    report = class_report(assignment(), small, [], {}, "")
    assert [bar.label for bar in report.scores] == labels
    assert report.scores[-1].count == 1


def test_names_and_problems_are_text(released: Course) -> None:
    evil = "<script>alert('x')</script>"
    results = {evil: result("raised", score=0.0, problems=(evil,))}
    results[evil]["cells"][0]["verdicts"][0]["headline"] = evil
    write_report(released, assignment(), marks(**{evil: 0.0}), results.items(), {evil: evil})
    text = released.report(NAME).read_text()
    assert text.count("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;") >= 4
    assert "<script" not in text


def test_the_graded_class(graded_class: Course) -> None:
    loaded = Assignment.load(graded_class.root, NAME)
    with Journal(graded_class.journal_file) as journal:
        report = class_report(loaded, read_marks(graded_class, loaded), journal.results(NAME), {}, "")
    assert report.students == sum(bar.count for bar in report.scores) == 18
    assert "It dampens the very first gradient too." in [mistake.headline for mistake in report.mistakes]
    assert [learner.student for learner in report.look] == ["s00009_broken_upload", "s00016_deletes_cells"]
    assert report.by_hand == {"in_your_own_words": 15}


@pytest.mark.browser
@pytest.mark.skipif(BROWSER is None, reason="no Chromium or Chrome on this machine")
@pytest.mark.parametrize("what", ["report", "feedback"])
@pytest.mark.parametrize(("scheme", "width"), [("light", 1100), ("dark", 1100), ("light", 390)])
def test_pages_in_a_real_browser(graded_class: Course, what: str, scheme: str, width: int) -> None:
    """Nothing acts, nothing is cut off, and axe finds nothing serious."""
    path = graded_class.report(NAME)
    if what == "feedback":
        path = graded_class.feedback("s00018_scripts", NAME) / f"{NAME}.html"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=list(FLAGS))
        page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
        asked = open_alone(page, path)
        assert "taken over" not in page.title()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        fractions = page.evaluate("[...document.querySelectorAll('mfrac')].map(x => x.getBoundingClientRect().height)")
        serious = [v["id"] for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]
        browser.close()
    assert serious == []
    assert asked == []
    assert what == "report" or max(fractions) > 1.5 * 16, "the browser draws formulas: a fraction is higher than a line"


def open_alone(page: Page, path: Path) -> list[str]:
    """Open a file with the network cut off; gives what it asked of the network."""
    asked: list[str] = []

    def refuse(route: Any) -> None:
        asked.append(route.request.url)
        route.abort()

    page.route(re.compile("^https?:"), refuse)
    page.goto(path.as_uri())
    return asked
