"""The warm interpreter: imports once, then forks a confined child for each submission.

It is started by ``autograder/sandbox/parent.py`` inside the tier's confinement and holds no expected value, no hidden
input and no other submission, because a child can read all memory that it inherits.
"""

import builtins
import gc
import importlib
import os
import signal
import socket
import stat
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

from autograder.sandbox import frames
from autograder.sandbox.inside import confine
from autograder.sandbox.inside.session import serve
from autograder.sandbox.inside.shell import Shell, make_shell, run_cell

Settings = dict[str, Any]
CHANNEL = 3  # the child's descriptor to the grader
_WARM_UP = (  # what is slow the first time: a plot, a traceback, printing an array
    "import numpy as np, matplotlib.pyplot as plt; np.ones(3)",
    "fig, ax = plt.subplots(); ax.plot([1, 2], label='a'); ax.legend(); ax.set_title('$x^2$'); plt.show()",
    "def f(x):\n    return 1 / x\nf(np.array([1.0]))",
    "f(0)",
    "def f(:",
    "import asyncio",
)
_WARM_TORCH = (  # the first optimizer loads much of torch, a second of every child's time
    "import torch; p = torch.zeros(1); p.grad = torch.ones(1); torch.optim.SGD([p]).step()",
)


class Child:
    """One forked child: ``pid`` runs learners' code, ``middle`` (if any) waits for it outside its namespaces."""

    def __init__(self, pid: int, middle: int | None, report: int | None) -> None:
        self.pid, self.middle, self.report = pid, middle, report

    def end(self, patience: float) -> tuple[int, bool]:
        """Give it ``patience`` seconds to end, then end it and all it started: its status, whether it was killed."""
        status = self._wait(patience)
        killed = status is None
        if status is None:
            _kill(os.kill, self.pid)
            status = self._wait(5.0)
        if self.middle is None:
            _kill(os.killpg, self.pid)  # with namespaces all else has died with it
        if self.report is not None:
            os.close(self.report)
        _sweep()
        return -1 if status is None else status, killed

    def _wait(self, patience: float) -> int | None:
        deadline = time.monotonic() + patience
        while True:
            pid, status = os.waitpid(self.middle or self.pid, os.WNOHANG)
            if pid:
                return int.from_bytes(os.read(self.report, 4), "little") if self.report is not None else status
            if time.monotonic() >= deadline:
                return None
            time.sleep(0.0005)


def _kill(kill: Callable[[int, int], None], pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        kill(pid, signal.SIGKILL)


def main(descriptor: int) -> None:
    """Serve the grader's control socket until it hangs up."""
    if descriptor != CHANNEL:
        os.dup2(os.open(os.devnull, os.O_RDWR), CHANNEL)  # nothing loaded from here on may own this number
    control = socket.socket(fileno=descriptor)
    receive = frames.receiver(control)
    settings: Settings = frames.read(receive).tree
    if settings["become_nobody"]:
        confine.become_nobody()
    if settings["adopt_orphans"]:
        confine.adopt_orphans()
    shell = _warm(settings)
    control.sendall(frames.encode("ready", {"versions": _versions(settings)}))
    child: Child | None = None
    with suppress(EOFError, ConnectionError):
        while True:
            order, descriptors, _, _ = socket.recv_fds(control, 1, 1)
            if order == b"f":
                child = _fork(socket.socket(fileno=descriptors[0]), shell, settings)
            elif order in (b"k", b"w") and child is not None:
                status, killed = child.end(0.0 if order == b"k" else 0.5)
                child = None
                control.sendall(frames.encode("ended", {"status": status, "killed": killed}))
            else:
                break
    if child is not None:
        child.end(0.0)


def _warm(settings: Settings) -> Shell:
    """Import everything that notebooks use and do each slow first thing once, in this one thread."""
    sys.argv = [""]
    _builtin_help()
    for name in settings["preload"]:
        importlib.import_module(name)
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)  # before any operation: a child of a threaded parent hangs
    shell = make_shell(settings["limits"]["output_bytes"])
    for source in _WARM_UP + (_WARM_TORCH if "torch" in sys.modules else ()):
        run_cell(shell, source)
    shell.reset(new_session=True)
    settings["keep"] = _own_files()
    settings["address_space"] = confine.address_space()
    settings["filter"] = bytes.fromhex(settings["filter"])
    os.chdir(settings["scratch"])
    gc.collect()
    gc.freeze()  # or every child's first collection would copy all this memory
    return shell


