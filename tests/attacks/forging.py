"""Forging the result, and outliving the submission."""

from tests.attacks.attack import Attack, body

ATTACKS = (
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
    Attack(
        "announces a frame of four gigabytes",
        "none",
        gd_step=body("import os\nos.write(3, b'\\xff\\xff\\xff\\x7f' * 2)"),
    ),
    Attack("puts a pipe in the channel's place", "full", top="import os\nos.dup2(os.pipe()[1], 3)"),
    Attack(
        "breaks what writes frames",
        "full",
        top="from autograder.sandbox import frames\nframes.encode = lambda *a: 1 / 0",
    ),
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
    Attack(
        "writes when the process ends",
        "no more",
        top="import atexit\natexit.register(lambda: open('{secret}', 'a').write('full marks'))",
    ),
    Attack(
        "writes when its objects are deleted",
        "no more",
        end="class Last:\n    def __del__(self):\n        open('{secret}', 'a').write('full marks')\nlast = Last()",
    ),
    Attack(
        "a timer that writes later",
        "no more",
        top=(
            "import threading\n"
            "threading.Timer(1.5, lambda: open('{secret}', 'a').write('full marks')).start()  # time.sleep(1.5)"
        ),
    ),
)
