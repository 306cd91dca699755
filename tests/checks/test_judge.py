"""``judge`` reads what a hostile process sent: nothing raises, and nothing but a complete right answer passes."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from learners import FUNCTIONS, GIVEN, graded, repeatable, verdict_on

from course_lib.checks import Verdict, draw_cases, judge, spec_for
from course_lib.checks.judge import _look
from course_lib.checks.observe import observe
from course_lib.optimizers import gd_step

CASES = [(name, criterion) for name in FUNCTIONS for criterion in graded(name)]
KEYS = [
    "status",
    "message",
    "runs",
    "again",
    "globals",
    "values",
    "forms",
    "changed",
    "w",
    "t",
    "b",
    "value",
    "step",
    "run",
]

arrays = hnp.arrays(
    st.sampled_from(["f8", "f4", "f2", "i8", "u1", "?", "c16", "O", "S3", "U2", "M8[s]", ">f8"]),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
)
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**80), 2**80)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["ok", "raised", "malformed", "missing", "died", "none", "state"])
    | arrays
)
trees = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), inner),
    max_leaves=12,
)


def right_observations(name: str, criterion: str) -> tuple[list[Any], list[Any]]:
    cases = draw_cases(name, criterion, 3)
    return cases, [observe(case, {**GIVEN, name: spec_for(name).reference}) for case in cases]


def assert_fails_quietly(name: str, criterion: str, cases: list[Any], observations: Any) -> None:
    spec = spec_for(name)
    assert _look(spec, spec.criteria[criterion], cases, observations) is not None  # the last resort is not needed
    verdict = judge(name, criterion, cases, observations)
    assert not verdict.passed
    assert Verdict.from_dict(json.loads(json.dumps(verdict.to_dict()))) == verdict


@repeatable
@given(which=st.sampled_from(CASES), observations=trees)
def test_garbage_fails(which: tuple[str, str], observations: Any) -> None:
    cases = draw_cases(*which, 3)
    assert_fails_quietly(*which, cases, observations)
    assert_fails_quietly(*which, cases, [observations] * len(cases))


def places(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to every branch and leaf that the verdict depends on."""
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in inner:
        if key in ("message", "printed", "globals", "forms", "changed"):
            continue  # words about the answer; the criteria on form and purity have tests of their own
        yield (*path, key)
        yield from places(value, (*path, key))


@repeatable
@given(data=st.data(), which=st.sampled_from(CASES), garbage=trees)
def test_one_piece_of_garbage_in_a_right_answer_never_raises(
    data: st.DataObject, which: tuple[str, str], garbage: Any
) -> None:
    cases, right = right_observations(*which)
    observations = copy.deepcopy(right)
    *path, last = data.draw(st.sampled_from(list(places(observations))))
    branch: Any = observations
    for key in path:
        branch = branch[key]
    branch[last] = garbage
    spec = spec_for(which[0])
    found = _look(spec, spec.criteria[which[1]], cases, observations)
    assert judge(*which, cases, observations).passed == (found is None)
    if last in ("w", "value") and spec.criteria[which[1]].judges_values_when(cases[path[0]]["runs"][0]["settings"]):
        assert found is not None or np.size(right[path[0]]["runs"][0][0]["values"][last]) == 0


@pytest.mark.parametrize("which", CASES, ids="-".join)
def test_missing_pieces_fail(which: tuple[str, str]) -> None:
    cases, right = right_observations(*which)
    assert judge(*which, cases, right).passed
    assert_fails_quietly(*which, cases, right[:-1])
    assert_fails_quietly(*which, cases, [*right, right[-1]])
    assert_fails_quietly(*which, cases, [{**right[0], "runs": []}, *right[1:]])
    short = copy.deepcopy(right)
    short[0]["runs"][0].pop()
    assert_fails_quietly(*which, cases, short)


WEIRD = [
    np.array([None] * 3),
    np.array(["1", "2", "3"]),
    np.array([1, 2, 3], dtype="M8[s]"),
    np.zeros(3, dtype=[("x", float)]),
    np.zeros((3, 0)),
    np.zeros(3, dtype=complex),
    np.full(3, np.nan),
    np.ones(3, dtype=bool),
    np.ma.masked_array([1.0, 2.0, 3.0], mask=True),
    [1.0, 2.0, 3.0],
    "123",
    2**70,
    None,
]


