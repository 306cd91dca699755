"""Real nbgrader over every problem set: what it releases, what it validates, what it scores."""

import io
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.validator import Validator
from problem_sets import ASSIGNMENTS, Nbgrader

NAMES = sorted(path.name for path in (ASSIGNMENTS / "source").iterdir() if path.is_dir())
PS1 = "ps1_gradient_descent"


def notebook(nbgrader: Nbgrader, stage: str, name: str) -> Path:
    course: Path = nbgrader.course  # type: ignore[attr-defined]
    return course / stage / name / f"{name}.ipynb"


def solutions(nbgrader: Nbgrader, name: str) -> dict[str, str]:
    """The source's own answers, cell by cell."""
    cells = nbformat.read(notebook(nbgrader, "source", name), as_version=4).cells
    return {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in cells
        if "nbgrader" in cell.metadata and cell.metadata.nbgrader.solution
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_release_holds_no_answer(nbgrader: Nbgrader, name: str) -> None:
    text = notebook(nbgrader, "release", name).read_text()
    assert not re.search(r"HIDDEN TESTS|SOLUTION|seed=\d|Marking", text)
    released = nbformat.reads(text, as_version=4).cells
    for answer in solutions(nbgrader, name).values():
        lines = re.search("### BEGIN SOLUTION\n(.*)### END SOLUTION", answer, re.S)[1].split("\n")  # type: ignore[index]
        for line in filter(None, map(str.strip, lines)):
            assert not any(line in cell.source for cell in released), line
    assert all(not cell.get("outputs") for cell in released)
    assert sum("raise NotImplementedError()" in cell.source for cell in released) >= 2


def validated(path: Path) -> tuple[str, list[Any]]:
    """What ``nbgrader validate`` says of a notebook, and the notebook's cells as it ran them."""

    class Watched(Validator):
        def _preprocess(self, notebook: Any) -> Any:
            self.ran = super()._preprocess(notebook)
            return self.ran

    validator = Watched()
    validator.stream = io.StringIO()
    with warnings.catch_warnings(action="ignore"):  # of what nbgrader imports and starts
        validator.validate_and_print(str(path))
    return validator.stream.getvalue(), validator.ran.cells


@pytest.mark.parametrize("name", NAMES)
def test_validate_fails_the_release(nbgrader: Nbgrader, name: str) -> None:
    said, cells = validated(notebook(nbgrader, "release", name))
    graded = [cell for cell in cells if "nbgrader" in cell.metadata and cell.metadata.nbgrader.grade]
    assert f"VALIDATION FAILED ON {len(graded)} CELL(S)" in said
    assert "is not written yet." in said
    assert "Traceback" not in said


@pytest.mark.parametrize("name", NAMES)
def test_validate_passes_the_solution_and_every_cell_of_it_runs(nbgrader: Nbgrader, name: str) -> None:
    """Pictures and torch too; no cell fails or warns, and every check says that all is right."""
    said, cells = validated(notebook(nbgrader, "source", name))
    assert "Success! Your notebook passes all the tests." in said
    tables = 0
    for cell in cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error"
            assert output.get("name") != "stderr", output
            shown: str = output.get("data", {}).get("text/plain", "")
            if " criteria met" in shown:
                met, of = re.search(r": (\d+) of (\d+) criteria met", shown).groups()  # type: ignore[union-attr]
                assert met == of
                tables += 1
    assert tables == len([key for key, text in solutions(nbgrader, name).items() if f"def {key}(" in text])


def test_the_command_says_the_same(nbgrader: Nbgrader) -> None:
    """``nbgrader validate`` itself, as learners and instructors type it."""
    ran = nbgrader("validate", *(str(notebook(nbgrader, stage, PS1)) for stage in ("source", "release")))
    passed, failed = ran.stdout.split("Success! Your notebook passes all the tests.")
    assert not passed.strip()
    assert "VALIDATION FAILED" in failed
    assert "Traceback" not in failed


UPHILL = "def gd_step(w, g, state, *, lr=1e-3):\n    return w + lr * g, GDState(state.t + 1)"
IN_PLACE = "def gd_step(w, g, state, *, lr=1e-3):\n    w -= lr * g\n    return w, GDState(state.t + 1)"
PLAIN_ONLY = """
def sgd_step(w, g, state, *, lr=1e-3, momentum=0.0, dampening=0.0, nesterov=False):
    print("still working on momentum")
    return w - lr * g, SGDState(state.t + 1, state.b)
"""


@pytest.fixture(scope="module")
def scores(nbgrader: Nbgrader, submit: Callable[..., None]) -> dict[str, dict[str, Any]]:
    """Plain nbgrader's scores of four learners on the first problem set."""
    right = solutions(nbgrader, PS1)
    submit("ada", PS1, right)
    submit("ben", PS1, right | {"gd_step": UPHILL})
    submit("cleo", PS1, right | {"gd_step": IN_PLACE, "sgd_step": PLAIN_ONLY})
    submit("dov", PS1, {})
    run = nbgrader("autograde", PS1)
    assert run.returncode == 0, run.stderr
    from nbgrader.api import Gradebook

    course: Path = nbgrader.course  # type: ignore[attr-defined]
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        submissions = book.assignment_submissions(PS1)
        return {
            s.student.id: {
                grade.name: (grade.auto_score, grade.needs_manual_grade) for nb in s.notebooks for grade in nb.grades
            }
            for s in submissions
        }


def earned(grades: dict[str, Any]) -> dict[str, float]:
    return {name: score for name, (score, _) in grades.items() if score}


def test_plain_nbgrader_gives_a_right_answer_everything(scores: dict[str, dict[str, Any]]) -> None:
    assert sum(earned(scores["ada"]).values()) == 90
    assert scores["ada"]["in_your_own_words"] == (None, True)


def test_plain_nbgrader_takes_the_points_of_what_is_wrong_and_no_others(scores: dict[str, dict[str, Any]]) -> None:
    assert sum(earned(scores["ben"]).values()) == 70
    assert not [name for name in earned(scores["ben"]) if name.startswith("gd_step")]
    cleo = earned(scores["cleo"])
    assert {name for name in scores["cleo"] if name not in cleo} == {
        "gd_step-inputs_unchanged",
        *(f"sgd_step-{criterion}" for criterion in ("momentum", "dampening", "nesterov", "state")),
        "in_your_own_words",
    }


def test_plain_nbgrader_gives_an_empty_release_nothing(scores: dict[str, dict[str, Any]]) -> None:
    assert earned(scores["dov"]) == {}
