"""Ending the process, and never ending."""

from tests.attacks.attack import Attack, body

ATTACKS = (
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
    Attack("a cell that is no Python", "full", top="def f(:"),
    Attack("closes its own streams", "full", top="import sys\nsys.stdout.close()\nsys.stderr.close()"),
    Attack(
        "an error whose message cannot be read",
        "full",
        top="class Odd(Exception):\n    def __str__(self):\n        raise RuntimeError\nraise Odd",
    ),
    Attack(
        "a signal handler that exits",
        "full",
        top=(
            "import signal, sys\nsignal.signal(signal.SIGALRM, lambda *a: sys.exit())\n"
            "signal.setitimer(signal.ITIMER_REAL, 0.01)"
        ),
    ),
    Attack("warns on stderr, as honest work may", "full", top="import warnings\nwarnings.warn('careful')"),
    Attack("a loop in C that heeds no signal", "full", top="import itertools\nsum(itertools.repeat(1))"),
    Attack("an answer without end", "none", gd_step="import itertools\n" + body("return itertools.count(), state")),
    Attack(
        "a stopped clock and an endless loop",
        "none",
        top="import time\ntime.time = time.monotonic = time.perf_counter = lambda: 0.0",
        gd_step=body("while True:\n    pass"),
    ),
    Attack(
        "a clock that jumps",
        "full",
        top=(
            "import itertools, time\nticks = itertools.count(0, -1e9)\ntime.time = time.monotonic = lambda: next(ticks)"
        ),
    ),
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
)
