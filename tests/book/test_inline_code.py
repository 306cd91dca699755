"""Inline code breaks at a line's end where a reader would break it."""

from pathlib import Path

from bs4 import BeautifulSoup
from course_book.inline_code import breakable


def test_an_option_is_whole_and_a_long_path_breaks_after_its_slashes() -> None:
    assert breakable('<span class="pre">--jobs</span>') == '<span class="pre">--jobs</span>'
    path = "assignments/submitted/STUDENT/ps1_gradient_descent"
    marked = breakable(f'<span class="pre">{path}</span>')
    assert 'class="pre long"' in marked
    assert marked.count("/<wbr>") == path.count("/")
    assert BeautifulSoup(marked, "html.parser").get_text() == path, "what is copied has nothing added"


def test_an_address_keeps_its_two_slashes() -> None:
    marked = breakable('<span class="pre">postgresql+psycopg://grader@db.example.org/marks</span>')
    assert "://grader" in marked
    assert "org/<wbr>marks" in marked


def test_every_page_has_its_long_names_marked(built_book: Path) -> None:
    page = BeautifulSoup((built_book / "teaching" / "guide.html").read_text(encoding="utf-8"), "html.parser")
    names = page.select("code.literal span.pre")
    assert any("long" in name["class"] for name in names)
    assert all(("long" in name["class"]) == (len(name.get_text()) > 24) for name in names)
