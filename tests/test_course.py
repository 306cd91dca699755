"""``make course`` in a fresh copy of the repository leaves all that three people need; a second run redoes nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ASSIGNMENT = "ps1_gradient_descent"

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def fresh_copy(folder: Path) -> Path:
    """What a clone of the working tree would hold: what git tracks or would track, nothing that was built."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def make_course(folder: Path) -> subprocess.CompletedProcess[str]:
    # The virtual environment of this run serves again, however old it is: installing into it from here would leave it
    # with a package whose folder is soon gone.
    command = ["make", "course", f"VENV={sys.prefix}", f"--assume-old={sys.prefix}/.installed"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "MAKE"))}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600)


def times(folder: Path, *patterns: str) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for pattern in patterns for path in folder.glob(pattern)}


def test_a_fresh_clone_becomes_a_course(tmp_path: Path, built_book: Path) -> None:
    folder = fresh_copy(tmp_path)
    # The chapters were run when the book of the other tests was built; they need not run again for this one.
    shutil.copytree(built_book.parent / "executed", folder / "book/_build/executed")
    (folder / "pyproject.toml").touch()  # newer than any environment
    first = make_course(folder)
    assert first.returncode == 0, first.stdout[-3000:] + first.stderr[-3000:]
    assert "pip install" not in first.stdout, "the environment of this run was changed"

    assert (folder / "book/_build/html/index.html").is_file()
    assert (folder / f"assignments/release/{ASSIGNMENT}/{ASSIGNMENT}.ipynb").is_file()
    assert (folder / "assignments/gradebook.db").is_file()
    assert len(list(folder.glob(f"assignments/feedback/*/{ASSIGNMENT}/*.html"))) == 12
    for place in ("book/_build/html/index.html", "assignments/release", "assignments/gradebook.db", "report"):
        assert place in first.stdout

    made = ("book/_build/html/chapters/*.html", "assignments/release/*/*.ipynb", "assignments/autograded/*/*/*.ipynb")
    before = times(folder, *made)
    second = make_course(folder)
    assert second.returncode == 0, second.stdout[-3000:] + second.stderr[-3000:]
    assert times(folder, *made) == before
