"""Every term of the glossary stands in English and in Chinese, is explained, and says which language it is in."""

from pathlib import Path

from bs4 import BeautifulSoup


def test_every_term_has_both_languages_and_a_meaning(built_book: Path) -> None:
    page = BeautifulSoup((built_book / "appendices" / "glossary.html").read_text(encoding="utf-8"), "html.parser")
    entries = page.select("dl.glossary > dt")
    assert len(entries) >= 100
    english, chinese = entries[::2], entries[1::2]
    assert len(english) == len(chinese)
    for here, there in zip(english, chinese, strict=True):
        assert here.get("lang") is None, here.get_text()
        assert there.get("lang") == "zh-Hans", there.get_text()
        assert len(there.find_next_sibling("dd").get_text().split()) >= 4
    names = [entry.get_text(strip=True).rstrip("#").lower() for entry in english]
    assert names == sorted(names)
    assert len(set(names)) == len(names)
