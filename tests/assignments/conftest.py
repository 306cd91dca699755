"""A copy of the course in which nbgrader may write, made once."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

sys.path.insert(0, str(Path(__file__).parent))  # makes the helper beside these tests importable

from problem_sets import ASSIGNMENTS, Nbgrader


@pytest.fixture(scope="session")
def nbgrader(tmp_path_factory: pytest.TempPathFactory) -> Nbgrader:
    """Runs nbgrader in a copy of the course (its folder is ``.course``) where every assignment has been released."""
    course = tmp_path_factory.mktemp("course")
    shutil.copy(ASSIGNMENTS / "nbgrader_config.py", course)
    shutil.copytree(ASSIGNMENTS / "source", course / "source")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # nbgrader calls alembic by name

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "nbgrader", *arguments]
        environment = os.environ | {"PATH": path}
        return subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True, timeout=300)

    run.course = course  # type: ignore[attr-defined]
    made = run("generate_assignment", "*")
    assert made.returncode == 0, made.stderr
    assert len(list(course.glob("release/*/*.ipynb"))) == len(list(course.glob("source/*/*.ipynb")))
    return run


@pytest.fixture(scope="session")
def submit(nbgrader: Nbgrader) -> Callable[..., None]:
    """``submit(student, assignment, {grade_id: source})`` hands in the release with these cells written."""

    def hand_in(student: str, assignment: str, written: dict[str, str]) -> None:
        course: Path = nbgrader.course  # type: ignore[attr-defined]
        notebook = nbformat.read(course / "release" / assignment / f"{assignment}.ipynb", as_version=4)
        cells = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}
        for grade_id, source in written.items():
            cells[grade_id].source = source
        folder = course / "submitted" / student / assignment
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{assignment}.ipynb")

    return hand_in
