"""Every page of the built book, as a reader's browser sees it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.conftest import DESK, PHONE, Watched, settle, visits

ROOT = Path(__file__).resolve().parents[2]
WEIGHT = 400_000  # bytes of a page's own: its HTML and what this project adds to it
OWN = ("course.css", "palette.css", "quiz.js", "explorers/", "logo.svg")
OF_THE_PAGE = ("data:", "blob:")  # addresses that hold their own content
AXE = {"resultTypes": ["violations"], "preload": {"assets": ["media"]}}  # from disk it cannot read style sheets
OF_COLOUR = ["color-contrast", "link-in-text-block"]  # axe-core's rules whose answer a theme can change
# axe-core takes a millisecond for each token of a listing, and most are styled like one before them: these, with the
# same classes all the way up, become plain text.
LEAVE_ONE_TOKEN_OF_A_KIND = """() => {
    const kind = (one) => (one ? `${one.className} < ${kind(one.parentElement)}` : "");
    const seen = new Set();
    for (const token of document.querySelectorAll(".highlight pre :not(:has(*))")) {
        if (seen.has(kind(token))) token.replaceWith(token.textContent);
        seen.add(kind(token));
    }
}"""

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
def seen(name: str, built_book: Path, browser: Browser) -> Iterator[Watched]:
    """The page, opened from disk once for the tests that look at it."""
    with visits(browser) as visit:
        yield visit((built_book / f"{name}.html").as_uri(), formulas=True)


def test_the_list_of_pages_is_not_empty() -> None:
    assert {"index", "chapters/gradient_descent", "appendices/notation"} <= set(names())


def test_a_page_is_light(name: str, seen: Watched, built_book: Path) -> None:
    """Its own weight: the HTML and the files that this project, not the theme or MathJax, puts beside it."""
    files = {url.split("?")[0].removeprefix(built_book.as_uri()).lstrip("/") for url in seen.requests}
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
    for formula in formulas.all()[:3]:
        assert formula.bounding_box()["width"] > 2


def test_a_phone_shows_a_page_without_scrolling_sideways(seen: Watched) -> None:
    seen.page.set_viewport_size(PHONE["viewport"])
    settle(seen.page)
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


@pytest.mark.parametrize(("theme", "rules"), [("light", None), ("dark", OF_COLOUR)], ids=["light", "dark"])
def test_a_page_is_accessible(seen: Watched, theme: str, rules: list[str] | None) -> None:
    """No serious or critical finding of axe-core, with folded parts opened and an answer chosen in every quiz."""
    page = seen.page
    page.emulate_media(color_scheme=theme)
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    page.evaluate("document.querySelectorAll('button.toggle-button-hidden').forEach(one => one.click())")
    page.evaluate("document.querySelectorAll('.quiz input').forEach(input => input.click())")
    page.evaluate(LEAVE_ONE_TOKEN_OF_A_KIND)
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    settle(page)
    options = AXE | ({"runOnly": rules} if rules else {})
    violations = Axe().run(page, options=options).response["violations"]
    found = [v for v in violations if v["impact"] in ("serious", "critical")]
    told = [f"{v['id']}: {v['help']}: {[node['target'] for node in v['nodes']][:4]}" for v in found]
    assert told == []


def test_a_page_from_disk_asks_nobody_else_and_nothing_goes_wrong(seen: Watched) -> None:
    """After the tests above, so that what they opened, chose and resized counts too."""
    seen.page.wait_for_load_state("networkidle")
    assert [url for url in seen.requests if not url.startswith(("file:", *OF_THE_PAGE))] == []
    assert seen.wrong == []


def test_a_served_page_asks_nobody_else_and_nothing_goes_wrong(name: str, address: str, visit) -> None:
    seen = visit(f"{address}/{name}.html")
    assert [url for url in seen.requests if not url.startswith((address, *OF_THE_PAGE))] == []
    assert seen.wrong == []


@pytest.mark.parametrize("opened", ["served", "from disk"])
def test_a_word_typed_into_the_search_leads_to_its_chapter(opened: str, address: str, built_book: Path, visit) -> None:
    name = "Gradient descent"
    home = address if opened == "served" else built_book.as_uri()
    seen = visit(f"{home}/index.html", formulas=True)
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
    seen.page.locator("article mjx-container").first.wait_for()
    assert [url for url in seen.requests if not url.startswith((home, *OF_THE_PAGE))] == []
    assert seen.wrong == []


def test_a_word_that_stands_nowhere_is_said_to_be_nowhere(built_book: Path, visit) -> None:
    page = visit(f"{built_book.as_uri()}/search.html?q=xylophone").page
    page.get_by_text("did not match any documents").wait_for()
