"""Building the book: what a change changes, what fails a build, and what never gets onto a page."""

import os
import re

import pytest

from tests.book.conftest import ToyBook

ANSWER = "after one step: 0.4"


def test_a_page_follows_the_library_it_imports(toy_book: ToyBook) -> None:
    """The stock cache serves yesterday's numbers here; so would a page that keeps an old listing."""
    first = toy_book.build()
    assert first.returncode == 0, first.stdout + first.stderr
    assert "running 1 chapters" in first.stdout
    assert ANSWER in toy_book.page

    again = toy_book.build()
    assert again.returncode == 0
    assert "running" not in again.stdout, "an unchanged book is not run again"

    step = toy_book.root / "course_lib" / "optimizers" / "gd.py"
    step.write_text(step.read_text(encoding="utf-8").replace("return w - lr * g", "return w + lr * g"))
    changed = toy_book.build()
    assert changed.returncode == 0, changed.stdout + changed.stderr
    assert "after one step: 3.6" in toy_book.page
    listing = re.sub("<[^>]*>", "", toy_book.page)
    assert "return w + lr * g" in listing
    assert "return w - lr * g" not in listing
    assert len(list((toy_book.root / "book" / "_build" / "executed").iterdir())) == 1, "old caches are cleared away"


# A chapter that ends only if the other one is running at the same time.
MEETING = """# {mine}

```{{code-cell}} ipython3
import time
from pathlib import Path
mine, other, begun = Path("{mine}.here"), Path("{other}.here"), time.monotonic()
mine.touch()
while not other.exists():
    if time.monotonic() - begun > 40:
        mine.unlink()  # gone again, so that who comes later meets nobody either
        raise TimeoutError("nobody came")
    time.sleep(0.05)
print("{mine} met {other}")
```
"""


def test_chapters_run_at_the_same_time(toy_book: ToyBook) -> None:
    if os.cpu_count() == 1:
        pytest.skip("one core: chapters are run one after the other")
    for mine, other in (("ann", "ben"), ("ben", "ann")):
        toy_book.write(MEETING.format(mine=mine, other=other), mine)
    result = toy_book.build()
    assert result.returncode == 0, result.stdout + result.stderr
    assert "ann met ben" in (toy_book.html / "ann.html").read_text(encoding="utf-8")


QUIZ = """```{quiz}
How many?

- [ ] One.
  > No.
- [ ] Two.
  > No.
```
"""


# page -> (what stands in it, what the build must say)
MISTAKES = {
    "cell": ("```{code-cell} ipython3\n1 / 0\n```\n", "ZeroDivisionError"),
    "alt": ("```{code-cell} ipython3\nfrom course_lib.plotting import Figure\nFigure('')\n```\n", "needs alt text"),
    "quiz": (QUIZ, "exactly one right answer"),
    "source": ("```{step-source} course_lib.optimizers.gd.no_such_step\n```\n", "does not define 'no_such_step'"),
    "citation": ("See {cite:p}`nobody1900`.\n", "nobody1900"),
    "link": ("See [](nowhere.md).\n", "nowhere.md"),
}


def test_mistakes_fail_the_build_and_each_is_named_with_its_page(toy_book: ToyBook) -> None:
    for name, (text, _) in MISTAKES.items():
        toy_book.write(f"# {name}\n\n{text}", name)
    result = toy_book.build()
    assert result.returncode != 0
    said = re.split(r"(?=\S+/book/\w+\.md[^ ]*: (?:WARNING|ERROR))", result.stderr)
    for name, (_, message) in MISTAKES.items():
        assert any(f"/{name}.md" in part and message in part for part in said), f"{name}: {result.stderr}"


def test_a_page_carries_what_it_needs_and_no_more(toy_book: ToyBook) -> None:
    toy_book.configure("html:\n", "html:\n  baseurl: https://example.org/course/\n")
    result = toy_book.build()
    assert result.returncode == 0, result.stdout + result.stderr
    page = toy_book.page
    assert 'property="og:title" content="Toy"' in page
    assert 'content="It begins with one sentence &amp; a “quotation”."' in page
    assert 'property="og:image" content="https://example.org/course/_static/social-preview.png"' in page
    assert (toy_book.html / "_static" / "social-preview.png").stat().st_size > 10_000
    assert "explorers/" not in page, "a page without an explorer does not load one"
    assert "quiz.js" not in page
    assert "thebe" not in page.lower()
    scripts = re.findall(r'<script[^>]* src="([^"]*)"', page)
    assert len(scripts) == len(set(scripts)), "no script is loaded twice"