def _own_files() -> list[int]:
    """Descriptors of the files that warm objects hold, as Matplotlib holds its fonts.

    A child keeps them: were they closed under their owner, it would read from, and some day close, whatever had been
    given the number since.
    """
    found = []
    for descriptor in range(CHANNEL + 1, 256):
        with suppress(OSError):
            found += [descriptor] if stat.S_ISREG(os.fstat(descriptor).st_mode) else []
    return found


def _builtin_help() -> None:
    """``help``, which Python's ``site`` (left out here) would have made."""
    import _sitebuiltins

    builtins.help = _sitebuiltins._Helper()


def _versions(settings: Settings) -> dict[str, str]:
    from importlib.metadata import version

    return {"python": sys.version.split()[0]} | {name: version(name) for name in settings["packages"]}


def _fork(channel: socket.socket, shell: Shell, settings: Settings) -> Child:
    with channel:
        if settings["namespaces"]:
            return _fork_into_namespaces(channel, shell, settings)
        pid = os.fork()
        if pid == 0:
            _guarded(channel, lambda: _become_child(channel, shell, settings))
        return Child(pid, None, None)


def _fork_into_namespaces(channel: socket.socket, shell: Shell, settings: Settings) -> Child:
    """A process enters new namespaces only by a second fork; the first stays outside to wait for it."""
    report, write = os.pipe()
    middle = os.fork()
    if middle == 0:
        os.close(report)
        _guarded(channel, lambda: _be_middle(channel, write, shell, settings))
    os.close(write)
    pid = int.from_bytes(os.read(report, 4), "little")
    return Child(pid or middle, middle, report)


def _be_middle(channel: socket.socket, write: int, shell: Shell, settings: Settings) -> None:
    confine.die_with_parent()
    confine.new_namespaces()
    pid = os.fork()
    if pid == 0:
        _guarded(channel, lambda: _become_child(channel, shell, settings))
    channel.close()
    os.write(write, pid.to_bytes(4, "little"))
    _, status = os.waitpid(pid, 0)
    os.write(write, status.to_bytes(4, "little"))


def _become_child(channel: socket.socket, shell: Shell, settings: Settings) -> None:
    """Confine this process, in an order in which each step is still possible, then serve."""
    confine.die_with_parent()
    descriptor = _keep_only(channel, settings["keep"])
    os.setsid()  # a signal to its own group must not reach this side, which a process namespace alone does not stop
    if settings["namespaces"]:
        confine.private_files(settings["scratch"], settings["limits"]["scratch_bytes"])
    confine.drop_capabilities()
    os.chdir(settings["scratch"])
    confine.limit(settings["limits"], settings["address_space"], settings["processes"])
    confine.no_new_privileges()
    if settings["filter"]:
        confine.filter_system_calls(settings["filter"])
    serve(descriptor, shell)


def _keep_only(channel: socket.socket, files: list[int]) -> socket.socket:
    """Close every descriptor but the channel, which gets its number, and ``files``; standard streams lead nowhere."""
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    moved = socket.socket(fileno=os.dup2(channel.detach(), CHANNEL, inheritable=False))
    for before, after in pairwise([CHANNEL, *files, os.sysconf("SC_OPEN_MAX")]):
        os.closerange(before + 1, after)
    return moved


def _guarded(channel: socket.socket, work: Callable[[], None]) -> NoReturn:
    """Do ``work`` and end this process; a failure to confine it is told to the grader."""
    try:
        work()
    except Exception as error:
        with suppress(Exception):
            channel.sendall(frames.encode("failed", {"message": f"{type(error).__name__}: {error}"[:300]}))
    finally:
        os._exit(0)


def _sweep() -> None:
    """End processes that an ended child left behind; they have become this process's children (or are unknown)."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    for _ in range(1000):
        try:
            pids = [int(pid) for pid in children.read_text().split()]
        except OSError:
            return
        if not pids:
            return
        for number in (signal.SIGSTOP, signal.SIGKILL):  # stopped first, so that none can start another meanwhile
            for pid in pids:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, number)
        for pid in pids:
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)
