"""Copying what is right: it is not there."""

from tests.attacks.attack import NETWORK, READS_DISK, REWARD, Attack, body

ATTACKS = (
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
        gaps=READS_DISK,
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
        gaps=READS_DISK,
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
        gaps=NETWORK,
    ),
    Attack(
        "reads the gradebook",
        "no more",
        top="stolen = ''\ntry:\n    stolen = open('{secret}').read()\nexcept OSError as error:\n    print(error)",
        end=REWARD,
        gaps=READS_DISK,
    ),
    Attack(
        "reads through a link that it made",
        "no more",
        top=(
            "import os\n"
            "stolen = ''\n"
            "try:\n"
            "    os.symlink('{secret}', 'link')\n"
            "    stolen = open('link').read()\n"
            "except OSError as error:\n"
            "    print(error)"
        ),
        end=REWARD,
        gaps=READS_DISK,
    ),
    Attack(
        "reads with another program",
        "no more",
        top=(
            "import subprocess\n"
            "stolen = ''\n"
            "try:\n"
            "    stolen = subprocess.run(['/bin/cat', '{secret}'], capture_output=True).stdout\n"
            "except OSError as error:\n"
            "    print(error)"
        ),
        end=REWARD,
        gaps=READS_DISK,
    ),
    Attack(
        "reads through the kernel",
        "no more",
        top=(
            "import ctypes\n"
            "libc = ctypes.CDLL(None)\n"
            "buffer = ctypes.create_string_buffer(100)\n"
            "fd = libc.open(b'{secret}', 0)\n"
            "stolen = libc.read(fd, buffer, 100) > 0 if fd >= 0 else ''"
        ),
        end=REWARD,
        gaps=READS_DISK,
    ),
    Attack(
        "looks for a right gd_step among all modules and objects",
        "no more",
        gd_step=body(
            "import gc, sys\n"
            "found = [getattr(module, 'gd_step', None) for module in list(sys.modules.values())]\n"
            "found += [f for f in gc.get_objects() if getattr(f, '__name__', '') == 'gd_step']\n"
            "for f in found:\n"
            "    if callable(f) and getattr(f, '__code__', None) is not sys._getframe().f_code:\n"
            "        return f(w, g, state, lr=lr)"
        ),
    ),
    Attack(
        "asks the kernel for rights",
        "full",
        top=(
            "import ctypes\nlibc = ctypes.CDLL(None)\n"
            "asked = libc.setuid(0), libc.setgid(0), libc.unshare(0x10000000), libc.chroot(b'.'), libc.iopl(3)"
        ),
        gaps={"plain": "the grading user's rights are kept"},
    ),
)
