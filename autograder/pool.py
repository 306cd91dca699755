"""A few processes that work through a stream of tasks; the death of one costs at most the task it held.

``concurrent.futures`` gives up the whole pool when a worker is killed (by the kernel, for memory, say); grading must
not. A task goes to a worker by pipe, its answer comes back as bytes, and no more tasks are drawn from the stream than
there are workers, so memory stays flat however long the stream is.
"""

import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, Protocol, TypeVar

T = TypeVar("T")
Setup = Callable[[], AbstractContextManager[Callable[[Any], bytes]]]


class Workers(Protocol):
    """Whoever answers tasks: processes of this machine (``Pool``) or of a cluster (``autograder.cluster``)."""

    def run(self, tasks: Iterable[T]) -> Iterator[tuple[T, "bytes | Lost"]]:
        """Every task with its answer, in the order in which they come; tasks are drawn as they are needed."""


Hire = Callable[[Setup], AbstractContextManager[Workers]]
"""Gives workers that each enter the setup once and then answer tasks."""


# No database handle, thread or lock of the parent crosses into a worker: it is forked from a process that has imported
# its work and nothing else or, where there is no fork, is a fresh interpreter.
_FORKS = "forkserver" in multiprocessing.get_all_start_methods()
_CONTEXT = multiprocessing.get_context("forkserver") if _FORKS else multiprocessing.get_context("spawn")


def get_ready(module: str) -> None:
    """Begin to import what workers will need, once for all of them, while the caller goes on."""
    if _FORKS:
        _CONTEXT.set_forkserver_preload([module])
        forkserver.ensure_running()


@dataclass(frozen=True)
class Lost:
    """No answer: the worker died or overran on this task, and a fresh one did so again."""

    reason: str


@dataclass
class _Worker(Generic[T]):
    process: BaseProcess
    pipe: "Connection[Any, bytes]"
    task: T | None = None
    tries: int = 0
    deadline: float = field(default=float("inf"))


class Pool(Generic[T]):
    """``jobs`` processes that each enter ``setup()`` once and then answer one task at a time.

    Parameters
    ----------
    jobs : int
        Number of processes.
    setup : callable
        Importable by name. Gives a context manager whose value answers a task with bytes.
    limit : float
        Seconds after which a silent worker is taken for lost.
    tries : int
        How many workers may be lost on one task before its answer is ``Lost``.
    """

    def __init__(self, jobs: int, setup: Setup, limit: float = 600.0, tries: int = 2) -> None:
        self._jobs, self._setup, self._limit, self._tries = jobs, setup, limit, tries
        self._workers: list[_Worker[T]] = []  # hired when there is work for them

    def __enter__(self) -> "Pool[T]":
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.pipe.close()  # a worker that waits for a task sees the end and leaves its sandbox in order
        patience = time.monotonic() + 5
        for worker in tuple(self._workers):
            worker.process.join(max(0.0, patience - time.monotonic()))
            self._dismiss(worker)

    def run(self, tasks: Iterable[T]) -> Iterator[tuple[T, bytes | Lost]]:
        """Answers in the order in which they come."""
        stream, again = iter(tasks), deque[tuple[T, int]]()
        while True:
            while self._has_room() and (draw := _next(stream, again)):
                self._give(*draw)
            busy = [worker for worker in self._workers if worker.task is not None]
            if not busy:
                return
            for worker in self._ready(busy):
                task, tries = worker.task, worker.tries
                answer = self._collect(worker)
                if isinstance(answer, Lost) and tries < self._tries:
                    again.append((task, tries + 1))  # type: ignore[arg-type]
                else:
                    yield task, answer  # type: ignore[misc]

    def _has_room(self) -> bool:
        return len(self._workers) < self._jobs or any(worker.task is None for worker in self._workers)

    def _give(self, task: T, tries: int) -> None:
        worker = next((worker for worker in self._workers if worker.task is None), None) or self._hire()
        try:
            worker.pipe.send(task)
        except OSError:  # it died while idle
            self._dismiss(worker)
            worker = self._hire()
            worker.pipe.send(task)
        worker.task, worker.tries, worker.deadline = task, tries, time.monotonic() + self._limit

    def _hire(self) -> _Worker[T]:
        here, there = _CONTEXT.Pipe()
        process = _CONTEXT.Process(target=_serve, args=(there, self._setup))
        process.start()
        there.close()
        self._workers.append(_Worker(process, here))
        return self._workers[-1]

    def _dismiss(self, worker: _Worker[T]) -> None:
        self._workers.remove(worker)
        worker.pipe.close()
        if worker.process.is_alive():
            worker.process.kill()
        worker.process.join()

    def _ready(self, busy: list[_Worker[T]]) -> list[_Worker[T]]:
        """Workers that answered, died or overran; waits until there is one."""
        patience = min(worker.deadline for worker in busy) - time.monotonic()
        spoke = wait([worker.pipe for worker in busy], max(0.0, patience))
        return [worker for worker in busy if worker.pipe in spoke or worker.deadline <= time.monotonic()]

    def _collect(self, worker: _Worker[T]) -> bytes | Lost:
        late = not worker.pipe.poll()
        worker.task = None
        with suppress(EOFError, OSError):
            if not late:
                return worker.pipe.recv_bytes()
        self._dismiss(worker)
        return Lost(f"no answer in {self._limit:.0f} s" if late else f"its process ended ({worker.process.exitcode})")


def _next(stream: Iterator[T], again: "deque[tuple[T, int]]") -> tuple[T, int] | None:
    if again:
        return again.popleft()
    for task in stream:
        return task, 1
    return None


def _serve(pipe: "Connection[bytes, Any]", setup: Setup) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    with setup() as answer:
        while True:
            try:
                pipe.send_bytes(answer(pipe.recv()))
            except (EOFError, BrokenPipeError, ConnectionResetError):  # the parent is done, or gone
                return
