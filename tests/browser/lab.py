"""A real JupyterLab, and notebooks worked in it as a person would."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, TimeoutError


@dataclass(frozen=True)
class Lab:
    """A JupyterLab and a browser that keeps its scripts from one notebook to the next."""

    address: str
    context: BrowserContext

    @contextmanager
    def opened(self, notebook: str) -> Iterator[Page]:
        """The page of a notebook whose kernel is ready."""
        page = self.context.new_page()
        page.add_locator_handler(page.locator(".jp-Dialog"), _accept)
        page.goto(f"{self.address}/lab/tree/{notebook}?reset")
        page.locator(".jp-Notebook .jp-CodeCell").nth(1).wait_for(timeout=90_000)
        page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=60_000)
        yield page
        page.close()


@contextmanager
def serving(folder: Path, private: Path, browser: Browser) -> Iterator[Lab]:
    """A JupyterLab over ``folder``; its settings and log go to ``private``, none are the user's."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = [f"--port={port}", "--no-browser", "--allow-root", f"--ServerApp.root_dir={folder}"]
    options += ["--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True", "--LabApp.news_url="]
    settings = {"JUPYTER_CONFIG_DIR": str(private / "config"), "JUPYTERLAB_SETTINGS_DIR": str(private / "settings")}
    with (private / "lab.log").open("w") as log:
        command = [sys.executable, "-m", "jupyterlab", *options]
        server = subprocess.Popen(command, cwd=folder, env=os.environ | settings, stdout=log, stderr=log)
        context = browser.new_context(viewport={"width": 1280, "height": 1100})
        try:
            yield Lab(_ready(f"http://127.0.0.1:{port}", server, private / "lab.log"), context)
        finally:
            context.close()
            server.terminate()
            server.wait(30)


def _ready(address: str, server: subprocess.Popen[bytes], log: Path) -> str:
    for _ in range(600):
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{address}/api/status", timeout=5):
                return address
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())


def _accept(dialog: Locator) -> None:
    """Agree to what a busy JupyterLab may ask or tell (which kernel, a slow server), and say what it was."""
    print("JupyterLab asked:", " ".join(dialog.inner_text().split()))
    dialog.locator(".jp-mod-accept").click()


def code_cell(page: Page, number: int) -> Locator:
    """A code cell by its number among the code cells, from 0."""
    return page.locator(".jp-Notebook .jp-CodeCell").nth(number)


def run_cell(page: Page, number: int) -> None:
    """Run a cell and see it begin: JupyterLab drops the request while its kernel is not quite there."""
    cell = code_cell(page, number)
    begun = cell.locator(".jp-InputPrompt").filter(has_text=re.compile(r"\[(\*|\d+)\]"))
    for _ in range(10):
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
        try:
            return begun.wait_for(timeout=3_000)
        except TimeoutError:
            continue
    raise AssertionError(f"cell {number} does not run")


def write_cell(page: Page, number: int, source: str) -> None:
    """Replace a cell's text, as by pasting."""
    code_cell(page, number).locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(source)
