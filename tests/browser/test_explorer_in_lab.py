"""The explorer in a live JupyterLab: the same module, moved by keyboard, its state back in Python."""

import json
from collections.abc import Iterator

import nbformat
import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from course_lib.descent import minimize
from course_lib.explorers.parabola import RATES, STEPS
from course_lib.objectives import parabola
from course_lib.optimizers import gd_init, gd_step
from tests.browser.lab import opened, run_cell, serving

pytestmark = pytest.mark.browser

CELLS = [
    "from course_lib.explorers import parabola_explorer\nexplorer = parabola_explorer(lr=0.2)\nexplorer",
    'print("the slider stands at", explorer.data["lr"][explorer.widget.state["lr"]])',
    'explorer.widget.state = {"lr": 0, "step": 3}',
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a JupyterLab over a folder with one notebook."""
    folder = tmp_path_factory.mktemp("lab")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, folder / "explorer.ipynb")
    with serving(folder, tmp_path_factory.mktemp("private")) as address:
        yield address


@pytest.fixture
def notebook(lab: str, browser: Browser) -> Iterator[Page]:
    with opened(browser, lab, "explorer.ipynb") as page:
        yield page


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
