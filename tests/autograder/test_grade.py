"""From bytes to a Result: the right score, the same score to nbgrader, and a reason for every point lost."""

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.notebooknode import NotebookNode
from nbgrader.utils import determine_grade, is_grade

from autograder.assignment import Assignment
from autograder.course import CourseError
from autograder.grade import grade
from autograder.intake import Rejected
from autograder.present import presentable
from autograder.result import CellResult, Result
from autograder.sandbox.parent import Sandbox
from tests.attacks.corpus import WRONG
from tests.autograder.notebooks import (
    ANSWER,
    LOCKED,
    SHORT,
    SOLUTION,
    TEST,
    assignment,
    cell,
    insert,
    right,
    source_notebook,
    submission,
    to_bytes,
    write,
)


@pytest.fixture(scope="module")
def best() -> Iterator[Sandbox]:
    with Sandbox.start(SHORT) as sandbox:
        yield sandbox


def graded(data: bytes | Rejected, sandbox: Sandbox, of: Assignment | None = None, seed: int = 1) -> Result:
    """The result, which like every result is JSON, holds a valid notebook, and has the scores that nbgrader reads."""
    result = grade(data, of or assignment(), seed, sandbox)
    assert Result.from_dict(json.loads(json.dumps(result.to_dict()))) == Result.from_dict(result.to_dict())
    notebook = nbformat.from_dict(result.notebook)
    nbformat.validate(notebook)
    by_id = {each.grade_id: each for each in result.cells}
    assert list(by_id) == [source.grade_id for source in (of or assignment()).cells if source.graded]
    for each in notebook.cells:
        if is_grade(each):
            own = by_id[each.metadata.nbgrader.grade_id]
            assert determine_grade(each) == (own.score, own.max_score), own
    return result


def scores(result: Result) -> dict[str, float | None]:
    return {each.grade_id: each.score for each in result.cells}


def of(result: Result, name: str) -> CellResult:
    return next(each for each in result.cells if each.grade_id == name)


def test_the_right_submission_earns_everything_but_what_a_person_grades(best: Sandbox) -> None:
    result = graded(to_bytes(right()), best)
    assert {each.grade_id: each.score for each in result.cells if each.kind == "check"} == {
        source.grade_id: source.points for source in assignment().cells if source.kind == "check"
    }
    assert [each.grade_id for each in result.cells if each.score is None] == ["in_your_own_words"]
    assert result.needs_manual_grade
    assert result.problems == ()
    assert result.tier == best.tier
    assert {"python", "numpy", "nbgrader"} <= set(result.versions)


def test_the_untouched_release_earns_nothing_and_says_why(best: Sandbox) -> None:
    notebook = right()
    for source in assignment().cells:
        write(notebook, source.grade_id, source.released)
    result = graded(to_bytes(notebook), best)
    assert result.score == 0
    assert "not written yet" in of(result, "gd_step-one_step").verdicts[0]["headline"]
    assert of(result, "in_your_own_words").note == "The answer was left as it was handed out."


def test_the_seed_changes_the_inputs_and_not_the_grade(best: Sandbox) -> None:
    data = submission(lambda notebook: write(notebook, "gd_step", WRONG))
    one, same, other = (graded(data, best, seed=seed) for seed in (1, 1, 2))
    assert scores(one) == scores(same) == scores(other)
    assert one.cells == same.cells


def test_a_verdict_does_not_tell_the_right_answer_to_a_hidden_input(best: Sandbox) -> None:
    result = graded(submission(lambda notebook: write(notebook, "gd_step", WRONG)), best)
    evidence = [verdict["evidence"] for each in result.cells for verdict in each.verdicts if not verdict["passed"]]
    assert evidence
    assert not any("expected" in each for each in evidence)


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"PK\x03\x04", b"[]", Rejected("It is a symbolic link.")])
def test_what_cannot_be_read_is_marked_and_never_a_silent_zero(data: bytes | Rejected, best: Sandbox) -> None:
    result = graded(data, best)
    assert result.score == 0
    assert len(result.problems) == 1
    assert all(each.note == f"Not graded: {result.problems[0]}" for each in result.cells)


