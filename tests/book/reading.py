"""What the tests read of a built page."""

from functools import cache
from html.parser import HTMLParser
from pathlib import Path


class _Ids(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {value for name, value in attrs if name == "id" and value}


@cache
def ids_in(page: Path) -> frozenset[str]:
    """Where a link into the page may lead. Many links lead into the same few pages: each is read once."""
    reader = _Ids()
    reader.feed(page.read_text(encoding="utf-8"))
    return frozenset(reader.found)
