"""Gradients of few rows: what is said where one is missing, changed, or meets a mistake."""

from learners import GIVEN, verdict_on, written

from course_lib.checks import CheckReport, check, draw_cases, judge, spec_for
from course_lib.checks.observe import observe

IN_PLACE = """
def sparse_adam_step(w, g, state, **settings):
    answer = right(w, g, state, **settings)
    g.values[:] = 0
    return answer
"""


def test_a_class_that_is_not_there() -> None:
    namespace = {name: given for name, given in GIVEN.items() if name != "SparseGrad"}
    namespace["sparse_adam_step"] = spec_for("sparse_adam_step").reference
    cases = draw_cases("sparse_adam_step", "eps", 0)
    verdict = judge("sparse_adam_step", "eps", cases, [observe(case, namespace) for case in cases])
    assert verdict.headline == "There is no class named SparseGrad."
    assert verdict.misconceptions == ("not_defined",)


def test_a_changed_gradient_is_named_by_its_part() -> None:
    step = written(IN_PLACE, "sparse_adam_step", right=spec_for("sparse_adam_step").reference)
    verdict = verdict_on("sparse_adam_step", step, "inputs_unchanged")
    assert verdict.headline == "It changes g.values, which belongs to whoever called it."


def test_the_rows_of_the_step_are_shown() -> None:
    step = spec_for("sparse_adam_step").wrong(frozenset({"last_wins"}))
    verdict = verdict_on("sparse_adam_step", step, "repeated_rows")
    rows = draw_cases("sparse_adam_step", "repeated_rows", 0)[0]["runs"][0]["gradients"][0]["indices"].tolist()
    assert f"rows {rows} in g" in verdict.evidence["case"]


def test_a_step_of_rows_has_a_table_and_no_picture() -> None:
    found = check("sparse_adam_step", spec_for("sparse_adam_step").reference)
    assert isinstance(found, CheckReport)
    assert found.passed
    assert found.picture == ""
