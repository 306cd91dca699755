"""What tests of several folders share: the book, built once for all of them."""

import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).resolve().parents[1]
LONGEST = ("test_course.py", "test_pdf.py")  # minutes each, once the book is built


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """First what waits for the book, and the longest of that before all: nothing long is left for one worker to end on.

    The sort is stable: within each kind the tests stay in their order, so that those of a file share its fixtures.
    """
    items.sort(key=lambda item: (item.path.name not in LONGEST, "built_book" not in getattr(item, "fixturenames", ())))


@pytest.fixture(scope="session")
def built_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the book's HTML, built from nothing with every warning an error; parallel workers share one build."""
    shared = tmp_path_factory.getbasetemp()
    if shared.name.startswith("popen-"):  # a worker of pytest-xdist: its siblings' folders stand beside its own
        shared = shared.parent
    output, done = shared / "built_book", shared / "built_book.done"
    with FileLock(shared / "built_book.lock"):
        if not done.exists():
            _build(output)
            done.touch()
    return output / "_build" / "html"


def _build(output: Path) -> None:
    command = [sys.executable, "-m", "jupyter", "book", "build", "-W", "--keep-going", "--path-output", str(output)]
    built = subprocess.run([*command, str(ROOT / "book")], cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert built.returncode == 0, built.stdout[-4000:] + built.stderr[-4000:]
