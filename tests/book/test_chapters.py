"""Every chapter keeps the promises of a chapter, read from the built page as its reader gets it."""

import re
from copy import copy
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup, Tag

from course_lib.checks import spec_for
from tests.book.reading import ids_in

ROOT = Path(__file__).resolve().parents[2]
WORDS = range(1500, 2501)
TOLERANCE = 1e-12  # of float64 over 100 steps: what `from_torch` promises
DIFFERENCE = re.compile(r"(\S+) from torch: ")
# What is folded away, answered or read as code or formula is not counted as the chapter's text.
NOT_TEXT = ".cell, .highlight, .math, .solution, .quiz, .headerlink, script, style"


def chapters() -> list[str]:
    contents = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text(encoding="utf-8"))
    files = [entry["file"] for part in contents["parts"] for entry in part["chapters"]]
    return [name for name in files if name.startswith("chapters/")]


@pytest.fixture(scope="module", params=chapters())
def page(request: pytest.FixtureRequest, built_book: Path) -> Path:
    return built_book / f"{request.param}.html"


@pytest.fixture(scope="module")
def chapter(page: Path) -> Tag:
    """The page's article, read once for all that is asked of it."""
    found = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").select_one("article.bd-article")
    assert found is not None, f"{page.name} has no article"
    return found


def test_the_book_has_chapters() -> None:
    assert chapters()


def test_the_reference_runs_beside_torch_and_agrees(chapter: Tag) -> None:
    cells = chapter.select(".cell.tag_parity")
    assert cells, "no cell is tagged `parity`"
    for cell in cells:
        source, output = (" ".join(part.get_text() for part in cell.select(s)) for s in (".cell_input", ".cell_output"))
        assert "torch.optim." in source
        printed = [float(number) for number in DIFFERENCE.findall(output)]
        assert printed, output
        assert max(printed) <= TOLERANCE  # a nan is not below it either


def test_every_exercise_has_a_folded_solution_that_was_run(chapter: Tag) -> None:
    exercises = {str(exercise["id"]) for exercise in chapter.select(".exercise")}
    solutions = {str(s.select_one(".admonition-title a")["href"]).lstrip("#"): s for s in chapter.select(".solution")}
    assert len(exercises) >= 4
    assert set(solutions) == exercises
    for name, solution in solutions.items():
        assert "dropdown" in solution["class"], name
        assert any(output.get_text(strip=True) for output in solution.select(".cell_output")), f"{name} was not run"


def test_a_quiz_explains_every_answer(chapter: Tag) -> None:
    questions = chapter.select(".quiz")
    assert 4 <= len(questions) <= 6
    for question in questions:
        answers = question.select(".quiz-answer")
        assert [answer["data-right"] for answer in answers].count("true") == 1
        for answer in answers:
            assert len(answer.select_one(".quiz-reply").get_text().split()) > 5


def test_common_mistakes_are_in_the_words_of_the_check(chapter: Tag) -> None:
    section = chapter.select_one("#common-mistakes")
    function = re.search(r'spec_for\("(\w+)"\)', section.get_text())
    assert function is not None
    known = {mistake.headline for mistake in spec_for(function[1]).misconceptions.values()}
    said = {row.select_one("strong").get_text() for row in section.select(".cell_output tbody tr")}
    assert len(said & known) >= 4


def test_citations_and_other_links_lead_somewhere(page: Path, chapter: Tag, built_book: Path) -> None:
    inside = [str(a["href"]) for a in chapter.select("a.reference.internal")]
    assert any("references.html#" in link for link in inside), "no source is cited"
    for link in inside:
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.is_relative_to(built_book.resolve())
        assert not anchor or anchor in ids_in(target), link


def test_length_is_a_chapters(chapter: Tag) -> None:
    text = copy(chapter)
    for part in text.select(NOT_TEXT):
        part.decompose()
    count = len(re.findall(r"\w[\w’'-]*", text.get_text(" ")))
    assert count in WORDS, f"{count} words"
