"""Formulas on feedback pages are drawn by the browser itself, whoever wrote them."""

import re

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.formulas import LONGEST, latex_output, mathml
from tests.autograder.notebooks import COURSE
from tests.autograder.test_harmless import Acting

FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+?)\$", re.DOTALL)
SOURCES = sorted(COURSE.glob("source/*/*.ipynb"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_formula_of_the_course_is_drawn(path: object) -> None:
    prose = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]
    found = [display or inline for text in prose for display, inline in FORMULA.findall(text)]
    assert found
    assert [tex for tex in found if not mathml(tex).startswith("<math")] == []


@pytest.mark.parametrize(
    ("tex", "holds"),
    [
        ("x^2", "<msup>"),
        (r"1 + \dots + n", "<mi>…</mi>"),
        (r"4 \cdot \tfrac14", "<mn>4</mn>"),
        ("a &lt; b", "<mo>&lt;</mo>"),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "<mtr>"),
    ],
)
def test_what_people_write(tex: str, holds: str) -> None:
    made = mathml(tex)
    assert made.startswith("<math")
    assert holds in made


@pytest.mark.parametrize(
    "tex", [r"\href{javascript:alert(1)}{x}", "{" * 4000, "&", "x" * (LONGEST + 1), r"\unknown{a}"]
)
def test_what_cannot_be_drawn_is_shown_as_it_was_written(tex: str) -> None:
    assert mathml(tex) == f"<code>{tex.replace('&', '&amp;')}</code>"


@given(
    st.lists(st.sampled_from(["<script>", "<img src=x onerror=y>", r"\text{", "}", '"', "$", r"\mathrm", "x", "&lt;"]))
)
def test_no_formula_acts(parts: list[str]) -> None:
    page = Acting()
    page.feed(mathml("".join(parts)) + latex_output("".join(parts)))
    assert page.found == []


@pytest.mark.parametrize(("text", "block"), [("$x$", False), ("$$x$$", True), (r"\[x\]", True), ("x", True)])
def test_a_cells_latex_output(text: str, block: bool) -> None:
    made = latex_output(text)
    assert "<mi>x</mi>" in made
    assert ("display" in made) == block
    assert "$" not in made
