"""Where the browser for the tests is."""

import os
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")

# Nothing but the page under test may reach the network, and no sandbox of the browser's own is needed for our pages.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def find_browser() -> str | None:
    """Path of a Chromium or Chrome: ``$CHROME``, one on the PATH, or Playwright's own download; None without one."""
    named = [os.environ.get("CHROME"), *map(shutil.which, _NAMES), str(_MAC), _playwrights_own()]
    return next((path for path in named if path and Path(path).exists()), None)


def _playwrights_own() -> str:
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path
