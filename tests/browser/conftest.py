"""A browser, the built book behind a server of our own, and pages that write down what they do."""

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from tests.browsers import FLAGS, find_browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 900}}
NO_MATHJAX = {"**/mathjax/**": ""}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium or Chrome. Without one these tests are skipped, or fail where ``STRICT=1``."""
    found = find_browser()
    if found is None:
        why = "no Chromium or Chrome: install one, or name it in CHROME"
        (pytest.fail if os.environ.get("STRICT") == "1" else pytest.skip)(why)
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield chrome
        chrome.close()


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves a folder and keeps its log to itself."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def address(built_book: Path) -> Iterator[str]:
    """Where the built book is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(built_book)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Watched:
    """A page, the addresses it asked for, and what went wrong on it."""

    page: Page
    requests: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("requestfailed", lambda request: self.wrong.append(f"failed: {request.url}"))
        self.page.on("response", lambda answer: answer.ok or self.wrong.append(f"{answer.status}: {answer.url}"))
        self.page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.page.on("console", lambda said: said.type in ("error", "warning") and self.wrong.append(said.text))

    def open(self, url: str) -> Page:
        """Go there and wait until formulas are set and explorers stand."""
        self.page.goto(url, wait_until="load")
        if self.page.evaluate("typeof MathJax") == "object":
            self.page.evaluate("MathJax.startup?.promise")
        return self.page


def settle(page: Page) -> None:
    """Wait until the page has been laid out anew and no colour or fold is on its way any more."""
    page.evaluate(
        """async () => {
            const next = () => new Promise(requestAnimationFrame);
            const moving = () => document.getAnimations().filter((one) => one instanceof CSSTransition);
            do {
                await next();
                await next();
                await Promise.allSettled(moving().map((one) => one.finished));
            } while (moving().length);
        }"""
    )


def answering(body: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=body)


@contextmanager
def visits(browser: Browser) -> Iterator[Callable[..., Watched]]:
    """``visit(url, **context)`` opens a page in a context of its own and gives it watched.

    The book's pages come without MathJax, whose typesetting takes longer than most of what is tested here, unless
    ``formulas`` are asked for. ``instead`` has texts that are served in place of what an address pattern names.
    """
    contexts: list[BrowserContext] = []

    def visit(url: str, formulas: bool = False, instead: Mapping[str, str] | None = None, **settings: Any) -> Watched:
        contexts.append(browser.new_context(**(DESK | settings)))
        for pattern, body in ((instead or {}) | ({} if formulas else NO_MATHJAX)).items():
            contexts[-1].route(pattern, answering(body))
        watched = Watched(contexts[-1].new_page())
        watched.open(url)
        return watched

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Watched]]:
    """For a test that visits by itself."""
    with visits(browser) as visit:
        yield visit
