"""A learner works a release notebook in a real JupyterLab: a wrong function, its hint, the mending, all ticks."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat.notebooknode import NotebookNode
from playwright.sync_api import Browser, Locator, Page, expect

from autograder.samples import CASTS, Version
from course_lib.checks import spec_for
from tests.browser.lab import Lab, code_cell, run_cell, serving, write_cell

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of release notebooks, made by the instructor's command in a copy of the course."""
    course = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "assignments/nbgrader_config.py", course)
    shutil.copytree(ROOT / "assignments/source", course / "source")
    command = [sys.executable, "-m", "autograder", "release", "--all", "--course", str(course)]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert made.returncode == 0, made.stdout + made.stderr
    return course / "release"


@pytest.fixture(scope="module")
def lab(release: Path, tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Lab]:
    with serving(release, tmp_path_factory.mktemp("private"), browser) as lab:
        yield lab


def mistake_of(assignment: str) -> Version:
    """A version from the assignment's sample class that shows one misconception known by name."""
    _, versions = CASTS[assignment]
    return next(v for v in versions if v.loses and v.name in spec_for(v.cell).misconceptions)


def cell_named(cells: list[NotebookNode], grade_id: str) -> int:
    return next(i for i, c in enumerate(cells) if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def code_cells(path: Path) -> list[NotebookNode]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


@pytest.mark.parametrize("assignment", CASTS)
def test_a_wrong_step_is_named_then_mended(assignment: str, release: Path, lab: Lab) -> None:
    mistake, name = mistake_of(assignment), f"{assignment}/{assignment}.ipynb"
    source = code_cells(ROOT / "assignments/source" / name)
    solution = source[cell_named(source, mistake.cell)].source
    released = code_cells(release / name)
    at = cell_named(released, mistake.cell)
    check = next(i for i in range(at, len(released)) if released[i].source.startswith(f'check("{mistake.cell}"'))

    with lab.opened(name) as page:
        for given in range(at):  # the imports and states that stand before the function
            if "check(" not in released[given].source:
                run_cell(page, given)
        hints = run_check(page, at, mistake.text(solution), check)
        expect(hints).to_contain_text(spec_for(mistake.cell).misconceptions[mistake.name].headline, timeout=30_000)
        mended = run_check(page, at, solution, check)
        all_met = re.compile(rf"{mistake.cell}: (\d+) of \1 criteria met")
        expect(mended.locator("caption")).to_have_text(all_met, timeout=30_000)


def run_check(page: Page, at: int, text: str | None, check: int) -> Locator:
    """Write the function, run it and its check; where the check's table stands."""
    assert text is not None
    write_cell(page, at, text)
    run_cell(page, at)
    run_cell(page, check)
    return code_cell(page, check).locator(".course-check")
