"""Hostile and broken submissions, and what each must get.

Every entry starts from a submission that earns all points, puts ``top`` in a cell above everything, ``end`` in one
below, and ``gd_step`` in place of that function. What the rest of the notebook earns, it must still earn.
"""

from dataclasses import dataclass, field
from typing import Literal

# "full": what it does costs the points of nothing. "no more": a wrong gd_step earns no more by the trick than without.
# "none": every point of gd_step is lost, and no other.
Outcome = Literal["full", "no more", "none"]

WRONG = """
def gd_step(w, g, state, *, lr=1e-3):
    return w, GDState(state.t + 1)
"""


def body(text: str) -> str:
    """A gd_step with these lines before a wrong answer."""
    lines = "".join(f"    {line}\n" for line in text.strip("\n").splitlines())
    return "def gd_step(w, g, state, *, lr=1e-3):\n" + lines + "    return w, GDState(state.t + 1)\n"


@dataclass(frozen=True)
class Attack:
    """``gaps`` names the tiers that do not stop it, each with the reason; ``{secret}``, ``{port}`` and ``{source}`` in
    its code stand for a file, a listening port and the folder of the source notebooks of the grading computer."""

    name: str
    gets: Outcome
    top: str = ""
    end: str = ""
    gd_step: str = ""
    gaps: dict[str, str] = field(default_factory=dict)


_READS_DISK = {"plain": "the grading user's files can be read and written"}
_FORKS = {"plain": "as root the kernel does not limit the number of processes"}

