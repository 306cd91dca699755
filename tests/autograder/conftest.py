"""A course that has been released, and one whose sample class has been graded: each made once for all tests."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from autograder.cluster.connect import LOCAL, client
from autograder.course import Course
from autograder.journal import Journal
from autograder.release import release
from tests.autograder.courses import CLASS, copy_of, fresh_course, run
from tests.autograder.notebooks import NAME


@pytest.fixture(scope="session")
def graded_class(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The sample class, graded from the command line as an instructor does it. Look, do not touch."""

    def make(folder: Path) -> None:
        course = fresh_course(folder)
        for arguments in (["sample-class", str(CLASS)], ["grade", NAME, "--jobs", "2"]):
            done = run(course, *arguments)
            (folder / f"{arguments[0]}.txt").write_text(done.stdout)
            assert done.returncode == 0, done.stdout + done.stderr
            assert not done.stderr, "the console stays clean"

    return Course.at(_once(tmp_path_factory, "graded_class", make) / "assignments")


@pytest.fixture(scope="session")
def _released(tmp_path_factory: pytest.TempPathFactory) -> Course:
    def make(folder: Path) -> None:
        course = fresh_course(folder)
        with Journal(course.journal_file) as journal:
            release(course, NAME, journal)

    return Course.at(_once(tmp_path_factory, "released", make) / "assignments")


@pytest.fixture(scope="session")
def dask_client() -> Iterator[Any]:
    """Two workers on this machine, watched by nannies that put new ones in the place of those that die."""
    with client(LOCAL, 2) as cluster:
        yield cluster


@pytest.fixture
def graded(graded_class: Course, tmp_path: Path) -> Course:
    """A copy of the graded class for a test of its own."""
    return copy_of(graded_class, tmp_path)


@pytest.fixture
def released(_released: Course, tmp_path: Path) -> Course:
    """A released course without submissions."""
    return copy_of(_released, tmp_path)


def _once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that ``make`` filled, shared by all workers of pytest-xdist."""
    shared = factory.getbasetemp()
    if shared.name.startswith("popen-"):
        shared = shared.parent
    with FileLock(shared / f"{name}.lock"):
        if not (shared / f"{name}.done").exists():
            (shared / name).mkdir()
            make(shared / name)
            (shared / f"{name}.done").touch()
    return shared / name
