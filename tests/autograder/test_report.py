"""The class report: right numbers, examples that name nobody, honest about what is open, nothing that acts."""

import ast
import inspect
import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from autograder.assignment import Assignment
from autograder.course import Course, CourseError
from autograder.journal import Journal
from autograder.marks import ClassMarks, Mark, read_marks
from autograder.report import class_report, report_class, write_report
from autograder.report.examples import expected
from autograder.report.times import times
from autograder.report.words import GENERAL
from course_lib.checks import findings, judge, reading, stopped, structure
from tests.autograder.courses import CLASS, run
from tests.autograder.notebooks import NAME, assignment
from tests.autograder.report_inputs import STEP, marks, result, standing


def test_the_numbers() -> None:
    results = {
        "a": result(score=6.0),
        "b": result("ascends", score=0.0),
        "c": result("ascends", "lr_twice", score=0.0),
        "d": result("raised", score=0.0, problems=("A cell had been deleted; it was put back.",)),
    }
    report = class_report(assignment(), marks(a=100, b=0, c=9.5, d=50), results.items(), {"c": "out of disk"}, "book/")
    now = report.standing
    assert (now.handed_in, now.missing, now.mean, now.median) == (4, ("Niels Abel (absent)",), 39.875, 29.75)
    assert (now.quarter, now.three_quarters, now.waiting, now.ungraded) == (7.125, 62.5, 1, 1)
    assert [bar.count for bar in report.scores] == [2, 0, 0, 0, 0, 1, 0, 0, 0, 1]
    assert [bar.waiting for bar in report.scores] == [0, 0, 0, 0, 0, 1, 0, 0, 0, 0]
    assert report.scores[-1].label == "90 to 100"
    first = report.outcomes[0]
    assert (first.function, first.criterion) == ("gd_step", "one_step")
    assert (first.right, first.known, first.other, first.nothing) == (1, 2, 1, 0)
    assert [(m.students, m.headline) for m in report.mistakes] == [
        (2, "It walks up the slope instead of down."),
        (1, "It multiplies by the learning rate twice."),
        (1, "It stops with an error."),
    ]
    assert report.mistakes[0].link == "book/chapters/gradient_descent.html"
    assert [learner.student for learner in report.help] == ["b", "c", "d"]
    assert {learner.student: learner.why for learner in report.look} == {
        "c": ["could not be graded: out of disk"],
        "d": ["A cell had been deleted; it was put back."],
    }
    assert report.by_hand == {STEP: 1}
    assert report.movement is None


def test_what_is_not_written_is_no_mistake_and_what_is_not_recognised_stands_apart() -> None:
    unread = {"cells": [], "problems": ["The file is empty."], "tier": "plain"}
    results = {"a": result("not_written", score=0.0), "b": result(score=0.0), "c": unread}
    report = class_report(assignment(), marks(a=0, b=0, c=0), results.items(), {}, "")
    assert report.mistakes == []
    assert [(mistake.function, mistake.students) for mistake in report.unknown] == [("gd_step", 1)]
    first = report.outcomes[0]
    assert (first.right, first.known, first.other, first.nothing, first.out_of) == (0, 0, 1, 2, 3)


def test_results_of_a_course_that_asked_something_else_do_no_harm() -> None:
    """Criteria and functions come and go; a result keeps the names that it was judged by."""
    old = result("once_known", score=0.0)
    for verdict in old["cells"][0]["verdicts"]:
        verdict.update(function="gone_step", criterion="gone", evidence={"got": "1", "step": 1})
    report = class_report(assignment(), marks(a=0), {"a": old}.items(), {}, "", gallery=NoCode())
    assert report.mistakes[0].headline == "It is wrong in a way that is not known here."
    assert report.mistakes[0].paths is None
    assert [outcome.nothing for outcome in report.outcomes] == [1] * len(report.outcomes)
    assert expected({**old["cells"][0]["verdicts"][0], "function": "gd_step", "misconceptions": ["ascends"]}, 1) == ""


class NoCode:
    """Stands in for the gallery."""

    def example(self, function: str, candidates: list[Any]) -> None:
        assert candidates


def test_late_penalties_and_a_persons_grades_are_told() -> None:
    late = class_report(assignment(), marks(penalty=20.0, by_hand=True, a=100, b=5), [], {}, "").standing
    assert (late.late, late.taken_off, late.by_hand) == (2, 25.0, 2), "nobody can lose more than there is"
    assert late.mean == 40.0
    again = class_report(assignment(), marks(by_hand=True, a=50), {"a": result()}.items(), {}, "")
    assert "has changed since" in again.look[0].why[0], "a grade given for earlier work is to be looked at"


def test_how_the_class_moved() -> None:
    attempts = [
        ("a", [standing(1, 0, "ascends"), standing(2, 0, "ascends", "lr_twice"), standing(3, 6, right=True)]),
        ("b", [standing(1, 3, "ascends"), standing(2, 3, "ascends")]),
        ("c", [standing(1, 6, right=True), standing(2, 1, "lr_twice")]),
        ("d", [standing(1, 0, "ascends"), standing(2, 1)]),
        ("e", [standing(1, 0, "ascends"), standing(2, 8, right=True, max_score=8.0)]),
        ("f", [standing(1, 6)]),
        ("gone", [standing(1, 0), standing(2, 0)]),
    ]
    present = marks(a=100, b=0, c=0, d=0, e=0, f=0)
    results = {"b": result("ascends", score=0.0)}
    report = class_report(assignment(), present, results.items(), {}, "", attempts=attempts)
    moved = report.movement
    assert moved is not None
    assert (moved.again, moved.submissions, moved.rose, moved.same, moved.fell, moved.left_out) == (5, 9, 2, 1, 1, 1)
    assert moved.median_change == 0.5
    assert moved.hours == 24
    assert moved.pairs == {(0, 6): 1, (3, 3): 1, (6, 1): 1, (0, 1): 1}
    assert [(c.headline, c.mended, c.replaced, c.still) for c in moved.changes] == [
        ("It walks up the slope instead of down.", 2, 1, 1),
        ("It multiplies by the learning rate twice.", 1, 0, 0),
    ]
    (learner,) = report.help
    assert (learner.attempts, learner.still) == (2, ["gd_step: It walks up the slope instead of down."])


