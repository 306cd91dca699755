"""``observe`` runs on its own, writes down only what happened and leaves everything as it was."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from learners import GIVEN, written

import course_lib.checks.observe as module
from course_lib.checks import draw_cases
from course_lib.checks.observe import observe
from course_lib.optimizers import GDState, SparseGrad, gd_step


def case(**more: Any) -> dict[str, Any]:
    run = {"w": np.array([1.0, 2.0]), "gradients": np.ones((2, 2)), "settings": {"lr": 0.5}, "schedule": {}}
    common = {"function": "gd_step", "kind": "step", "init": "gd_init", "fields": ["t"], "backend": "numpy"}
    return common | {"repeat": False, "runs": [run]} | more


def seen(source: str, **more: Any) -> dict[str, Any]:
    return observe(case(**more), {**GIVEN, "gd_step": written(source, "gd_step")})


def test_it_needs_the_standard_library_and_numpy_alone() -> None:
    """As a lone file: the grader's sandbox has nothing else of the checks, and no optimizer."""
    program = (
        "import sys, importlib.util as u\n"
        f"spec = u.spec_from_file_location('observe', {str(Path(module.__file__))!r})\n"
        "spec.loader.exec_module(u.module_from_spec(spec))\n"
        "top = {name.partition('.')[0] for name in sys.modules}\n"
        "print(sorted(top - set(sys.stdlib_module_names)))"
    )
    run = [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{program}"]
    loaded = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    assert set(eval(loaded)) <= {"__main__", "numpy"}


def test_a_record() -> None:
    observation = observe(case(), {**GIVEN, "gd_step": gd_step})
    assert observation["status"] == "ok"
    first, second = observation["runs"][0]
    np.testing.assert_array_equal(first["values"]["w"], [0.5, 1.5])
    np.testing.assert_array_equal(second["values"]["w"], [0.0, 1.0])
    assert (first["values"]["t"], second["values"]["t"]) == (1, 2)
    assert first["forms"] == {"w": "array", "t": "int"}
    assert first["changed"] == []


def test_the_case_is_left_alone() -> None:
    inputs = case(repeat=True)
    observe(
        inputs, {**GIVEN, "gd_step": written("def gd_step(w, g, s, *, lr): w *= 0; g *= 0; return w, s", "gd_step")}
    )
    np.testing.assert_array_equal(inputs["runs"][0]["w"], [1.0, 2.0])
    np.testing.assert_array_equal(inputs["runs"][0]["gradients"], np.ones((2, 2)))


def test_records_are_copies() -> None:
    """A function that hands out one array again and again cannot rewrite what was noted before."""
    source = "import numpy as np\nw0 = np.zeros(2)\ndef gd_step(w, g, s, *, lr): w0[:] += 1; return w0, s"
    records = seen(source)["runs"][0]
    assert [record["values"]["w"][0] for record in records] == [1.0, 2.0]


def test_changed_inputs_are_named() -> None:
    assert seen("def gd_step(w, g, s, *, lr): w -= 1; return w + 0, s")["runs"][0][0]["changed"] == ["w"]
    assert seen("def gd_step(w, g, s, *, lr): g *= 2; return w + 0, s")["runs"][0][1]["changed"] == ["g"]


def test_output_and_warnings_are_kept_from_the_notebook(capfd: pytest.CaptureFixture[str]) -> None:
    source = "import sys, warnings\ndef gd_step(w, g, s, *, lr):\n    print('x' * 999); print('y', file=sys.stderr)\n"
    observation = seen(source + "    warnings.warn('z'); return w / 0, s")
    assert observation["status"] == "ok"
    assert 1 <= len(observation["printed"]) <= module.LONGEST
    assert capfd.readouterr() == ("", "")


def test_the_steps_before_an_error_are_kept() -> None:
    observation = seen("def gd_step(w, g, s, *, lr):\n    if s.t: raise OSError('no')\n    return w, GDState(1)")
    assert (observation["status"], observation["error"], observation["message"]) == ("raised", "OSError", "no")
    assert (observation["run"], observation["step"]) == (0, 2)
    assert len(observation["runs"][0]) == 1


def test_a_message_that_cannot_be_read() -> None:
    source = "class Bad(Exception):\n    def __str__(self): raise ValueError\ndef gd_step(*a, **k): raise Bad"
    assert seen(source)["message"] == "(its message cannot be read)"


def test_an_interrupt_is_the_learners_own() -> None:
    with pytest.raises(KeyboardInterrupt):
        seen("def gd_step(*a, **k): raise KeyboardInterrupt")


def test_subclasses_come_out_as_plain_arrays() -> None:
    source = """
import numpy as np
class Sly(np.ndarray):
    def __eq__(self, other): return True
def gd_step(w, g, s, *, lr): return w.view(Sly), s
"""
    assert type(seen(source)["runs"][0][0]["values"]["w"]) is np.ndarray


def test_runs_are_taken_in_turns() -> None:
    source = "calls = []\ndef gd_step(w, g, s, *, lr): calls.append(lr); return w, s"
    runs = [case()["runs"][0] | {"settings": {"lr": lr}} for lr in (1.0, 2.0)]
    step = written(source, "gd_step")
    observe(case(runs=runs, repeat=True), {**GIVEN, "gd_step": step})
    assert step.__globals__["calls"] == [1.0, 2.0, 1.0, 2.0, 1.0, 1.0]


def test_schedules_give_each_step_its_own_setting() -> None:
    run = case()["runs"][0] | {"settings": {}, "schedule": {"lr": np.array([1.0, 10.0])}}
    observation = observe(case(runs=[run]), {**GIVEN, "gd_step": gd_step})
    assert [record["values"]["w"][0] for record in observation["runs"][0]] == [0.0, -10.0]


def test_torch_tensors() -> None:
    pytest.importorskip("torch", reason="torch is an extra")
    observation = observe(case(backend="torch"), {**GIVEN, "gd_step": gd_step})
    first = observation["runs"][0][0]
    assert first["forms"]["w"] == "tensor"
    np.testing.assert_array_equal(first["values"]["w"], [0.5, 1.5])


def sparse_case() -> dict[str, Any]:
    rows = {"indices": np.array([1, 1]), "values": np.array([2.0, 3.0])}
    return case(gradient="SparseGrad", runs=[case()["runs"][0] | {"gradients": [rows, rows]}])


def test_a_sparse_gradient_is_of_the_notebooks_own_class() -> None:
    source = """
from typing import NamedTuple
class SparseGrad(NamedTuple):
    indices: object
    values: object
    shape: tuple
def gd_step(w, g, s, *, lr):
    assert type(g) is SparseGrad and g.shape == (2,)
    w = w.copy(); w[g.indices[0]] -= lr * g.values.sum(); return w, GDState(s.t + 1)
"""
    step = written(source, "gd_step")
    observation = observe(sparse_case(), {**GIVEN, **step.__globals__})
    assert observation["message"] == ""
    assert [record["values"]["w"].tolist() for record in observation["runs"][0]] == [[1.0, -0.5], [1.0, -3.0]]
    del step.__globals__["SparseGrad"]
    observation = observe(sparse_case(), step.__globals__)
    assert (observation["status"], observation["message"]) == ("missing", "SparseGrad")


@pytest.mark.parametrize("part", ["indices", "values"])
def test_a_changed_part_of_a_sparse_gradient_is_named(part: str) -> None:
    step = written(f"def gd_step(w, g, s, *, lr): g.{part}[:] = 0; return w + 0, s", "gd_step")
    observation = observe(sparse_case(), {**GIVEN, "SparseGrad": SparseGrad, "gd_step": step})
    assert observation["runs"][0][0]["changed"] == [f"g.{part}"]
    assert observation["runs"][0][1]["changed"] == [f"g.{part}"]  # each step is given a copy of its own


def test_written_globals_are_noted() -> None:
    assert seen("def gd_step(w, g, s, *, lr):\n    global memory\n    memory = 1\n    return w, s")["globals"] == [
        "memory"
    ]


def test_no_case_holds_an_answer() -> None:
    """What goes to the sandbox: inputs only."""
    allowed = {"function", "kind", "init", "fields", "backend", "repeat", "runs"}
    for drawn in draw_cases("sgd_step", "state", 5):
        assert set(drawn) == allowed
        assert all(set(run) == {"w", "gradients", "settings", "schedule"} for run in drawn["runs"])


def test_state_given_as_a_named_tuple_or_its_equal() -> None:
    for state in ("GDState(s[0] + 1)", "(s[0] + 1,)", "[s[0] + 1]"):
        observation = seen(f"def gd_step(w, g, s, *, lr): return w, {state}")
        assert [record["values"]["t"] for record in observation["runs"][0]] == [1, 2], state
    assert GDState(1) == (1,)


def closure_case(**more: Any) -> dict[str, Any]:
    loss = {"matrix": np.array([[2.0, 1.0], [1.0, 3.0]]), "vector": np.array([1.0, -1.0])}
    return case(runs=[case()["runs"][0] | {"gradients": [loss, loss]}], gradient="Closure", **more)


def seen_with_closure(source: str) -> dict[str, Any]:
    return observe(closure_case(), {**GIVEN, "gd_step": written(source, "gd_step")})


def test_a_closure_gives_a_loss_and_its_slope() -> None:
    closure = module.Closure(**closure_case()["runs"][0]["gradients"][0], shape=(2,))
    w, nudge = np.array([0.3, -0.7]), 1e-6
    loss, gradient = closure(w)
    assert loss == pytest.approx(0.5 * w @ [[2, 1], [1, 3]] @ w - w @ [1, -1])
    for i in range(2):
        there, _ = closure(w + nudge * np.eye(2)[i])
        assert (there - loss) / nudge == pytest.approx(gradient[i], abs=1e-5)


def test_a_step_is_given_a_closure_and_its_calls_are_counted() -> None:
    source = "def gd_step(w, closure, s, *, lr):\n    closure(w)\n    f, g = closure(w)\n    return w - lr * g, s"
    first, second = seen_with_closure(source)["runs"][0]
    assert (first["values"]["calls"], second["values"]["calls"]) == (2, 2)
    np.testing.assert_allclose(first["values"]["w"], [1.0 - 0.5 * 3.0, 2.0 - 0.5 * 8.0])
    assert seen_with_closure("def gd_step(w, closure, s, *, lr): return w, s")["runs"][0][0]["values"]["calls"] == 0


def test_a_closure_of_the_notebooks_own_is_not_taken() -> None:
    step = written("def gd_step(w, closure, s, *, lr): return closure(w)[1], s", "gd_step")
    observation = observe(closure_case(), {**GIVEN, "gd_step": step, "Closure": lambda *a, **k: None})
    np.testing.assert_array_equal(observation["runs"][0][0]["values"]["w"], [3.0, 8.0])


def test_lists_of_arrays_are_passed_as_copies() -> None:
    inputs = case(kind="call", function="first", runs=[{"calls": [[[np.ones(2)], 1]], "settings": {}}])
    first = written("def first(arrays, i): arrays[0][:] = 7; arrays.append(arrays[0]); return i", "first")
    observation = observe(inputs, {"first": first, "gd_init": None} | GIVEN)
    assert observation["runs"][0][0]["changed"] == ["argument 1"]
    (left,) = inputs["runs"][0]["calls"][0][0]
    np.testing.assert_array_equal(left, [1.0, 1.0])