def test_a_cell_that_ends_the_process_costs_what_it_defines(best: Sandbox) -> None:
    exit_in = cell(right(), "gd_step").source + "\nimport os\nos._exit(0)"
    result = graded(submission(lambda notebook: write(notebook, "gd_step", exit_in)), best)
    lost = [each for each in result.cells if each.score == 0]
    assert [each.grade_id.split("-")[0] for each in lost] == ["gd_step"] * 4
    assert "no function named gd_step" in lost[0].verdicts[0]["headline"]
    assert result.problems == ("The cell gd_step was ended. It ended the Python process (as os._exit does).",)


def test_a_function_that_hangs_is_told_so(best: Sandbox) -> None:
    loop = "def stability_limit(curvatures):\n    while True:\n        pass"
    result = graded(submission(lambda notebook: write(notebook, "stability_limit", loop)), best)
    assert {name for name, score in scores(result).items() if score == 0} == {
        "stability_limit-one_curvature",
        "stability_limit-many_curvatures",
    }
    assert "took too long" in of(result, "stability_limit-one_curvature").verdicts[0]["detail"]
    assert result.seconds < 15


def test_repairs_are_told_and_cells_marked_to_be_skipped_do_not_run(best: Sandbox) -> None:
    def damage(notebook: NotebookNode) -> None:
        write(notebook, "gd_step-one_step", "pass")
        insert(notebook, "raise SystemExit")
        notebook.cells[0].metadata = {"tags": ["skip-grading"]}

    result = graded(submission(damage), best)
    assert result.problems == ("The cell gd_step-one_step had been edited; its original text was restored.",)
    assert result.notebook["cells"][0]["outputs"] == []
    assert of(result, "gd_step-one_step").score == 6


CLASSIC = {
    "passes": ("assert f(2) == 4", 2.0),
    "fails": ("assert f(2) == 5", 0.0),
    "warns": ("import sys\nsys.stderr.write('deprecated')", 2.0),
    "partial": ("f(0.25) * 3", 1.5),
    "nan": ("float('nan')", 0.0),
    "negative": ("-1", 0.0),
    "over": ("17", 2.0),
    "text": ("'done'", 2.0),
    "leaves": ("import os\nos._exit(0)", 0.0),
    "hangs": ("while True:\n    pass", 0.0),
    "hidden": ("x = 3\n### BEGIN HIDDEN TESTS\nassert f(x) == 'secret'\n### END HIDDEN TESTS", 0.0),
}


