"""The explorer in a live JupyterLab: the same module, moved by keyboard, its state back in Python."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import numpy as np
import pytest
from playwright.sync_api import Page, TimeoutError, expect

from course_lib.descent import minimize
from course_lib.explorers.parabola import RATES, STEPS
from course_lib.objectives import parabola
from course_lib.optimizers import gd_init, gd_step

pytestmark = pytest.mark.browser

CELLS = [
    "from course_lib.explorers import parabola_explorer\nexplorer = parabola_explorer(lr=0.2)\nexplorer",
    'print("the slider stands at", explorer.data["lr"][explorer.widget.state["lr"]])',
    'explorer.widget.state = {"lr": 0, "step": 3}',
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a JupyterLab of its own, in an empty folder with one notebook, with no settings of the user's."""
    folder = tmp_path_factory.mktemp("lab")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, folder / "explorer.ipynb")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = [f"--port={port}", "--no-browser", "--allow-root", f"--ServerApp.root_dir={folder}"]
    options += ["--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True", "--LabApp.news_url="]
    settings = {"JUPYTER_CONFIG_DIR": str(folder / "config"), "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings")}
    with (folder / "lab.log").open("w") as log:
        command = [sys.executable, "-m", "jupyterlab", *options]
        server = subprocess.Popen(command, cwd=folder, env=os.environ | settings, stdout=log, stderr=log)
        try:
            yield _ready(f"http://127.0.0.1:{port}", server, folder / "lab.log")
        finally:
            server.terminate()
            server.wait(30)


def _ready(address: str, server: subprocess.Popen[bytes], log: Path) -> str:
    for _ in range(120):
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{address}/api/status", timeout=5):
                return address
        except OSError:
            time.sleep(0.5)
    raise AssertionError(log.read_text())


@pytest.fixture
def notebook(lab: str, browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 1100})
    page = context.new_page()
    page.goto(f"{lab}/lab/tree/explorer.ipynb?reset")
    page.locator(".jp-Notebook .jp-CodeCell").nth(1).wait_for(timeout=90_000)
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=60_000)
    yield page
    context.close()


def run_cell(page: Page, number: int) -> None:
    """Run a cell and see it begin: JupyterLab drops the request while its kernel is not quite there."""
    cell = page.locator(".jp-Notebook .jp-CodeCell").nth(number)
    begun = cell.locator(".jp-InputPrompt").filter(has_text=re.compile(r"\[(\*|\d+)\]"))
    for _ in range(10):
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
        try:
            return begun.wait_for(timeout=3_000)
        except TimeoutError:
            continue
    raise AssertionError(f"cell {number} does not run")


def test_the_explorer_moves_in_a_live_notebook(notebook: Page) -> None:
    run_cell(notebook, 0)
    body = notebook.locator(".course-explorer-body")
    body.wait_for(timeout=60_000)
    slider, drawing = body.get_by_role("slider", name="Learning rate"), body.locator("svg[data-scale]")
    expect(slider).to_have_value(str(int(np.abs(RATES - 0.2).argmin())))
    before = drawing.inner_html()
    slider.focus()
    for _ in range(10):
        notebook.keyboard.press("ArrowRight")
    index = int(np.abs(RATES - 0.25).argmin())
    expect(slider).to_have_value(str(index))  # JupyterLab did not take the arrow keys
    assert drawing.inner_html() != before
    expect(body.locator(".zone-name")).to_have_text("bounces forever")

    x0, scale, *_ = json.loads(drawing.get_attribute("data-scale"))
    centres = drawing.locator(".over-time circle").evaluate_all(
        "all => all.map(c => [+c.getAttribute('cy'), +c.getAttribute('cx')])"
    )
    drawn = [(x - x0) / scale for _, x in sorted(centres)]
    path = minimize(parabola, gd_init, gd_step, lr=float(RATES[index]), steps=STEPS)
    np.testing.assert_allclose(drawn, path.w, atol=0.02 / scale)

    run_cell(notebook, 1)  # the state has come back to Python
    expect(notebook.locator(".jp-OutputArea-output pre").last).to_have_text("the slider stands at 0.25\n")
    run_cell(notebook, 2)  # and Python moves the slider
    expect(slider).to_have_value("0")
    expect(body.get_by_role("slider", name="Step")).to_have_value("3")
    expect(body.locator(".told")).to_contain_text("At step 3,")


def test_it_follows_jupyterlabs_theme(notebook: Page) -> None:
    run_cell(notebook, 0)
    dot = notebook.locator(".course-explorer-body .on-curve .now")
    dot.wait_for(timeout=60_000)
    light = dot.evaluate("one => getComputedStyle(one).fill")
    notebook.evaluate("document.body.dataset.jpThemeLight = 'false'")
    assert dot.evaluate("one => getComputedStyle(one).fill") != light
