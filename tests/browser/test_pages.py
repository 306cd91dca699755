"""Every page of the built book, as a reader's browser sees it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.conftest import DESK, Watched

ROOT = Path(__file__).resolve().parents[2]
WEIGHT = 400_000  # bytes of a page's own: its HTML and what this project adds to it
OWN = ("course.css", "palette.css", "quiz.js", "explorers/", "logo.svg")
OF_THE_PAGE = ("data:", "blob:")  # addresses that hold their own content

pytestmark = pytest.mark.browser


def names() -> list[str]:
    """Every page of the book, and the search page."""
    sources = [path.relative_to(ROOT / "book") for path in sorted((ROOT / "book").rglob("*.md"))]
    pages = [path.with_suffix("").as_posix() for path in sources if path.name != "README.md"]
    return [page for page in pages if not page.startswith("_")] + ["search"]


@pytest.fixture(scope="module", params=names())
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def seen(name: str, address: str, browser: Browser) -> Iterator[Watched]:
    """The page, visited once for the tests that only look at it."""
    context = browser.new_context(**DESK)
    watched = Watched(context.new_page())
    watched.open(f"{address}/{name}.html")
    watched.page.wait_for_timeout(300)
    yield watched
    context.close()


def test_the_list_of_pages_is_not_empty() -> None:
    assert {"index", "chapters/gradient_descent", "appendices/notation"} <= set(names())


def test_a_page_asks_nobody_else_and_nothing_goes_wrong(seen: Watched, address: str) -> None:
    assert [url for url in seen.requests if not url.startswith((address, *OF_THE_PAGE))] == []
    assert seen.wrong == []


def test_a_page_is_light(name: str, seen: Watched, address: str, built_book: Path) -> None:
    """Its own weight: the HTML and the files that this project, not the theme or MathJax, puts beside it."""
    files = {url.split("?")[0].removeprefix(address).lstrip("/") for url in seen.requests}
    own = {path for path in files if path == f"{name}.html" or any(part in path for part in OWN)}
    assert {f"{name}.html", "_static/course.css", "_static/palette.css"} <= own
    weight = sum((built_book / path).stat().st_size for path in own)
    assert weight < WEIGHT, f"{weight / 1000:.0f} KB"


def test_every_picture_has_alt_text(seen: Watched) -> None:
    missing = seen.page.evaluate(
        """() => [
            ...document.querySelectorAll("article img, article svg[role=img], article figure svg:not(svg svg)")
        ].filter(
            (picture) => !(picture.alt || picture.getAttribute("aria-label") || picture.querySelector(":scope > title"))
        ).map((picture) => picture.outerHTML.slice(0, 200))"""
    )
    assert missing == []


def test_formulas_are_set_and_can_be_heard(name: str, seen: Watched) -> None:
    formulas = seen.page.locator("article mjx-container")
    assert formulas.count() == seen.page.locator("article .math").count()
    assert formulas.locator("mjx-assistive-mml math").count() == formulas.count()
    assert formulas.count() or name != "chapters/gradient_descent"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_page_is_accessible(seen: Watched, theme: str) -> None:
    """No serious or critical finding of axe-core, with folded parts opened and an answer chosen in every quiz."""
    page = seen.page
    page.emulate_media(color_scheme=theme)
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    page.evaluate("document.querySelectorAll('button.toggle-button-hidden').forEach(one => one.click())")
    page.evaluate("document.querySelectorAll('.quiz input').forEach(input => input.click())")
    page.wait_for_timeout(400)  # colours fade in
    assert page.locator("html").get_attribute("data-theme") == theme
    found = [v for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]
    told = [f"{v['id']}: {v['help']}: {[node['target'] for node in v['nodes']][:4]}" for v in found]
    assert told == []


def test_a_phone_shows_a_page_without_scrolling_sideways(seen: Watched) -> None:
    seen.page.set_viewport_size({"width": 390, "height": 844})
    seen.page.wait_for_timeout(200)
    wide, room = seen.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    seen.page.set_viewport_size(DESK["viewport"])
    assert room >= 370, "nothing but a scroll bar takes room"
    assert wide <= room


def test_paper_is_white_and_carries_the_text_alone(name: str, seen: Watched) -> None:
    page = seen.page
    page.emulate_media(media="print", color_scheme="dark")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    bars = [page.locator(bar).first.is_visible() for bar in (".bd-sidebar-primary", ".bd-header-article")]
    heading = name == "search" or page.locator("article h1").last.is_visible()
    page.emulate_media(media="screen")
    assert (paper, bars, heading) == ("rgb(255, 255, 255)", [False, False], True)


def test_a_page_opens_from_disk(name: str, built_book: Path, visit) -> None:
    seen = visit((built_book / f"{name}.html").as_uri())
    assert [url for url in seen.requests if not url.startswith(("file:", *OF_THE_PAGE))] == []
    assert seen.wrong == []
    for formula in seen.page.locator("article mjx-container").all()[:3]:
        assert formula.bounding_box()["width"] > 2


@pytest.mark.parametrize("opened", ["served", "from disk"])
def test_a_word_typed_into_the_search_leads_to_its_chapter(opened: str, address: str, built_book: Path, visit) -> None:
    name = "Gradient descent"
    home = address if opened == "served" else built_book.as_uri()
    seen = visit(f"{home}/index.html")
    seen.page.keyboard.press("Control+k")
    seen.page.keyboard.type("curvature")
    seen.page.keyboard.press("Enter")
    hit = seen.page.locator("#search-results li a", has_text=name)
    hit.wait_for()
    if opened == "served":  # a line of the page under its title; from disk, browsers do not let a script read it
        seen.page.locator("#search-results li", has_text=name).locator("p.context").wait_for()
        seen.page.wait_for_load_state("networkidle")  # leaving would cut off the lines of the other hits
    hit.click()
    seen.page.locator("article h1", has_text=name).wait_for()
    assert [url for url in seen.requests if not url.startswith((home, *OF_THE_PAGE))] == []
    assert seen.wrong == []


def test_a_word_that_stands_nowhere_is_said_to_be_nowhere(built_book: Path, visit) -> None:
    page = visit(f"{built_book.as_uri()}/search.html?q=xylophone").page
    page.get_by_text("did not match any documents").wait_for()