ATTACKS = (
    # Ending the process
    Attack("os._exit at the top", "full", top="import os\nos._exit(0)"),
    Attack("os._exit at the end", "full", end="import os\nos._exit(0)"),
    Attack("os._exit in the function", "none", gd_step=body("import os\nos._exit(0)")),
    Attack("sys.exit at the top", "full", top="import sys\nsys.exit(1)"),
    Attack("sys.exit in the function", "none", gd_step=body("import sys\nsys.exit(0)")),
    Attack("KeyboardInterrupt in the function", "none", gd_step=body("raise KeyboardInterrupt")),
    Attack("kills itself at the top", "full", top="import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"),
    Attack(
        "kills its parent",
        "full",
        top="import os, signal\nos.kill(os.getppid(), signal.SIGKILL)",
        gaps={"plain": "the warm interpreter can be killed, at the cost of the submission's own points"},
    ),
    Attack("stops itself at the top", "full", top="import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"),
    Attack("segmentation fault at the top", "full", top="import ctypes\nctypes.string_at(0)"),
    Attack("segmentation fault in the function", "none", gd_step=body("import ctypes\nctypes.string_at(0)")),
    Attack(
        "endless recursion in the function",
        "none",
        gd_step=body("import sys\nsys.setrecursionlimit(10**9)\ndef f(): return f()\nf()"),
    ),
    # Never ending
    Attack("endless loop at the top", "full", top="while True:\n    pass"),
    Attack("endless loop in the function", "none", gd_step=body("while True:\n    pass")),
    Attack(
        "endless loop that swallows every exception",
        "full",
        top="while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass",
    ),
    Attack(
        "endless loop that ignores the alarm",
        "none",
        gd_step=body("import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True:\n    pass"),
    ),
    Attack("sleeps for ever", "full", top="import time\ntime.sleep(10**6)"),
    Attack("atexit handler that never ends", "full", top="import atexit, time\natexit.register(time.sleep, 10**6)"),
    # Using everything up
    Attack("4 GiB at the top", "full", top="import numpy\nbig = numpy.ones(2**29)"),
    Attack("4 GiB in the function", "none", gd_step=body("big = np.ones(2**29)")),
    Attack("output without end", "full", top='while True:\n    print("x" * 10**6)'),
    Attack("an answer of a gigabyte", "none", gd_step=body("return np.ones(2**27), GDState(state.t + 1)")),
    Attack("fork bomb", "full", top="import os\nwhile True:\n    os.fork()", gaps=_FORKS),
    Attack(
        "thread bomb",
        "full",
        top=(
            "import threading, time\n"
            "while True:\n"
            "    threading.Thread(target=time.sleep, args=(99,), daemon=True).start()"
        ),
    ),
    Attack(
        "fills the disk",
        "full",
        top='i = 0\nwhile i < 300:\n    i += 1\n    with open(f"f{i}", "wb") as f:\n        f.write(bytes(2**20))',
    ),
    # Earning without knowing: what judges is not there to be changed
    Attack(
        "np.testing overridden", "no more", top="import numpy as np\nnp.testing.assert_allclose = lambda *a, **k: None"
    ),
    Attack(
        "np.allclose overridden",
        "no more",
        top="import numpy as np\nnp.allclose = np.array_equal = lambda *a, **k: True",
    ),
    Attack("check overridden", "no more", end="check = lambda *a, **k: None"),
    Attack(
        "check's module overridden",
        "no more",
        top=(
            "import sys, course_lib.checks as c\n"
            "c.check = c.judge = lambda *a, **k: True\n"
            "sys.modules['course_lib.checks'] = c"
        ),
    ),
    Attack(
        "IPython turns cells into pass",
        "no more",
        top=(
            "def empty(lines):\n    return ['pass'] if 'check(' in ''.join(lines) else lines\n"
            "get_ipython().input_transformers_cleanup.append(empty)"
        ),
    ),
    Attack(
        "builtins overridden", "no more", end="import builtins\nbuiltins.AssertionError = builtins.abs = lambda *a: 0"
    ),
    Attack(
        "an array that equals everything",
        "no more",
        gd_step=(
            "class Yes(np.ndarray):\n"
            "    __array_priority__ = 1e9\n"
            "    def __eq__(self, other): return True\n"
            "    def __sub__(self, other): return np.zeros(self.shape)\n"
            "    __rsub__ = __sub__\n"
            "    def __array_ufunc__(self, *a, **k): return True\n"
        )
        + body("return np.array(w).view(Yes), GDState(state.t + 1)"),
    ),
    Attack(
        "a float that equals everything",
        "no more",
        gd_step="class Yes(float):\n    def __eq__(self, other): return True\n    __hash__ = None\n"
        + body("return Yes(0), GDState(Yes(0))"),
    ),
    Attack(
        "an object whose __array__ changes",
        "no more",
        gd_step=(
            "class Yes:\n    dtype = np.dtype(float)\n    shape = ()\n"
            "    def __array__(self, *a, **k): return np.random.normal(size=3)\n"
        )
        + body("return Yes(), GDState(state.t + 1)"),
    ),
    Attack("nan", "no more", gd_step=body("return w * np.nan, GDState(state.t + 1)")),
    Attack("inf", "no more", gd_step=body("return w * np.inf, GDState(state.t + 1)")),
    Attack("text", "no more", gd_step=body("return 'right', GDState(state.t + 1)")),
    Attack("complex numbers", "no more", gd_step=body("return w + 0j, GDState(state.t + 1)")),
    Attack("an endless integer", "no more", gd_step=body("return w, GDState(10 ** 5000)")),
    # Copying what is right: it is not there
    Attack("calls torch.optim", "none", gd_step=body("import torch\ntorch.optim.SGD([torch.tensor(w)], lr=lr)")),
    Attack(
        "calls the reference",
        "none",
        gd_step=body("from course_lib.optimizers import gd_step as reference\nreturn reference(w, g, state, lr=lr)"),
    ),
    Attack("reads the specs", "none", gd_step=body("import course_lib.checks.specs")),
    Attack(
        "runs the author's solution",
        "no more",
        top=(
            "import json, pathlib\n"
            "stolen = ''\n"
            "try:\n"
            "    for path in pathlib.Path('{source}').rglob('*.ipynb'):\n"
            "        for c in json.loads(path.read_text())['cells']:\n"
            "            if c['metadata'].get('nbgrader', {}).get('grade_id') == 'gd_step':\n"
            "                stolen = ''.join(c['source'])\n"
            "except OSError as error:\n"
            "    print(error)"
        ),
        end="if stolen:\n    exec(stolen)",
        gaps=_READS_DISK,
    ),
    Attack(
        "writes into a file of the grading computer",
        "no more",
        top=(
            "try:\n"
            "    with open('{secret}', 'a') as f:\n"
            "        f.write('full marks')\n"
            "except OSError as error:\n"
            "    print(error)"
        ),
        gaps=_READS_DISK,
    ),
    Attack(
        "reads the memory of its parents",
        "no more",
        top=(
            "import os\nfor pid in {{os.getppid(), 1, *range(2, 50)}}:\n"
            "    for name in ('mem', 'environ', 'maps', 'root'):\n"
            "        try:\n            open(f'/proc/{{pid}}/{{name}}', 'rb').read(100)\n"
            "        except (OSError, ValueError):\n            pass"
        ),
    ),
    Attack(
        "looks for answers in frames and in memory",
        "no more",
        gd_step=body(
            "import gc, sys\n"
            "frame = sys._getframe()\n"
            "while frame:\n"
            "    for value in frame.f_locals.values():\n"
            "        if isinstance(value, dict) and 'expected' in value:\n"
            "            return value['expected'], GDState(state.t + 1)\n"
            "    frame = frame.f_back\n"
            "for thing in gc.get_objects():\n"
            "    if isinstance(thing, dict) and 'expected' in thing:\n"
            "        return thing['expected'], GDState(state.t + 1)"
        ),
    ),
    Attack(
        "phones home",
        "no more",
        top=(
            "import socket\n"
            "try:\n"
            "    socket.create_connection(('127.0.0.1', {port}), 1)\n"
            "except OSError as error:\n"
            "    print(error)"
        ),
        gaps={"plain": "the network can be used"},
    ),
    # Forging the result
    Attack("prints a score", "no more", end="import json\nprint(json.dumps({{'score': 100, 'passed': True}}))"),
    Attack(
        "forges frames on every descriptor",
        "no more",
        top=(
            "import os\nfrom autograder.sandbox import frames\n"
            "forged = frames.encode('probe', {{'status': 'ok', 'runs': []}}) * 50\n"
            "for fd in range(3, 64):\n    try:\n        os.write(fd, forged)\n    except OSError:\n        pass"
        ),
    ),
    Attack(
        "forges frames while it is called",
        "none",
        gd_step=body(
            "import os\nfrom autograder.sandbox import frames\n"
            "os.write(3, frames.encode('probe', {{'status': 'ok', 'passed': True}}) * 3)"
        ),
    ),
    Attack("writes noise into the channel", "none", gd_step=body("import os\nos.write(3, b'\\xff' * 10**5)")),
    Attack("closes every descriptor at the top", "full", top="import os\nos.closerange(0, 100)"),
    Attack("closes every descriptor in the function", "none", gd_step=body("import os\nos.closerange(0, 100)")),
    Attack(
        "replaces the recorder",
        "no more",
        top=(
            "import autograder.sandbox.inside.session as s\n"
            "s.observe = lambda case, namespace: {{'status': 'ok', 'runs': case['runs'], 'passed': True}}"
        ),
        end="import course_lib.checks.observe as o, autograder.sandbox.inside.session as s\ns.observe = o.observe",
    ),
    Attack(
        "an answer that would run code if it were unpickled",
        "none",
        gd_step=(
            "class Bomb:\n    def __reduce__(self):\n        import os\n        return os.system, ('touch {secret}',)\n"
            + body("return Bomb(), Bomb()")
        ),
    ),
    # Outliving the submission
    Attack(
        "a detached process that writes later",
        "no more",
        top=(
            "import os, time\ntry:\n"
            "    if os.fork() == 0:\n"
            "        os.setsid()\n"
            "        if os.fork() == 0:\n"
            "            os.closerange(0, 100)\n"
            "            time.sleep(1.5)\n"
            "            open('{secret}', 'a').write('full marks')\n"
            "        os._exit(0)\n"
            "except OSError as error:\n    print(error)"
        ),
    ),
    Attack(
        "a thread that goes on",
        "no more",
        top=(
            "import threading\n"
            "def spin():\n"
            "    while True:\n"
            "        pass\n"
            "threading.Thread(target=spin, daemon=True).start()"
        ),
    ),
    Attack("echoes the hidden inputs", "none", gd_step=body("raise ValueError(repr((w, g, lr)))")),
)
