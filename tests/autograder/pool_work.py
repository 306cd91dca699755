"""What the workers of ``test_pool`` do; importable by a fresh interpreter."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def echo() -> Iterator[Callable[[object], bytes]]:
    """Answers with the task, except for some tasks that end the worker."""
    yield _answer


def _answer(task: object) -> bytes:
    match task:
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hang":
            time.sleep(60)
        case Path() if not task.exists():  # dies the first time only
            task.touch()
            os._exit(3)
    return str(task).encode()


@contextmanager
def pid() -> Iterator[Callable[[object], bytes]]:
    yield lambda task: str(os.getpid()).encode()
