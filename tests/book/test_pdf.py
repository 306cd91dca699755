"""The book on paper: what is missing is named, and where nothing is, the PDF has every chapter."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from course_book.explorers_on_paper import ExplorerCaption
from course_book.references_on_paper import LatinIndex
from course_book.tables_on_paper import PaperTables, as_seen
from docutils import nodes
from docutils.utils import new_document
from sphinx import addnodes

from course_lib.explorers import parabola_explorer

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "book" / "pdf.py"

spec = importlib.util.spec_from_file_location("pdf", SCRIPT)
pdf = importlib.util.module_from_spec(spec)
spec.loader.exec_module(pdf)


def test_missing_programs_are_named_with_their_packages(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, SCRIPT], env=os.environ | {"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "xelatex, latexmk, fc-list" in done.stdout
    assert "apt-get install fontconfig latexmk texlive-xetex" in done.stdout


def test_missing_files_are_named_with_their_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for program in (*pdf.PROGRAMS, "kpsewhich"):
        (tmp_path / program).write_text("#!/bin/sh\n")  # every program is there and finds nothing
        (tmp_path / program).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert pdf.missing() == {**pdf.FILES, **pdf.FONTS}


def output(html: str) -> nodes.container:
    """A cell's output as MyST-NB leaves it: one container a form."""
    forms = {"image/png": nodes.image(uri="picture.png"), "text/html": nodes.raw("", html, format="html")}
    parts = [nodes.container("", form, mime_type=name) for name, form in forms.items()]
    return nodes.container("", *parts, nb_element="mime_bundle")


def test_an_explorers_picture_says_what_it_asks_and_that_it_moves_elsewhere() -> None:
    document = new_document("page")
    document += [output(parabola_explorer().html), output("<figure>another</figure>")]
    ExplorerCaption(document).run()
    explorer, other = document.children
    assert explorer[0][-1].astext() == f"{parabola_explorer().title} Here it stands still; on a screen you move it."
    assert other[0].astext().strip() == ""


def table(*rows: tuple[str, ...]) -> nodes.table:
    """A table whose cells may hold ``<br>``."""
    body = nodes.tbody()
    for row in rows:
        body += nodes.row("", *(nodes.entry("", cell(text)) for text in row))
    return nodes.table("", nodes.tgroup("", body, cols=len(rows[0])))


def cell(text: str) -> nodes.paragraph:
    first, *more = text.split("<br>")
    lines = [(nodes.raw("", "<br>", format="html"), nodes.Text(line)) for line in more]
    return nodes.paragraph("", "", nodes.Text(first), *(node for pair in lines for node in pair))


def test_a_table_is_set_as_wide_as_its_text_asks_and_keeps_its_line_breaks() -> None:
    document = new_document("page")
    document += [table(("lr", "0.1")), table(("m = g<br>return m", "many words " * 20)), table(*[("a", "b")] * 40)]
    PaperTables(document).run()
    specs = [spec["spec"] for spec in document.findall(addnodes.tabular_col_spec)]
    assert specs[0] == "ll"
    assert [int(share) for share in re.findall(r"X\{(\d+)\}", specs[1])] == [9, 71]
    assert [raw.astext() for raw in document.findall(nodes.raw)] == [r"\newline "]
    formula = nodes.paragraph("", "the ", nodes.math("", r"\hat{v}_t^{\max}"), nodes.Text(" so far"))
    assert as_seen(nodes.entry("", formula)) == "the xvtx so far"
    assert ["longtable" in one["classes"] for one in document.findall(nodes.table)] == [False, False, True]


def test_the_index_leaves_out_what_makeindex_cannot_sort() -> None:
    document = new_document("page")
    document += addnodes.index(entries=[("single", word, "id", "", None) for word in ("momentum", "动量")])
    LatinIndex(document).run()
    assert [entry[1] for index in document.findall(addnodes.index) for entry in index["entries"]] == ["momentum"]


def test_the_pdf_has_every_chapter(tmp_path: Path, built_book: Path) -> None:
    if lacking := pdf.missing():
        pytest.skip(f"no PDF without {', '.join(lacking)} ({', '.join(sorted(set(lacking.values())))})")
    if not shutil.which("pdftotext"):
        pytest.skip("no pdftotext here to read it (poppler-utils)")
    for name in ("book", "course_lib"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("_build", "__pycache__"))
    shutil.copy(ROOT / "requirements.txt", tmp_path)
    shutil.copytree(built_book.parent / "executed", tmp_path / "book" / "_build" / "executed")  # the chapters, run
    done = subprocess.run(
        [sys.executable, tmp_path / "book" / "pdf.py"], capture_output=True, text=True, timeout=900, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    made = tmp_path / "book" / "_build" / "latex" / pdf.TEX.replace(".tex", ".pdf")
    text = subprocess.run(["pdftotext", made, "-"], capture_output=True, text=True, check=True).stdout
    for title in ("What an optimizer does", "Momentum", "Saddles and valleys", "Glossary"):
        assert title.lower() in text.lower()
    assert "学习率" in text
    log = made.with_suffix(".log").read_text(errors="replace")
    assert "Missing character" not in log
    assert "undefined references" not in log
    too_high = [float(points) for points in re.findall(r"Overfull \\vbox \(([\d.]+)pt", log)]
    assert all(points < 2 for points in too_high), "a box runs into a page's foot"
    quizzes = text.count("\nAnswers\n")
    assert quizzes == len(list((ROOT / "book" / "chapters").glob("*.md")))
    assert text.count("Here it stands still") >= 12
