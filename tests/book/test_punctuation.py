"""What follows a formula stays on its line."""

from pathlib import Path

from bs4 import BeautifulSoup


def test_no_line_begins_with_the_comma_after_a_formula(built_book: Path) -> None:
    page = BeautifulSoup((built_book / "chapters" / "momentum.html").read_text(encoding="utf-8"), "html.parser")
    followed = [
        span for span in page.select("span.math") if str(span.next_sibling or "").startswith((",", ".", ";", ":", ")"))
    ]
    assert len(followed) > 20
    assert all("formula-and-mark" in span.parent["class"] for span in followed if span.parent)