@pytest.mark.parametrize(("max_score", "labels"), [(3, ["0 to below 1", "1 to below 2", "2 to 3"]), (1, ["0 to 1"])])
def test_small_assignments_have_their_own_ranges(max_score: float, labels: list[str]) -> None:
    made = marks(a=max_score)
    small = ClassMarks(NAME, None, max_score, made.points, made.marks, ())
    report = class_report(assignment(), small, [], {}, "")
    assert [bar.label for bar in report.scores] == labels
    assert report.scores[-1].count == 1


def test_every_mistake_that_any_function_can_make_has_a_name_of_its_own() -> None:
    """A verdict's own words on such a mistake may quote the learner, so the page must never need them."""
    named = set()
    for module in (findings, judge_module(), reading, stopped, structure):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
                ids = [part for argument in node.args[2:3] for part in ast.walk(argument)]
                named |= {part.value for part in ids if isinstance(part, ast.Constant)}
    named |= {kind for kind, *_ in stopped._MALFORMED.values()} | {"global_state", "raised"}
    assert len(named) > 15
    assert named <= GENERAL.keys()


def judge_module() -> Any:
    return inspect.getmodule(judge)


@pytest.mark.parametrize("days", [0, 1, 30, 400, 200_000])
def test_times_are_counted_whatever_their_span(days: int) -> None:
    due = datetime(2026, 9, 16, 12)
    span = timedelta(days=days)
    known = [due - timedelta(hours=1), due, due + span if days < 200_000 else datetime(1, 1, 1), None]
    made = {str(i): Mark(str(i), "", "", "", time, 0.0) for i, time in enumerate(known)}
    found = times(ClassMarks(NAME, due, 100.0, {}, made, ()))
    assert sum(moment.in_time + moment.late for moment in found.moments) == 3
    assert sum(moment.late for moment in found.moments) == (0 < days < 200_000)
    assert len(found.moments) <= 25
    assert 0 <= found.due <= len(found.moments)
    assert found.unknown == 1
    assert times(ClassMarks(NAME, due, 100.0, {}, {"3": made["3"]}, ())) is None


def test_names_and_problems_are_text(released: Course) -> None:
    evil = "<script>alert('x')</script>"
    results = {evil: result("raised", score=0.0, problems=(evil,))}
    results[evil]["cells"][0]["verdicts"][0]["headline"] = evil
    write_report(released, assignment(), marks(**{evil: 0.0}), results.items(), {evil: evil})
    text = released.report(NAME).read_text()
    assert text.count("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;") >= 4
    assert "<script" not in text


def test_nothing_graded_yet_is_said_with_what_to_do(released: Course) -> None:
    with pytest.raises(CourseError, match=f"python -m autograder grade {NAME}"):
        report_class(released, NAME)


def test_the_graded_class(graded_class: Course) -> None:
    loaded = Assignment.load(graded_class.root, NAME)
    with Journal(graded_class.journal_file) as journal:
        report = class_report(loaded, read_marks(graded_class, loaded), journal.results(NAME), {}, "")
    assert report.standing.handed_in == sum(bar.count for bar in report.scores) == CLASS
    assert all(outcome.out_of == CLASS for outcome in report.outcomes)
    assert "It dampens the very first gradient too." in [mistake.headline for mistake in report.mistakes]
    assert [learner.student for learner in report.look] == ["s00009_broken_upload", "s00016_deletes_cells"]
    assert report.by_hand == {"in_your_own_words": 15}


def test_examples_show_the_code_and_the_first_wrong_step(graded_class: Course) -> None:
    text = graded_class.report(NAME).read_text()
    mistakes = text[text.index('id="mistakes"') : text.index('id="help"')]
    assert "s000" not in mistakes, "an example does not say whose it is"
    assert mistakes.count("<pre>") >= 5
    assert mistakes.count("<dt>expected</dt>") >= 3
    assert mistakes.count("<dt>what came</dt>") >= 3


def test_handing_in_again_is_told(graded: Course) -> None:
    """Through the command line, as it happens in a course: one mends a mistake, and the page says so."""
    better = json.loads((graded.submitted("s00001_as_taught", NAME) / f"{NAME}.ipynb").read_text())
    better["cells"].append({**better["cells"][-1], "id": "more", "cell_type": "markdown", "source": "Mended."})
    better["cells"][-1].update(metadata={})
    for key in ("outputs", "execution_count"):
        better["cells"][-1].pop(key, None)
    path = graded.submitted("s00002_uphill", NAME) / f"{NAME}.ipynb"
    path.write_text(json.dumps(better))
    assert run(graded, "grade", NAME, "--jobs", "1").returncode == 0
    with Journal(graded.journal_file) as journal:
        attempts = dict(journal.attempts(NAME))
    first, last = attempts.pop("s00002_uphill")
    assert first.score < last.score == last.max_score
    assert {len(others) for others in attempts.values()} == {1}
    text = " ".join(graded.report(NAME).read_text().split())
    assert "1 learner handed in more than once, 2 submissions together." in text


def test_the_page_fetches_nothing_and_runs_nothing(graded_class: Course) -> None:
    text = graded_class.report(NAME).read_text()
    for needle in ("<script", "<link", "<img", "@import", "url(", "http:", "https:"):
        assert needle not in text
