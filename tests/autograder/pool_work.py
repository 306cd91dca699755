"""What the workers of ``test_pool`` and ``test_cluster`` do; importable by a fresh interpreter."""

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


@contextmanager
def leaves_a_note(folder: Path) -> Iterator[Callable[[object], bytes]]:
    """Answers with the name of a file that is there until the setup is left."""
    note = folder / f"{os.getpid()}"
    note.touch()
    yield lambda task: str(note).encode()
    note.unlink()


def all_fit() -> str:
    return ""


def the_first_is_unfit() -> str:
    from distributed import get_worker

    return "it is the first." if get_worker().name == 0 else ""


def nobody_fits() -> str:
    raise ImportError("no such package here")
