"""Using everything up: memory, disk, processes, threads, descriptors, output."""

from tests.attacks.attack import FORKS, Attack, body

ATTACKS = (
    Attack("4 GiB at the top", "full", top="import numpy\nbig = numpy.ones(2**29)"),
    Attack("4 GiB in the function", "none", gd_step=body("big = np.ones(2**29)")),
    Attack("output without end", "full", top='while True:\n    print("x" * 10**6)'),
    Attack("an answer of a gigabyte", "none", gd_step=body("return np.ones(2**27), GDState(state.t + 1)")),
    Attack("fork bomb", "full", top="import os\nwhile True:\n    os.fork()", gaps=FORKS),
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
    Attack(
        "many small files",
        "full",
        top="for i in range(6000):\n    open(f'f{{i}}', 'w').close()",
    ),
    Attack("a file of a terabyte with nothing in it", "full", top="with open('f', 'wb') as f:\n    f.truncate(2**40)"),
    Attack(
        "folders without bottom",
        "full",
        top="import os\nfor _ in range(3000):\n    os.mkdir('d')\n    os.chdir('d')",
    ),
    Attack(
        "every descriptor taken",
        "full",
        top="import os\nkept = []\ntry:\n    while True:\n        kept.append(os.dup(0))\nexcept OSError:\n    pass",
    ),
    Attack("8 GiB mapped", "full", top="import mmap\nmapped = mmap.mmap(-1, 2**33)"),
    Attack(
        "a display of 30 MB", "full", top="from IPython.display import HTML, display\ndisplay(HTML('x' * 30_000_000))"
    ),
    Attack("thousands of displays", "full", top="for i in range(3000):\n    display(i)"),
    Attack(
        "an answer of a terabyte that takes no memory",
        "none",
        gd_step=body("return np.broadcast_to(np.zeros(1), (2**37,)), GDState(state.t + 1)"),
    ),
    Attack(
        "an answer that nests without end",
        "none",
        gd_step=body("deep = []\nfor _ in range(100_000):\n    deep = [deep]\nreturn deep, GDState(state.t + 1)"),
    ),
    Attack(
        "an answer that holds itself",
        "none",
        gd_step=body("own = []\nown.append(own)\nreturn own, GDState(state.t + 1)"),
    ),
)
