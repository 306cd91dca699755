"""Explorers in a live JupyterLab: the same modules, moved by keyboard, their state back in Python."""

from collections.abc import Iterator

import nbformat
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.explorers import EXPLORERS, assert_drawn, state_of
from tests.browser.lab import Lab, run_cell, serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Lab]:
    """A JupyterLab over a folder with one notebook for each explorer."""
    folder = tmp_path_factory.mktemp("lab")
    for kind in EXPLORERS:
        cells = [
            f"from course_lib.explorers import {kind}_explorer\nexplorer = {kind}_explorer()\nexplorer",
            'print("state:", explorer.widget.state)',
            "explorer.widget.state = dict(explorer.state)",
        ]
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, folder / f"{kind}.ipynb")
    with serving(folder, tmp_path_factory.mktemp("private"), browser) as lab:
        yield lab


@pytest.fixture(params=EXPLORERS)
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def notebook(kind: str, lab: Lab) -> Iterator[Page]:
    with lab.opened(f"{kind}.ipynb") as page:
        yield page


def test_it_moves_in_a_live_notebook(notebook: Page, kind: str) -> None:
    case = EXPLORERS[kind]
    run_cell(notebook, 0)
    body = notebook.locator(".course-explorer-body")
    body.wait_for(timeout=60_000)
    first = state_of(body)
    assert_drawn(body, case)
    for name in case.sliders:
        slider = body.get_by_role("slider", name=name, exact=True)
        slider.focus()
        notebook.keyboard.press("End")
        for _ in range(3):
            notebook.keyboard.press("ArrowLeft")
        last = float(slider.get_attribute("max") or 0)
        expect(slider).to_have_value(f"{last - 3:g}")  # JupyterLab did not take the arrow keys
        assert_drawn(body, case)
    moved = state_of(body)
    assert moved != first

    run_cell(notebook, 1)  # the state has come back to Python
    expect(notebook.locator(".jp-OutputArea-output pre").last).to_have_text(f"state: {moved}\n")
    run_cell(notebook, 2)  # and Python moves the sliders
    notebook.wait_for_function(
        "first => document.querySelector('.course-explorer-body').dataset.state === JSON.stringify(first)", arg=first
    )
    assert_drawn(body, case)

    line = body.locator("[data-drawn]").first
    light = line.evaluate("one => getComputedStyle(one).stroke")
    notebook.evaluate("document.body.dataset.jpThemeLight = 'false'")
    assert line.evaluate("one => getComputedStyle(one).stroke") != light
