"""What stands on a worker for the length of a run: as many entered setups as tasks were ever answered at once there."""

import time
import weakref
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from autograder.pool import Setup


class Desk:
    """Answers tasks; safe to be asked by several threads, each of which then has an entered setup to itself.

    Dask keeps it for as long as the client wants it and is there, and what has been entered is left when Dask drops it,
    also where the client was killed. A copy on another worker starts with nothing entered.
    """

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._free: deque[Callable[[Any], bytes]] = deque()
        self._entered = ExitStack()
        weakref.finalize(self, self._entered.close)

    def __reduce__(self) -> tuple[type["Desk"], tuple[Setup]]:
        return Desk, (self._setup,)

    def answer(self, task: Any) -> bytes:
        try:
            free = self._free.pop()
        except IndexError:
            free = self._entered.enter_context(self._setup())
        try:
            return free(task)
        finally:
            self._free.append(free)


def answer(desk: Desk, tasks: list[Any]) -> tuple[list[bytes], float]:
    """The one thing that workers are asked to do; gives the answers, and the seconds that they took."""
    begun = time.monotonic()
    return [desk.answer(task) for task in tasks], time.monotonic() - begun
