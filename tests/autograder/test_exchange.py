"""From the instructor's folder to two learners' homes and back, by nbgrader's own commands through a real exchange.

Where the tests run as root, the learners are two other accounts of the system, so that the exchange's rights are those
of real people; elsewhere they are two ids of one account.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from autograder.course import Course
from tests.autograder.courses import copy_of, gradebook_of, run
from tests.autograder.notebooks import NAME, cell, right

ACCOUNTS = ("daemon", "nobody")
COURSE = "optimizers-step-by-step"

pwd = pytest.importorskip("pwd", reason="nbgrader has no exchange on Windows")


@dataclass(frozen=True)
class Person:
    """Somebody with a home of their own. ``account`` is who the commands run as, None for whoever runs the tests."""

    name: str
    home: Path
    account: str | None = None

    def nbgrader(self, *arguments: str, config: Path) -> str:
        """A real nbgrader command in this person's home; gives what it said."""
        claimed = [] if self.account else [f"--student={self.name}"]
        command = [sys.executable, "-m", "nbgrader", *arguments, f"--course={COURSE}", *claimed]
        done = subprocess.run(
            command,
            cwd=self.home,
            env=_environment(self.home, config),
            user=self.account,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr


def _environment(home: Path, config: Path) -> dict[str, str]:
    settings = {"HOME": str(home), "JUPYTER_CONFIG_DIR": str(config), "JUPYTER_DATA_DIR": str(home / "data")}
    return {**os.environ, **settings, "PYTHONDONTWRITEBYTECODE": "1"}


@dataclass(frozen=True)
class School:
    """An instructor's course, an exchange, and two learners."""

    course: Course
    config: Path
    learners: tuple[Person, Person]

    def instructor(self, *arguments: str) -> str:
        """A real nbgrader command in the course's folder."""
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=self.course.root,
            env=_environment(self.course.root.parent, self.config),
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr


@pytest.fixture
def school(released: Course, tmp_path: Path) -> Iterator[School]:
    """All of it in one folder that other accounts may enter; pytest's own folders are closed to them."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        folder.chmod(0o755)
        exchange, config = folder / "exchange", folder / "config"
        exchange.mkdir()
        exchange.chmod(0o777)
        config.mkdir()
        (config / "nbgrader_config.py").write_text(f"c = get_config()\nc.Exchange.root = {str(exchange)!r}\n")
        first, second = (_person(folder, account) for account in ACCOUNTS)
        (folder / "teacher").mkdir()
        yield School(copy_of(released, folder / "teacher"), config, (first, second))


def _person(folder: Path, account: str) -> Person:
    home = folder / account
    home.mkdir(mode=0o700)
    if os.geteuid() != 0 or not _can_run_python(account):
        return Person(account, home)
    shutil.chown(home, account)
    return Person(account, home, account)


def _can_run_python(account: str) -> bool:
    """Whether this account exists and may read the Python that runs the tests."""
    try:
        pwd.getpwnam(account)
        return (
            subprocess.run([sys.executable, "-c", "import nbgrader"], user=account, capture_output=True).returncode == 0
        )
    except (KeyError, PermissionError):
        return False


def write_down(person: Person, change: str = "") -> None:
    """The learner works: all solutions into the fetched notebook, ``change`` in place of the first step."""
    path = person.home / NAME / f"{NAME}.ipynb"
    fetched = nbformat.read(path, as_version=4)
    for own in fetched.cells:
        about = own.metadata.get("nbgrader", {})
        if about.get("solution"):
            own.source = cell(right(), about["grade_id"]).source
    if change:
        cell(fetched, "gd_step").source = change
    nbformat.write(fetched, path)


UPHILL = "def gd_step(w, g, state, *, lr=1e-3):\n    return w + lr * g, GDState(t=state.t + 1)\n"


def test_out_to_two_learners_and_back_to_them_graded(school: School) -> None:
    """Beside them somebody hands in by mail: `release_feedback` would stop at a page that has no secret."""
    course, config = school.course, school.config
    school.instructor("release_assignment", NAME)

    for person, change in zip(school.learners, ("", UPHILL), strict=True):
        person.nbgrader("fetch_assignment", NAME, config=config)
        write_down(person, change)
        person.nbgrader("submit", NAME, config=config)
    waiting = school.instructor("list", "--inbound")
    assert [person.name for person in school.learners if f"{COURSE} {person.name} {NAME}" not in waiting] == []

    collected = school.instructor("collect", NAME)
    assert "cheating" not in collected or not school.learners[0].account
    by_mail = course.submitted("a_by_mail", NAME)
    by_mail.mkdir(parents=True)
    shutil.copy(course.release(NAME) / f"{NAME}.ipynb", by_mail)
    done = run(course, "grade", NAME)
    assert done.returncode == 0, done.stdout + done.stderr
    scores = {
        student: sum(grade["score"] for grade in entry["grades"].values())
        for student, entry in gradebook_of(course).items()
    }
    good, wrong = (person.name for person in school.learners)
    assert scores[good] == 90.0, "all but the written answer, which waits for a person"
    assert 0.0 < scores[wrong] < 90.0

    school.instructor("release_feedback", NAME)
    for person in school.learners:
        person.nbgrader("fetch_feedback", NAME, config=config)
        (page,) = (person.home / NAME / "feedback").rglob("*.html")
        assert page.read_text() == (course.feedback(person.name, NAME) / page.name).read_text()
        assert ("walks up the slope" in page.read_text()) == (person.name == wrong)
