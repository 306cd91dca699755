"""Kernels that are forked from a process in which everything slow has been imported already, on Linux.

Starting a kernel and importing Matplotlib and torch takes longer than most chapters' cells. The process is started as
early as possible, so that its imports run beside Sphinx's own.
"""

import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

NAME = "course-warm-provisioner"
# What chapters import, by the words in them that show it.
SLOW = {
    "numpy": ("numpy",),
    "course_lib.plotting": ("matplotlib.figure", "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg"),
    "course_lib.explorers": ("joblib",),
    "torch": ("torch", "torch._dynamo"),
}


class Zygote:
    """The process that forks; see ``zygote.py``."""

    def __init__(self, chapters: Iterable[str]) -> None:
        text = "\n".join(chapters)
        modules = [module for word, modules in SLOW.items() if word in text for module in modules]
        command = [sys.executable, str(Path(__file__).with_name("zygote.py")), *modules]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._one_at_a_time = threading.Lock()

    def fork(self, arguments: list[str], folder: str, environment: dict[str, str]) -> "Forked":
        """A kernel's process."""
        line = json.dumps({"arguments": arguments, "folder": folder, "environment": environment})
        with self._one_at_a_time:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
            return Forked(int(self._process.stdout.readline()))

    def close(self) -> None:
        """End it, whatever it is doing."""
        self._process.kill()
        self._process.communicate()


class Forked:
    """As much of ``subprocess.Popen`` as Jupyter asks of a kernel, for a process that is not our child."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._handle = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """0 once it has ended, however; None before."""
        return 0 if select.select([self._handle], [], [], 0)[0] else None

    def wait(self) -> int:
        select.select([self._handle], [], [])
        return 0

    def send_signal(self, number: int) -> None:
        signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def __del__(self) -> None:
        os.close(self._handle)


class WarmProvisioner(LocalProvisioner):
    """Starts a kernel by forking."""

    zygote: Zygote

    async def launch_kernel(self, cmd: list[str], **settings: Any) -> dict[str, Any]:
        if cmd[:3] != [sys.executable, "-m", "ipykernel_launcher"]:
            return await super().launch_kernel(cmd, **settings)
        try:
            forked = self.zygote.fork(cmd[3:], str(settings.get("cwd") or "."), dict(settings.get("env") or os.environ))
        except (OSError, ValueError):  # it is gone
            return await super().launch_kernel(cmd, **settings)
        self.process, self.pid, self.pgid = forked, forked.pid, forked.pid
        return self.connection_info


early: list[Zygote] = []
"""Begun before it is known which chapters must run."""


def begin(source: Path, last: Path) -> None:
    """Begin to import what chapters import that were edited since ``last`` was written; only once in a process.

    Parameters
    ----------
    source : Path
        The book's folder; ``course_lib``, on which all chapters depend, stands beside it.
    last : Path
        What the last build wrote at its end. Where there was none, all chapters will run.
    """
    if early or os.cpu_count() == 1 or not possible():
        return
    since = last.stat().st_mtime if last.is_file() else 0.0
    library = (source.parent / "course_lib").rglob("*.py")
    if any(path.stat().st_mtime > since for path in library):
        since = 0.0
    pages = (path for path in source.rglob("*.md") if "_build" not in path.parts and path.stat().st_mtime > since)
    texts = [path.read_text(encoding="utf-8") for path in pages]
    if chapters := [text for text in texts if "{code-cell}" in text]:
        early.append(Zygote(chapters))


def possible() -> bool:
    """Whether this system can; elsewhere kernels start as they always do."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


@contextmanager
def warm(zygote: Zygote) -> Iterator[None]:
    """Every kernel started meanwhile is forked from ``zygote``, which ends afterwards."""
    factory = KernelProvisionerFactory.instance()
    before = factory.default_provisioner_name
    WarmProvisioner.zygote = zygote
    factory.provisioners[NAME] = EntryPoint(NAME, f"{__name__}:WarmProvisioner", KernelProvisionerFactory.GROUP_NAME)
    factory.default_provisioner_name = NAME
    try:
        yield
    finally:
        factory.default_provisioner_name = before
        zygote.close()
