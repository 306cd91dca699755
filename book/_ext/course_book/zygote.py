"""``python zygote.py MODULE…`` imports what chapters import, then forks into a kernel for each line that it reads.

A line is JSON: the kernel's arguments, folder and environment. The answer is the kernel's process. When its input ends,
so does this process, and the kernels see that and end as well.
"""

import contextlib
import gc
import importlib
import json
import os
import signal
import sys

# Before Matplotlib is imported, as a kernel does.
os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
KERNEL = ("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell", "matplotlib_inline.config")


def main(modules: list[str]) -> None:
    sys.path.pop(0)  # this file's folder, which no kernel has
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # kernels that have ended leave nothing behind
    gc.disable()  # while nothing is thrown away
    for module in (*KERNEL, *modules):
        with contextlib.suppress(ImportError):  # a chapter that needs it says so
            importlib.import_module(module)
    gc.freeze()  # kernels need not look through all this for garbage
    for line in sys.stdin.buffer:
        pid = os.fork()
        if pid == 0:
            _become_kernel(**json.loads(line))
        with contextlib.suppress(OSError):
            os.setpgid(pid, pid)  # in both processes, so that it is done when either goes on
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _become_kernel(arguments: list[str], folder: str, environment: dict[str, str]) -> None:
    os.setpgid(0, 0)
    gc.enable()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    from ipykernel.kernelapp import IPKernelApp

    sys.argv = ["ipykernel_launcher", *arguments]
    try:
        IPKernelApp.launch_instance([*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"])
    finally:
        os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
