"""Code in the class report: the plainest example of a mistake, naming nobody, with what was expected."""

import pytest

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.marks import read_marks
from autograder.report.anonymous import anonymous_function, names_someone
from autograder.report.examples import CANDIDATES, Candidate, Candidates, Gallery, expected
from autograder.report.paths import paths
from course_lib.checks import draw_cases, judge, spec_for
from course_lib.checks.observe import observe
from tests.autograder.notebooks import NAME
from tests.autograder.report_inputs import result

SIGNED = '''
%matplotlib inline
# Written by Ada Lovelace
@remember(by="Ada")
def gd_step(w, g, state, *, lr=1e-3):
    """Ada's own step."""
    # my number is 1815
    note = "Ada was here"
    w = w.astype("float64")
    def inner():
        "only words"
    return w + lr * g, state
'''


EXPECTED = """\
def gd_step(w, g, state, *, lr=0.001):
    note = '…'
    w = w.astype('float64')

    def inner():
        pass
    return (w + lr * g, state)"""


def test_code_is_shown_without_anything_that_names_its_author() -> None:
    code = anonymous_function(["def gd_step():\n    return 1", SIGNED, "x = (", "def other(): pass"], "gd_step")
    assert code == EXPECTED


@pytest.mark.parametrize(
    "source",
    [
        "",
        "gd_step = 1",
        "def gd_step(:",
        "-" * 19000 + "1",
        "(" * 5000,
        "def gd_step():\n    x = 1" + "\n    x = 1" * 90,
        "def gd_step():\n    return " + "not " * 4000 + "1",
        "\0",
        "def gd_step(): return 1\n" + " " * 30_000,
    ],
)
def test_what_cannot_be_shown_is_not_shown(source: str) -> None:
    assert anonymous_function([source], "gd_step") is None


def test_a_name_in_the_code_is_found_in_any_spelling() -> None:
    names = ("s0042_lovelace", "Ada", "Lovelace", "ada.l1815")
    assert names_someone("adas_step = 1", names, "")
    assert names_someone("x = 1815", names, "")
    assert names_someone("myLoveLace(x)", names, "")
    assert not names_someone("x = w - lr * g", names, "")
    assert not names_someone("damps(first)", ("s7_damps_the_first",), "It damps the first one.")


def test_what_was_expected_is_found_again_only_where_the_numbers_agree() -> None:
    spec = spec_for("gd_step")
    cases = draw_cases("gd_step", "one_step", seed=5)
    mistaken = {"gd_init": spec.initial, "gd_step": spec.wrong(frozenset({"ascends"}))}
    verdict = judge("gd_step", "one_step", cases, [observe(case, mistaken) for case in cases])
    hidden = verdict.without_expected().to_dict()
    assert "expected" not in hidden["evidence"]
    assert expected(hidden, seed=5) == verdict.evidence["expected"]
    assert expected(hidden, seed=6) == "", "another seed's numbers are no evidence"
    assert expected({**hidden, "misconceptions": []}, seed=5) == ""
    other = {**hidden["evidence"], "got": "123"}
    assert expected({**hidden, "evidence": other}, seed=5) == "", "not what the mistake gives: then it is not known"
    odd = {"quantity": "w[9, 9]", "got": "nan", "step": "x", "case": None}
    assert expected({**hidden, "evidence": odd}, seed=5) == ""


def test_the_plainest_example_is_chosen() -> None:
    """Somebody with little else wrong before somebody with much; of very many candidates a few are kept."""
    candidates = Candidates()
    for number in range(100):
        others = frozenset() if number == 42 else frozenset({"sgd_step"})
        verdict = {"misconceptions": ["ascends"] * (1 + (number % 7 > 0)), "criterion": "one_step"}
        candidates.add(("gd_step", "ascends"), Candidate(str(number), verdict, others))
        candidates.add(("gd_step", "ascends"), Candidate(str(number), {**verdict, "criterion": "many_steps"}, others))
    found = candidates.of(("gd_step", "ascends"))
    assert found[0].student == "42"
    assert len({candidate.student for candidate in found}) == len(found) == CANDIDATES
    assert all(candidate.verdict["criterion"] == "one_step" for candidate in found)
    assert all(len(candidate.verdict["misconceptions"]) == 1 for candidate in found)


def test_an_example_names_the_wrong_function_that_it_calls(graded_class: Course) -> None:
    loaded = Assignment.load(graded_class.root, NAME)
    gallery = Gallery(graded_class, loaded, read_marks(graded_class, loaded), seed=1)
    verdict = {**result("ascends")["cells"][0]["verdicts"][0], "passed": False}
    candidate = Candidate("s00002_uphill", verdict, frozenset({"gd_step", "sgd_step"}))
    assert gallery.example("gd_step", [candidate]).calls == ("gd_step",)
    nobody = gallery.example("gd_step", [Candidate("s00009_broken_upload", verdict, frozenset())])
    assert "NotImplementedError" in nobody.code, "of a file that cannot be read there is the stub alone"
    assert gallery.example("gd_step", []) is None


def test_a_path_is_shown_where_the_mistake_can_be_seen() -> None:
    right, wrong = paths("gd_step", "ascends")
    assert abs(right[-1]) < abs(right[0]) == abs(wrong[0]) < abs(wrong[-1])
    assert paths("gd_step", "t_not_counted") is None
    assert paths("gd_step", "raised") is None
    assert paths("stability_limit", "uses_mean") is None
