"""The sample class of ``ps1_gradient_descent``: right in different styles, wrong in named ways, hostile.

What each version loses is written down here by hand, from what the criteria say, and not computed by the checks: it is
what the checks and the grader are tested against. Names of wrong versions are those of the checks' misconceptions.
"""

from autograder.samples.cast import EVERYTHING, Learner, Version

_GD = "w - lr * g, GDState(state.t + 1)"
_LIMIT = "2 / np.max(curvatures)"
_BUFFER = "b = g if t == 1 else momentum * state.b + (1 - dampening) * g"
_AHEAD = "direction = g + momentum * b if nesterov else b"
_RETURN = "return w - lr * direction, SGDState(t, b)"
_SGD_START = "    t = state.t + 1\n"

# Right, in other words.
GD_ON_A_COPY = Version(
    "on_a_copy",
    "gd_step",
    ((f"return {_GD}", "new = np.array(w)\n    new -= lr * g\n    return new, state._replace(t=state.t + 1)"),),
)
GD_AS_A_LIST = Version("as_a_list", "gd_step", ((_GD, "[np.add(w, -lr * g), GDState(t=1 + state.t)]"),))
LIMIT_BY_LOOP = Version("by_loop", "stability_limit", ((_LIMIT, "min(2 / float(h) for h in curvatures)"),))
SGD_SPELLED_OUT = Version(
    "spelled_out",
    "sgd_step",
    (
        (_BUFFER, "if t > 1:\n        b = state.b * momentum + g - dampening * g\n    else:\n        b = np.copy(g)"),
        (_AHEAD, "direction = b\n    if nesterov:\n        direction = momentum * b + g"),
        (_RETURN, "change = -lr * direction\n    return w + change, SGDState(b=b, t=t)"),
    ),
)

# Wrong.
GD_ASCENDS = Version("ascends", "gd_step", (("w - lr", "w + lr"),), EVERYTHING)
GD_FORGETS_LR = Version("forgets_lr", "gd_step", (("w - lr * g", "w - g"),), EVERYTHING)
GD_T_NOT_COUNTED = Version("t_not_counted", "gd_step", (("GDState(state.t + 1)", "state"),), ("many_steps",))
GD_CHANGES_INPUTS = Version(
    "input_changed",
    "gd_step",
    ((f"return {_GD}", "w -= lr * g\n    return w, GDState(state.t + 1)"),),
    ("inputs_unchanged",),
)
LIMIT_OF_SMALLEST = Version("uses_smallest", "stability_limit", (("np.max", "np.min"),), ("many_curvatures",))
LIMIT_OF_MEAN = Version("uses_mean", "stability_limit", (("np.max", "np.mean"),), ("many_curvatures",))
LIMIT_HALVED = Version("forgets_the_two", "stability_limit", (("2 /", "1 /"),), EVERYTHING)
_ALL_BUFFERED = ("momentum", "dampening", "nesterov", "state")
SGD_FIRST_DAMPED = Version("first_buffer_damped", "sgd_step", (("g if t == 1 else ", ""),), ("dampening",))
SGD_NESTEROV_IGNORED = Version("nesterov_ignored", "sgd_step", ((_AHEAD, "direction = b"),), ("nesterov",))
SGD_AVERAGES = Version(
    "averages_after_first", "sgd_step", (("(1 - dampening) * g", "(1 - momentum) * g"),), _ALL_BUFFERED
)
SGD_NOT_RETURNED = Version(
    "buffer_not_returned", "sgd_step", (("SGDState(t, b)", "SGDState(t, state.b)"),), _ALL_BUFFERED
)
SGD_ASCENDS = Version("ascends", "sgd_step", (("w - lr * d", "w + lr * d"),), ("momentum", "dampening", "nesterov"))
SGD_LR_IN_BUFFER = Version(
    "lr_in_the_buffer",
    "sgd_step",
    ((_BUFFER, f"g = lr * g\n    {_BUFFER}"), ("w - lr * direction", "w - direction")),
    _ALL_BUFFERED,
)
SGD_PLAIN_ONLY = Version(
    "plain_only",
    "sgd_step",
    ((_SGD_START, f"{_SGD_START}    return w - lr * g, SGDState(t, state.b)\n"),),
    _ALL_BUFFERED,
)

# Not begun.
GD_STUB, LIMIT_STUB, SGD_STUB = (
    Version("stub", cell, None, EVERYTHING) for cell in ("gd_step", "stability_limit", "sgd_step")
)

