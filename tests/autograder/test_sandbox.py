"""The sandbox runs cells as Jupyter would, survives what they do, and shows each submission nothing but its own."""

import os
import time
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.outputs import clean_outputs
from autograder.sandbox import launch, parent, tiers
from autograder.sandbox.child import Died
from autograder.sandbox.limits import Limits
from autograder.sandbox.parent import Sandbox, SandboxError
from autograder.sandbox.session import Ran, Session
from autograder.sandbox.table import TIERS
from tests.attacks.conftest import sandbox as sandbox
from tests.autograder.notebooks import SHORT


def run(sandbox: Sandbox, *sources: str) -> list[Ran]:
    with Session(sandbox) as session:
        return [session.cell(source) for source in sources]


def text(ran: Ran) -> str:
    """All text that a cell shows."""
    shown = []
    for output in clean_outputs(ran.outputs, 10**6):
        shown += [output.get("text", ""), output.get("evalue", ""), output.get("data", {}).get("text/plain", "")]
    return "".join(shown)


def test_outputs_are_those_of_a_notebook(sandbox: Sandbox) -> None:
    (ran,) = run(
        sandbox,
        "import sys\nprint('a')\nsys.stderr.write('w\\n')\nprint('b')\ndisplay({'c': 1})\n"
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n5 + 1",
    )
    outputs = clean_outputs(ran.outputs, 10**6)
    nbformat.validate(new_notebook(cells=[new_code_cell("", outputs=outputs)]))
    kinds = [(output["output_type"], output.get("name")) for output in outputs]
    assert kinds == [
        ("stream", "stdout"),
        ("stream", "stderr"),
        ("stream", "stdout"),
        ("display_data", None),
        ("display_data", None),
        ("execute_result", None),
    ]
    assert outputs[4]["data"]["image/png"].startswith("iVBOR")
    assert outputs[5]["data"] == {"text/plain": "6"}


def test_many_plots_with_formulas_are_drawn(sandbox: Sandbox) -> None:
    """The warm interpreter has fonts open; a child forgets them one by one, and must lose nothing else by that."""
    draw = (
        "import matplotlib.pyplot as plt\nfor i in range(60):\n    fig = plt.figure(figsize=(1, 1))\n"
        "    fig.suptitle(f'$x_{{{i}}}^2$ Ω')\n    fig.canvas.draw()\n    plt.close()\n'drawn'"
    )
    assert [text(ran) for ran in run(sandbox, draw, draw, "1 + 1")] == ["'drawn'", "'drawn'", "2"]


def test_ipython_works(sandbox: Sandbox) -> None:
    ran = run(
        sandbox, "%%time\nx = 3", "x", "_ + 1", "await __import__('asyncio').sleep(0, 'slept')", "help(len)", "f(:"
    )
    assert [text(r) for r in ran[1:4]] == ["3", "4", "'slept'"]
    assert "Return the number of items" in text(ran[4])
    assert [r.ended for r in ran] == [""] * 5 + ["raised"]


def test_an_error_ends_its_cell_alone(sandbox: Sandbox) -> None:
    first, second = run(sandbox, "x = 1\n1 / 0\nx = 2", "x")
    assert first.ended == "raised"
    assert first.outputs[0]["ename"] == "ZeroDivisionError"
    assert "----> 2 1 / 0" in "".join(first.outputs[0]["traceback"])
    assert text(second) == "1"


def test_what_a_cell_dies_of_costs_it_alone(sandbox: Sandbox) -> None:
    ran = run(
        sandbox, "x = 1", "y = 2\nimport os\nos._exit(0)", "x", "y", "import ctypes\nctypes.string_at(0)", "x + 10"
    )
    assert [r.ended for r in ran] == ["", "exit", "", "raised", "signal", ""]
    assert [text(ran[2]), text(ran[5])] == ["1", "11"]
    assert "ended the Python process" in ran[1].message


def test_a_cell_that_hangs_keeps_what_it_defined(sandbox: Sandbox) -> None:
    hung, after = run(sandbox, "x = 1\nwhile True:\n    pass", "x")
    assert hung.ended == "time"
    assert "2 seconds" in hung.message
    assert text(after) == "1"


def test_time_for_all_cells_is_limited(sandbox: Sandbox) -> None:
    before = sandbox.limits
    sandbox.limits = Limits(cell_seconds=1.0, notebook_seconds=1.5)
    started = time.monotonic()
    ran = run(sandbox, *["import time\ntime.sleep(60)"] * 5)
    sandbox.limits = before
    assert [r.ended for r in ran] == ["time"] * 5
    assert time.monotonic() - started < 8


def test_much_memory_is_refused_clearly(sandbox: Sandbox) -> None:
    ran = run(sandbox, "import numpy as np\nx = np.ones(2**29)", "y = np.ones(2**24).sum()\ny")
    assert [r.ended for r in ran] == ["memory", ""]
    assert "more memory than there is" in ran[0].message


def test_output_is_limited(sandbox: Sandbox) -> None:
    (ran,) = run(sandbox, "for i in range(100):\n    print('x' * 10**6)")
    assert "was cut" in ran.outputs[-1]["text"]
    assert sum(len(str(output)) for output in ran.outputs) < 2 * sandbox.limits.output_bytes


def test_one_submission_sees_nothing_of_another(sandbox: Sandbox) -> None:
    run(sandbox, "import numpy as np\nnp.left_behind = 1\nopen('left_behind', 'w').write('x')\nleft_behind = 1")
    (ran,) = run(sandbox, "import os, numpy as np\nprint(os.listdir('.'), hasattr(np, 'left_behind'))\nleft_behind")
    assert ran.outputs[0]["text"] == "[] False\n"
    assert ran.outputs[1]["ename"] == "NameError"


