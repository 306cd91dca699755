"""The class report in a real browser: readable by everyone, on a phone, in the dark and on paper, and alone."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from autograder.assignment import Assignment
from autograder.history import Function, Standing
from autograder.marks import CellMark, ClassMarks, Mark
from autograder.report import class_report
from autograder.report.content import Example
from autograder.report.page import render
from course_lib.checks import spec_for

ROOT = Path(__file__).resolve().parents[2]
NAME = "ps1_gradient_descent"
LEARNERS = 60
WRONG = ["ascends", "forgets_lr", "lr_twice", "t_not_counted", "raised", "not_written", ""]


class OneExample:
    """Stands in for the gallery: the same long code for every mistake."""

    def example(self, function: str, _: Any) -> Example:
        code = f"def {function}(w, g, state, *, lr=0.001):\n    " + "first_moment = lr * g + " * 8 + "w\n    return w"
        return Example(code, "at step 2, in b[0, 1]", "-1.93872e+12", "0.482731", "w of shape (2, 3) and dtype float64")


def result(assignment: Assignment, number: int) -> dict[str, Any]:
    """One in three is right; the others make the mistakes of ``WRONG`` in turn."""
    mistake = WRONG[number % len(WRONG)] if number % 3 else None
    verdicts = [
        {
            "function": call.function,
            "criterion": call.criterion,
            "passed": mistake is None or call.function != "gd_step",
            "headline": "A headline.",
            "evidence": {},
            "misconceptions": [mistake] if mistake and call.function == "gd_step" else [],
            "link": spec_for(call.function).section,
        }
        for call in assignment.calls
    ]
    score = 60.0 if mistake is None else 0.0
    cell = {"kind": "check", "score": score, "max_score": 60.0, "verdicts": verdicts, "note": ""}
    return {"cells": [cell], "problems": ["A cell was put back."] if number % 20 == 1 else [], "tier": "bubblewrap"}


def attempts(number: int) -> list[Standing]:
    wrong, right = Function(0, 4, frozenset({"ascends"})), Function(4, 4, frozenset())
    last = wrong if number % 2 else right
    return [
        Standing(1, "2026-09-14 08:00:00", 10.0 * (number % 5), 60.0, {"gd_step": wrong}),
        Standing(2, "2026-09-15 08:00:00", 12.0 * (number % 4), 60.0, {"gd_step": last}),
    ]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page with everything on it that a report can hold."""
    assignment = Assignment.load(ROOT / "assignments", NAME)
    marks = {}
    for number in range(LEARNERS):
        cells = {"words": CellMark(100.0 * number / (LEARNERS - 1), 100.0, number % 4 == 0, number % 5 == 0)}
        student = f"s{number:03}_with_a_long_name_of_one_word"
        marks[student] = Mark(student, "Emmy", "Noether", "", None, float(number % 3), cells)
    absent = tuple(Mark(f"absent{number}", "Niels", "Abel", "", None, 0.0) for number in range(3))
    report = class_report(
        assignment,
        ClassMarks(NAME, None, 100.0, {"words": 100.0}, marks, absent),
        ((student, result(assignment, number)) for number, student in enumerate(marks)),
        {"s001_with_a_long_name_of_one_word": "out of disk"},
        "../book/",
        attempts=((student, attempts(number)) for number, student in enumerate(marks) if number % 2),
        gallery=OneExample(),
    )
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render(report), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_asked_cut_off_or_unreadable(visit: Any, address: str, scheme: str, width: int) -> None:
    watched = visit(address, color_scheme=scheme, viewport={"width": width, "height": 844})
    page: Page = watched.page
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")] == []
    assert watched.requests == [address]
    assert watched.wrong == []
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (dark == "rgb(255, 255, 255)") == (scheme == "light")


def test_letters_in_the_plots_are_readable_on_a_phone(visit: Any, address: str) -> None:
    page: Page = visit(address, viewport={"width": 390, "height": 844}).page
    sizes = page.evaluate(
        "[...document.querySelectorAll('svg.plot text')].map(text => parseFloat(getComputedStyle(text).fontSize)"
        " * text.ownerSVGElement.getBoundingClientRect().width / 400)"
    )
    assert len(sizes) > 20
    assert min(sizes) >= 9


def test_a_criterion_has_the_phones_whole_width_for_its_words(visit: Any, address: str) -> None:
    page: Page = visit(address, viewport={"width": 390, "height": 844}).page
    widths = page.evaluate(
        "[...document.querySelectorAll('.outcomes th[scope=row]')].map(one => one.getBoundingClientRect().width)"
    )
    assert len(widths) > 5
    assert min(widths) > 200


def test_every_plot_says_in_words_what_it_shows_and_its_numbers_stand_in_a_table(visit: Any, address: str) -> None:
    page: Page = visit(address).page
    plots = page.locator("svg.plot")
    assert plots.count() == 2
    for number in range(plots.count()):
        assert plots.nth(number).get_attribute("role") == "img"
        assert len(plots.nth(number).locator("desc").text_content() or "") > 40
    tables = page.evaluate("[...document.querySelectorAll('figure table')].map(table => table.rows.length)")
    assert len(tables) == 2
    assert min(tables) > 4
    counts = page.evaluate(
        "[...document.querySelectorAll('#scores ~ .two table tbody tr')].map(row => +row.cells[1].textContent)"
    )
    assert sum(counts) == LEARNERS
    assert page.locator("svg.plot").first.locator("text[text-anchor=middle]:not(.dim)").all_inner_texts()


def test_on_paper_it_is_dark_on_white_and_nothing_stays_folded(visit: Any, address: str) -> None:
    page: Page = visit(address, color_scheme="dark").page
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--paper')") == "#ffffff"
    assert page.locator("nav").is_hidden()
    folded = page.locator("section > details:not([open])").first
    height = folded.evaluate("one => one.getBoundingClientRect().height")
    assert height > 60, "a reader of paper cannot unfold anything"
    assert page.pdf(format="A4")[:5] == b"%PDF-"


def test_the_ways_through_the_page_lead_somewhere(visit: Any, address: str) -> None:
    page: Page = visit(address).page
    targets = page.evaluate("[...document.querySelectorAll('nav a')].map(a => document.querySelector(a.hash) !== null)")
    assert targets == [True] * 6
    names = page.evaluate("[...document.querySelectorAll('ol.mistakes a')].map(a => a.textContent)")
    assert len(names) == len(set(names)), "links to different places have different names"