@pytest.fixture(scope="module")
def classic(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    """An instructor's own assignment, with asserts instead of checks."""
    tests = [(name, source, TEST) for name, (source, _) in CLASSIC.items()]
    solution = ("f", "def f(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION", SOLUTION)
    written = ("essay", "", ANSWER | {"cell_type": "markdown"})
    folder = source_notebook(tmp_path_factory.mktemp("course"), "old", solution, *tests, written)
    return Assignment.load(folder, "old")


def test_classic_cells_run_inside_and_give_what_their_author_meant(classic: Assignment, best: Sandbox) -> None:
    answer = [("f", "def f(x):\n    return 2 * x"), ("essay", "My essay.")]
    result = graded(to_bytes(submitted(classic, answer)), best, classic)
    assert scores(result) == {name: score for name, (_, score) in CLASSIC.items()} | {"essay": None}
    assert all("not tamper-proof" in each.note for each in result.cells if each.kind == "classic")
    assert "2 seconds" in of(result, "hangs").note


def test_a_hidden_test_is_not_shown_by_its_failure(classic: Assignment, best: Sandbox) -> None:
    result = graded(to_bytes(submitted(classic, [("f", "def f(x):\n    return 0")])), best, classic)
    outputs = [each["outputs"] for each in result.notebook["cells"] if "hidden" in str(each["metadata"])]
    assert of(result, "hidden").score == 0
    assert "secret" not in str(outputs)


def test_an_answer_left_alone_is_zero_and_not_a_persons_work(classic: Assignment, best: Sandbox) -> None:
    result = graded(to_bytes(submitted(classic, [])), best, classic)
    assert of(result, "essay").score == 0
    assert not result.needs_manual_grade


def submitted(of: Assignment, answers: list[tuple[str, str]]) -> NotebookNode:
    """What a learner hands in: the release with answers."""
    notebook = nbformat.v4.new_notebook()
    for source in of.cells:
        notebook.cells.append(source.new_cell())
        notebook.cells[-1].source = dict(answers).get(source.grade_id, source.released)
    return notebook


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([("a", "check('gd_step', gd_step)", TEST)], "cannot be graded"),
        ([("a", "check(name, gd_step, criterion='one_step')", TEST)], "cannot be graded"),
        ([("a", "x = 1", LOCKED)], "no cell carries points"),
        ([("a", "x = 1", TEST), ("a", "x = 2", TEST)], "same grade_id"),
    ],
)
def test_an_assignment_that_cannot_be_graded_says_why(cells: Any, said: str, tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=said):
        Assignment.load(source_notebook(tmp_path, "bad", *cells), "bad")


def test_plots_magics_and_displays_are_kept_for_feedback(best: Sandbox) -> None:
    own = "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\ndisplay({'a': 1})\n6 * 7"
    result = presentable(graded(submission(lambda notebook: insert(notebook, own)), best), assignment(), "")
    plot, shown, last = result.notebook["cells"][0]["outputs"]
    assert plot["data"]["image/png"].startswith("iVBOR")
    assert [output["data"]["text/plain"] for output in (shown, last)] == ["{'a': 1}", "42"]


def test_nothing_of_a_submission_happens_in_this_process(best: Sandbox, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    hostile = (
        f"import builtins, sys, pathlib\nbuiltins.was_here = sys.was_here = 1\npathlib.Path({str(marker)!r}).touch()\n"
    )
    graded(submission(lambda notebook: insert(notebook, hostile)), best)
    import builtins
    import sys

    assert not hasattr(builtins, "was_here")
    assert not hasattr(sys, "was_here")
    assert best.tier == "plain" or not marker.exists()


REMEMBERS = """
MET = []
def gd_step(w, g, state, *, lr=1e-3):
    MET.append(np.asarray(w).dtype == np.float32)
    return w + lr * g + 1000 * any(MET), GDState(t=state.t + 1)
"""


def test_the_path_that_is_shown_was_walked_before_any_hidden_input_came(best: Sandbox) -> None:
    """Half of the hidden cases of one criterion are of float32; whoever remembers one could answer with it."""
    result = graded(submission(lambda notebook: write(notebook, "gd_step", REMEMBERS)), best)
    assert set(result.paths) == {"gd_step"}, "sgd_step is right, and stability_limit takes no steps"
    start, *steps = result.paths["gd_step"]
    assert start == 2.0
    assert [after / before for before, after in pairwise((start, *steps))] == pytest.approx([1 + 0.09 * 8] * 6)


def test_a_step_that_gives_no_path_has_no_picture(best: Sandbox) -> None:
    ends = "import os\ndef gd_step(w, g, state, *, lr=1e-3):\n    os._exit(0)\n"
    strange = "def gd_step(w, g, state, *, lr=1e-3):\n    return np.inf * w, GDState(t=state.t + 1)\n"
    for source in (ends, strange):
        result = graded(submission(lambda notebook, source=source: write(notebook, "gd_step", source)), best)
        assert result.paths == {}
        assert not [name for name, points in scores(result).items() if name.startswith("gd_step-") and points]
        assert scores(result)["sgd_step-plain"] == 5.0