# Hostile: each costs the function that it stands in, or earns that function nothing.
SGD_EXITS = Version("exits", "sgd_step", ((_SGD_START, "    import os\n    os._exit(0)\n"),), EVERYTHING)
LIMIT_LOOPS = Version("loops", "stability_limit", ((f"return {_LIMIT}", "while True:\n        pass"),), EVERYTHING)
GD_HOARDS = Version(
    "hoards_memory", "gd_step", ((f"return {_GD}", f"hoard = bytearray(4 * 2**30)\n    return {_GD}"),), EVERYTHING
)
GD_TORCH = Version(
    "calls_torch",
    "gd_step",
    (
        (
            f"return {_GD}",
            "import torch\n    p = torch.tensor(np.asarray(w), requires_grad=True)\n"
            "    p.grad = torch.tensor(np.asarray(g))\n"
            "    torch.optim.SGD([p], lr=lr).step()\n    return p.detach().numpy(), GDState(state.t + 1)",
        ),
    ),
    EVERYTHING,
)
SGD_TORCH = Version(
    "calls_torch",
    "sgd_step",
    (
        (
            _SGD_START,
            "    import torch\n    p = torch.tensor(np.asarray(w), requires_grad=True)\n"
            "    p.grad = torch.tensor(np.asarray(g))\n"
            "    rule = torch.optim.SGD([p], lr=lr, momentum=momentum, dampening=dampening, nesterov=nesterov)\n"
            "    rule.state[p] = {'momentum_buffer': torch.tensor(np.asarray(state.b))} if state.t else {}\n"
            "    rule.step()\n    b = rule.state[p].get('momentum_buffer')\n"
            "    return p.detach().numpy(), SGDState(state.t + 1, b.numpy() if b is not None else state.b)\n",
        ),
    ),
    EVERYTHING,
)
_DOES_NOTHING = (
    Version("does_nothing", "gd_step", ((_GD, "w, state"),), EVERYTHING),
    Version("does_nothing", "stability_limit", ((_LIMIT, "1.0"),), EVERYTHING),
    Version("does_nothing", "sgd_step", ((_SGD_START, "    return w, state\n"),), EVERYTHING),
)
_PATCH_TESTS = """\
import builtins
import sys

np.testing.assert_allclose = np.testing.assert_array_equal = np.testing.assert_equal = lambda *a, **k: None
np.allclose = np.array_equal = lambda *a, **k: True
builtins.all = lambda *a: True


def check(*arguments, **settings):
    return None


sys.modules["course_lib.checks"].check = check"""
_CHANGE_MARKS = """\
import pathlib
import sqlite3

found = []
for folder in [pathlib.Path.cwd(), *pathlib.Path.cwd().parents, pathlib.Path("/")]:
    for database in [*folder.glob("gradebook.db"), *folder.glob("*/gradebook.db")]:
        found.append(str(database))
        with sqlite3.connect(database) as marks:
            marks.execute("update grade set manual_score = 100, extra_credit = 100, needs_manual_grade = 0")
print(found or "no gradebook anywhere")"""

CAST = (
    Learner("as_taught"),
    Learner("uphill", (GD_ASCENDS,)),
    Learner("in_other_words", (GD_ON_A_COPY, LIMIT_BY_LOOP, SGD_SPELLED_OUT)),
    Learner("damps_the_first", (SGD_FIRST_DAMPED, LIMIT_OF_SMALLEST)),
    Learner("unfinished", (LIMIT_STUB, SGD_PLAIN_ONLY), words=None),
    Learner("exits", (SGD_EXITS,)),
    Learner("loops_forever", (LIMIT_LOOPS,)),
    Learner("hoards_memory", (GD_HOARDS,)),
    Learner("broken_upload", keep=0.6),
    Learner("patches_the_tests", _DOES_NOTHING, cells=(_PATCH_TESTS,)),
    Learner("calls_torch", (GD_TORCH, SGD_TORCH)),
    Learner("changes_the_marks", _DOES_NOTHING, cells=(_CHANGE_MARKS,)),
    # Those who come only to larger classes.
    Learner("looks_back", (SGD_NESTEROV_IGNORED,)),
    Learner("averages", (SGD_AVERAGES, GD_AS_A_LIST)),
    Learner("overwrites", (GD_CHANGES_INPUTS,)),
    Learner("deletes_cells", without=("gd_step-one_step", "sgd_step-momentum")),
    Learner("untouched", (GD_STUB, LIMIT_STUB, SGD_STUB), words=None),
    Learner("scripts", words='<script>document.title = "taken over"</script> It [overshoots](javascript:alert(1)).'),
)

VERSIONS = (
    *(Version("as_taught", cell) for cell in ("gd_step", "stability_limit", "sgd_step")),
    *(GD_ON_A_COPY, GD_AS_A_LIST, GD_ASCENDS, GD_FORGETS_LR, GD_T_NOT_COUNTED, GD_CHANGES_INPUTS, GD_STUB),
    *(LIMIT_BY_LOOP, LIMIT_OF_SMALLEST, LIMIT_OF_MEAN, LIMIT_HALVED, LIMIT_STUB),
    *(SGD_SPELLED_OUT, SGD_FIRST_DAMPED, SGD_NESTEROV_IGNORED, SGD_AVERAGES, SGD_NOT_RETURNED, SGD_ASCENDS),
    *(SGD_LR_IN_BUFFER, SGD_PLAIN_ONLY, SGD_STUB, SGD_EXITS),
)
