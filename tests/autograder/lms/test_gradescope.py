"""Gradescope's results.json, and the autograder to upload, run as its container runs it."""

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from autograder.course import Course
from autograder.grade import grade
from autograder.intake import Rejected
from autograder.journal import Journal
from autograder.lms.marks_out.gradescope_zip import autograder_zip
from autograder.lms.marks_out.in_gradescope import submitted
from autograder.lms.marks_out.results_json import results
from autograder.lms.marks_out.standings import is_unreadable
from autograder.marks import CellMark, Mark
from autograder.sandbox.parent import Sandbox
from tests.autograder.courses import fresh_course
from tests.autograder.notebooks import NAME, assignment, submission, write

VERDICT = {
    "function": "gd_step",
    "criterion": "one_step",
    "passed": False,
    "headline": "It walks uphill.",
    "detail": "Subtract.",
    "link": "chapters/gd.html",
    "misconceptions": [],
}


def result(score: float | None = 0.0, note: str = "") -> dict[str, object]:
    cells = [
        {"grade_id": "test_gd", "kind": "check", "score": score, "max_score": 2.0, "verdicts": [VERDICT], "note": note},
        {"grade_id": "in_your_words", "kind": "manual", "score": None, "max_score": 3.0, "verdicts": [], "note": ""},
    ]
    return {"cells": cells, "problems": ["A cell was put back."], "tier": "plain", "versions": {"numpy": "2"}}


def test_a_learner_reads_what_was_found_and_where_the_book_explains_it() -> None:
    content = results(result(), "after_published", "https://book/")
    check, answer = content["tests"]
    assert check["name"] == "gd_step: one step"
    assert (check["score"], check["max_score"], check["status"]) == (0.0, 2.0, "failed")
    assert check["output"].splitlines() == [
        "✗ It walks uphill.",
        "Subtract.",
        "The book explains it: https://book/chapters/gd.html",
    ]
    assert check["visibility"] == content["visibility"] == "after_published"
    assert "A cell was put back." in content["output"]
    assert content["stdout_visibility"] == "hidden", "it says which sandbox there is"
    assert "score" not in answer, "an answer that waits is no 0"
    assert "A person will grade this answer." in answer["output"]


def test_no_link_into_a_computer_that_learners_cannot_see() -> None:
    assert "book" not in results(result(), "visible", "")["tests"][0]["output"]


def test_a_persons_grades_count() -> None:
    cells = {"test_gd": CellMark(2.0, 2.0, False, True), "in_your_words": CellMark(2.5, 3.0, False, True)}
    content = results(result(), "visible", "", Mark("ada", "", "", "", None, 0.0, cells))
    assert ([test["score"] for test in content["tests"]], content["score"]) == ([2.0, 2.5], 4.5)


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder laid out as Gradescope's ``/autograder``, with this test's Python where setup.sh installs one."""
    root = tmp_path_factory.mktemp("gradescope") / "autograder"
    course = fresh_course(root.parent / "course")
    with Journal(course.journal_file) as journal:
        seed = journal.seed()
    data = autograder_zip(course, NAME, seed, "visible", "")
    assert data == autograder_zip(course, NAME, seed, "visible", ""), "the same course gives the same bytes"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(root / "source")
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
    assert modes["setup.sh"] & modes["run_autograder"] & 0o111
    (root / "run_autograder").write_bytes((root / "source" / "run_autograder").read_bytes())
    (root / "run_autograder").chmod(0o755)
    (root / "results").mkdir()
    (root / "venv" / "bin").mkdir(parents=True)
    python = root / "venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    return root


def run(container: Path, files: dict[str, bytes]) -> dict[str, object]:
    folder = container / "submission"
    for old in folder.glob("*") if folder.is_dir() else ():
        old.unlink()
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    environment = {"PATH": "/usr/bin:/bin", "AUTOGRADER_ROOT": str(container), "HOME": os.environ.get("HOME", "/")}
    done = subprocess.run(
        [container / "run_autograder"], cwd=container, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Sandbox tier" in done.stdout
    content: dict[str, object] = json.loads((container / "results" / "results.json").read_text())
    return content


def test_a_submission_in_the_container(container: Path) -> None:
    wrong = submission(
        lambda notebook: write(notebook, "gd_step", "def gd_step(w, g, state, *, lr):\n    return w, state\n")
    )
    content = run(container, {"my work.ipynb": wrong})
    tests = content["tests"]
    assert isinstance(tests, list)
    scores = {test["name"]: test.get("score") for test in tests}
    assert None in scores.values(), "the written answer waits"
    assert any(score == 0 for name, score in scores.items() if name.startswith("gd_step"))
    assert any(score for name, score in scores.items() if name.startswith("sgd_step"))
    assert content["score"] == sum(score or 0 for score in scores.values())


def test_what_cannot_be_read_is_told_what_to_hand_in() -> None:
    grader = cast(Sandbox, SimpleNamespace(tier="plain", versions={}))  # nothing of it is run
    rejected = grade(Rejected(f"Hand in one file, {NAME}.ipynb."), assignment(), 0, grader)
    content = results(rejected.to_dict(), "visible", "")
    assert content["score"] == 0
    assert f"Hand in one file, {NAME}.ipynb" in content["output"]
    assert is_unreadable(rejected.to_dict())


@pytest.mark.parametrize(
    ("names", "taken"),
    [("", None), ("a.ipynb b.ipynb", None), ("a.ipynb", "a.ipynb"), ("a.ipynb sub/ps.ipynb", "sub/ps.ipynb")],
)
def test_the_one_notebook_or_the_one_of_the_right_name(tmp_path: Path, names: str, taken: str | None) -> None:
    for name in names.split():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    found = submitted(tmp_path, "ps")
    assert (found.decode() if isinstance(found, bytes) else None) == taken


def test_what_runs_there_is_what_was_sent(container: Path) -> None:
    program = "import autograder, course_lib; print(autograder.__file__, course_lib.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=container / "source", capture_output=True, text=True, check=True
    )
    assert all(place.startswith(str(container / "source")) for place in done.stdout.split())


def test_setup_is_a_script_that_bash_reads(container: Path) -> None:
    for script in ("setup.sh", "run_autograder"):
        subprocess.run(["bash", "-n", container / "source" / script], check=True)
    constraints = (container / "source" / "constraints.txt").read_text()
    assert "nbgrader==" in constraints
    assert "[" not in constraints.replace("# via", "").split("#")[0]


def test_the_archive_holds_one_assignment_and_no_learners_work(graded_class: Course) -> None:
    data = autograder_zip(graded_class, NAME, 1, "visible", "")
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert [name for name in names if name.startswith("assignments/")] == [
        "assignments/nbgrader_config.py",
        f"assignments/source/{NAME}/{NAME}.ipynb",
    ]
    assert not [name for name in names if "submitted" in name or name.endswith((".db", ".pyc"))]
    assert len(data) < 3_000_000
