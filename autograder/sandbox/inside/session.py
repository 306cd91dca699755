"""Answer the grader's requests, one frame each: run a cell, or call a function on a case.

Everything this process says is taken as a claim by the learner's code, which shares the process and may have changed
any of this; it can lose points by that, not gain them.
"""

import random
import signal
import socket
from collections.abc import Callable, Iterator
from time import monotonic  # this one: learners' code may replace the module's
from typing import Any, TypeVar

import numpy as np

from autograder.sandbox import frames
from autograder.sandbox.inside.shell import Shell, run_cell
from course_lib.checks.observe import observe

Tree = dict[str, Any]
T = TypeVar("T")


class TimeLimit(BaseException):
    """The time for a cell or a case is over; not an ``Exception``, so that ``except Exception`` does not swallow it."""


def serve(channel: socket.socket, shell: Shell) -> None:
    """Answer until the grader hangs up."""
    random.seed(0)  # the same notebook gives the same outputs
    np.random.seed(0)  # noqa: NPY002 (learners may use the old interface)
    receive = frames.receiver(channel)
    channel.sendall(frames.encode("loaded", {}))
    while True:
        try:
            request = frames.read(receive)
        except EOFError:
            return
        for answer in _ANSWERS[request.kind](request.tree, shell):
            channel.sendall(_encoded(request.tree["ticket"], answer))


def _encoded(ticket: str, answer: Tree) -> bytes:
    """The answer, named by its request's ticket, so that nothing written earlier can pass for it."""
    try:
        return frames.encode(ticket, answer)
    except frames.FrameError as error:
        return frames.encode("unsendable", {"message": str(error)[:300]})


def _cell(request: Tree, shell: Shell) -> Iterator[Tree]:
    outputs, error = _within(request["seconds"], lambda: run_cell(shell, request["source"]))
    yield {"outputs": outputs, "error": _reason(error)}


def _reason(error: BaseException | None) -> str:
    """Why a cell ended early: "" if it did not, "time", "memory" or "raised"."""
    if error is None:
        return ""
    return "time" if isinstance(error, TimeLimit) else "memory" if isinstance(error, MemoryError) else "raised"


def _probe(request: Tree, shell: Shell) -> Iterator[Tree]:
    """An observation of each case, sent as soon as it is there; the cases share the time."""
    namespace = dict(shell.user_ns)
    namespace |= {function: namespace.get(name) for function, name in request["names"].items()}
    deadline = monotonic() + request["seconds"]
    for case in request["cases"]:
        yield _observation(case, namespace, max(0.001, deadline - monotonic()))


def _observation(case: Tree, namespace: Tree, seconds: float) -> Tree:
    try:
        return _within(seconds, lambda: observe(case, namespace))
    except TimeLimit:
        return {"status": "died", "reason": "time"}
    except MemoryError:
        return {"status": "died", "reason": "memory"}
    except BaseException as error:  # KeyboardInterrupt and the like, raised by the learner's function
        return {"status": "died", "reason": "exit", "error": type(error).__name__[:100]}


def _within(seconds: float, work: Callable[[], T]) -> T:
    """Interrupt ``work`` when its time is over; the grader ends the process if that is not heeded."""
    signal.signal(signal.SIGALRM, _time_is_over)
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.2)
    try:
        return work()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _time_is_over(*_: object) -> None:
    raise TimeLimit("the time for this is over")


_ANSWERS: dict[str, Callable[[Tree, Shell], Iterator[Tree]]] = {"cell": _cell, "probe": _probe}