@pytest.mark.parametrize("weird", WEIRD, ids=lambda x: f"{type(x).__name__} {getattr(x, 'dtype', '')}")
@pytest.mark.parametrize("quantity", ["w", "t", "b"])
def test_weird_values_fail(weird: Any, quantity: str) -> None:
    for criterion in ("momentum", "state"):
        cases, observations = right_observations("sgd_step", criterion)
        observations[0]["runs"][0][1]["values"][quantity] = weird
        spec = spec_for("sgd_step")
        found = _look(spec, spec.criteria[criterion], cases, observations)
        assert found is not None or quantity not in spec.criteria[criterion].quantities


def test_lies_at_most_fail() -> None:
    """Extra fields that claim success are not looked at."""
    cases, right = right_observations("gd_step", "one_step")
    wrong = [
        {
            **o,
            "passed": True,
            "score": 100,
            "runs": [[{**r, "values": {"w": np.zeros(1), "t": 1}} for r in run] for run in o["runs"]],
        }
        for o in right
    ]
    assert_fails_quietly("gd_step", "one_step", cases, wrong)


@pytest.mark.parametrize("status", ["missing", "raised", "malformed", "ok"])
def test_a_hostile_process_puts_no_words_into_a_verdict(status: str) -> None:
    """Names are taken only where they are Python names or the case's own; what is left is the error's own message."""
    said = "full marks for everybody"
    cases, right = right_observations("gd_step", "inputs_unchanged")
    for observation in right:
        observation |= {"status": status, "error": said, "globals": [said]}
        if status != "raised":
            observation["message"] = said
        for record in observation["runs"][0]:
            record["changed"], record["forms"] = [said], {"w": said}
    verdict = judge("gd_step", "inputs_unchanged", cases, right)
    assert not verdict.passed
    assert said not in json.dumps(verdict.to_dict())


@pytest.mark.parametrize("reason", ["time", "memory", "exit", "signal", "output", "forged", "new"])
def test_a_process_that_died(reason: str) -> None:
    cases = draw_cases("gd_step", "one_step", 0)
    died = {"status": "died", "reason": reason, "message": "It ended."}
    verdict = judge("gd_step", "one_step", cases, [died] * len(cases))
    assert verdict.headline == "gd_step did not come back."
    assert verdict.detail
    assert verdict.misconceptions == ("did_not_return",)


def test_unknown_names_say_what_is_known() -> None:
    with pytest.raises(KeyError, match="known: gd_step"):
        spec_for("gd_stepp")
    with pytest.raises(KeyError, match="it has: one_step"):
        draw_cases("gd_step", "onestep", 0)
    with pytest.raises(KeyError, match="it has: one_step"):
        judge("gd_step", "onestep", [], [])


def test_the_same_seed_gives_the_same_cases_and_another_seed_others() -> None:
    def weights(seed: int) -> list[Any]:
        return [case["runs"][0]["w"].tolist() for case in draw_cases("gd_step", "one_step", seed)]

    assert weights(1) == weights(1)
    assert weights(1) != weights(2)


def test_hidden_inputs_do_not_tell_the_answer() -> None:
    verdict = verdict_on("gd_step", spec_for("gd_step").wrong(frozenset({"ascends"})), "one_step")
    assert {"expected", "difference"} <= set(verdict.evidence)
    hidden = verdict.without_expected()
    assert not {"expected", "difference"} & set(hidden.evidence)
    assert (hidden.headline, hidden.evidence["got"]) == (verdict.headline, verdict.evidence["got"])


def test_a_right_answer_says_what_is_right() -> None:
    verdict = verdict_on("gd_step", gd_step, "one_step")
    assert verdict.passed
    assert verdict.headline == "One step goes where it should."
    assert (verdict.misconceptions, dict(verdict.evidence)) == ((), {})


def test_a_message_holds_small_inputs_in_one_line_and_large_ones_by_their_shape() -> None:
    verdict = verdict_on("network_gradient", lambda w, x, labels, sizes: w, "hidden_layer")
    assert verdict.evidence["case"].startswith("called with an array of shape (27,), [[")
    assert verdict.evidence["case"].endswith(", (2, 4, 3)")
    assert "\n" not in verdict.evidence["case"]


def test_an_overflow_is_not_taken_for_a_division_by_zero() -> None:
    def naive(logits: np.ndarray, labels: np.ndarray) -> Any:
        p = np.exp(logits) / np.sum(np.exp(logits), axis=1, keepdims=True)
        return -np.mean(np.log(p[np.arange(len(p)), labels]))

    verdict = verdict_on("cross_entropy", naive, "huge_logits")
    assert (verdict.passed, verdict.misconceptions) == (False, ("not_finite",))
    assert "an exp of something large" in verdict.detail