def test_no_answer_is_there_and_what_notebooks_need_is(sandbox: Sandbox) -> None:
    absent = (
        "course_lib.optimizers",
        "course_lib.checks.specs",
        "course_lib.checks.judge",
        "torch",
        "nbgrader",
        "scipy",
    )
    there = ("numpy", "matplotlib.pyplot", "course_lib.objectives", "course_lib.descent", "course_lib.plotting", "json")
    ran = run(sandbox, *[f"import {name}" for name in (*absent, *there)])
    assert [r.ended for r in ran] == ["raised"] * len(absent) + [""] * len(there)


def test_a_check_in_a_learners_cell_says_who_judges(sandbox: Sandbox) -> None:
    (ran,) = run(sandbox, "from course_lib.checks import check\ncheck('gd_step', None, criterion='one_step')")
    assert text(ran) == "check(gd_step, one_step): judged by the grader\n"


def test_plots_and_random_numbers_repeat(sandbox: Sandbox) -> None:
    source = "import random, numpy as np\nprint(random.random(), np.random.random(), {'a', 'b', 'c', 'd'})"
    assert text(run(sandbox, source)[0]) == text(run(sandbox, source)[0])


def test_a_probe_gives_observations_and_how_it_died(sandbox: Sandbox) -> None:
    w = np.array([1.0, 2.0])
    case = {
        "function": "f",
        "kind": "call",
        "backend": "numpy",
        "repeat": False,
        "runs": [{"calls": [[w]], "settings": {}}],
    }
    with Session(sandbox) as session:
        session.cell("def double(w):\n    return 2 * w\ndef leave(w):\n    import os\n    os._exit(0)")
        good = session.probe([case, case], {"f": "double"}, 1.0)
        bad = session.probe([case, case], {"f": "leave"}, 1.0)
        again = session.probe([case], {"f": "double"}, 1.0)
    for observation in (*good, *again):
        assert observation["runs"][0][0]["values"]["value"].tolist() == [2.0, 4.0]
    assert [type(answer) for answer in bad] == [Died]
    assert bad[0].reason == "exit"


def test_nothing_of_a_closed_sandbox_is_left(tmp_path: Path) -> None:
    before = children()
    for tier in TIERS:
        try:
            started = Sandbox.start(SHORT, tier=tier.name)
        except SandboxError:
            continue  # the fixture above tells which tiers do not work here
        stage = started._stage.root
        assert children() > before
        started.child()
        started.close()
        assert children() == before
        assert not stage.exists()


def children() -> set[int]:
    found: set[int] = set()
    waiting = [os.getpid()]
    while waiting:
        pid = waiting.pop()
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            new = {int(child) for child in task.read_text().split()} - found
            found |= new
            waiting += new
    return found


def test_a_warm_interpreter_that_was_killed_is_started_anew() -> None:
    with Sandbox.start(SHORT, tier="plain") as started:
        started._process.kill()
        started._process.wait()
        assert text(run(started, "1 + 1")[0]) == "2"


def test_a_warm_interpreter_killed_by_a_submission_costs_the_next_one_nothing() -> None:
    with Sandbox.start(SHORT, tier="plain") as started:
        with Session(started) as session:
            session.cell("import os, signal\nos.kill(os.getppid(), signal.SIGKILL)")
        assert text(run(started, "1 + 1")[0]) == "2"


def test_an_unknown_tier_is_named() -> None:
    with pytest.raises(ValueError, match="no tier 'steel'; known: bubblewrap, landlock, plain"):
        Sandbox.start(tier="steel")


def test_a_tier_that_cannot_be_had_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SandboxError, match="bubblewrap is not installed"):
        Sandbox.start(tier="bubblewrap")


def test_the_next_best_tier_is_taken_and_the_way_to_a_better_one_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(launch.seccomp, "program", lambda: None)
    tiers._working.cache_clear()
    try:
        told = tiers.describe()
    finally:
        tiers._working.cache_clear()
    assert told.tier == "plain"
    assert [missing.name for missing in told.better] == ["bubblewrap", "landlock"]
    assert "apt-get install bubblewrap" in str(told)
    assert "Grade only work you trust" in str(told)


def test_a_package_that_is_not_installed_is_named() -> None:
    with pytest.raises(SandboxError, match="no-such-package is not installed"):
        parent.Sandbox.start(tier="plain", allow=["no-such-package"])


def test_noise_in_the_channel_costs_nothing_that_follows(sandbox: Sandbox) -> None:
    later = "x = 1\nimport os, threading\nthreading.Timer(0.5, os.write, (3, b'noise')).start()"
    with Session(sandbox) as session:
        session.cell(later)
        child = session._child
        assert child is not None
        patience = time.monotonic() + 10
        while not child.speaks_unasked() and time.monotonic() < patience:
            time.sleep(0.05)
        assert text(session.cell("x + 1")) == "2"
        assert session._child is not child


def test_torch_is_there_where_an_assignment_allows_it_and_works_in_a_child() -> None:
    """A child of a process that has used torch with several threads would hang."""
    with Sandbox.start(tier="plain", allow=["torch"]) as started:
        source = "import torch\n(torch.ones(300, 300) @ torch.ones(300, 300)).sum().item(), torch.get_num_threads()"
        (ran,) = run(started, source)
    assert text(ran) == f"({300.0**3}, 1)"
    assert "torch" in started.versions
