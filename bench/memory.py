"""How much memory a command and all that it starts hold at once."""

import subprocess
import threading
from pathlib import Path

import psutil


def run_watched(command: list[str], folder: Path, environment: dict[str, str]) -> tuple[str, float]:
    """What the command printed, and the most memory in MiB that its processes held at once; 0 where no one can tell."""
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        watch = _Watch(process.pid)
        watch.start()
        printed, _ = process.communicate()
        watch.stop()
    return printed, watch.peak


class _Watch:
    """Looks once a second; pages that several processes share count once."""

    def __init__(self, pid: int) -> None:
        self.peak = 0.0
        self._pid, self._over = pid, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(1.0):
            try:
                process = psutil.Process(self._pid)
                family = [process, *process.children(recursive=True)]
            except psutil.Error:
                return
            self.peak = max(self.peak, sum(map(_share, family)) / 2**20)


def _share(process: psutil.Process) -> float:
    try:
        return float(getattr(process.memory_full_info(), "pss", 0.0))  # Linux alone tells
    except psutil.Error:
        return 0.0
