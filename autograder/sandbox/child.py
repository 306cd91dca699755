"""One forked, confined process, seen from outside: ask it, and learn how it died."""

import os
import secrets
import signal
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from autograder.sandbox import frames

START_SECONDS = 120.0
GRACE = 1.0  # seconds that a child has to say by itself that its time is over


class SandboxError(Exception):
    """The sandbox itself failed; no learner's fault."""


@dataclass(frozen=True)
class Died:
    """How a child ended: ``reason`` is time, memory, exit, signal, output or forged; ``message`` is a sentence."""

    reason: str
    message: str


class Child:
    """One forked, confined process."""

    def __init__(self, channel: socket.socket, ended: Callable[[bool], tuple[int, bool]]) -> None:
        """``ended(killing)`` ends the process or collects one that ended: its wait status, whether it was killed."""
        self._channel, self._ended = channel, ended
        self.alive = True

    def ask(self, kind: str, tree: dict[str, Any], seconds: float) -> Any | Died:
        """The answer to one request, or how the child died of it; ``seconds`` is its time, ``GRACE`` comes on top."""
        return next(self.ask_many(kind, tree, seconds, 1))

    def ask_many(self, kind: str, tree: dict[str, Any], seconds: float, answers: int) -> Iterator[Any | Died]:
        """The answers to one request that has several, up to the one that the child died of."""
        deadline = time.monotonic() + seconds + GRACE
        ticket = secrets.token_hex(8)
        request: bytes | None = frames.encode(kind, tree | {"ticket": ticket})
        for _ in range(answers):
            answer = self._answer(ticket, request, deadline)
            request = None
            yield answer
            if isinstance(answer, Died):
                return

    def _answer(self, ticket: str, request: bytes | None, deadline: float) -> Any | Died:
        try:
            if request is not None:
                self._send(request, deadline)
            answer = frames.read(frames.receiver(self._channel, deadline))
        except TimeoutError:
            return self._dead(Died("time", "It was still running when its time was over."), killing=True)
        except frames.FrameError:
            return self._dead(Died("forged", "It wrote into the grader's own channel."), killing=True)
        except (EOFError, OSError):
            return self._dead(None, killing=False)
        if answer.kind == "unsendable" and isinstance(answer.tree, dict):
            return self._dead(Died("output", "It answered with something too large to send."), killing=True)
        if answer.kind != ticket:
            return self._dead(Died("forged", "It wrote into the grader's own channel."), killing=True)
        return answer.tree

    def speaks_unasked(self) -> bool:
        """Whether something waits to be read though nothing was asked: then an earlier call wrote into the channel."""
        self._channel.settimeout(0)
        try:
            return bool(self._channel.recv(1, socket.MSG_PEEK))
        except BlockingIOError:
            return False
        except OSError:
            return True

    def loaded(self) -> None:
        """Wait until the child is confined and ready; no learner's code has run in it yet."""
        try:
            answer = frames.read(frames.receiver(self._channel, time.monotonic() + START_SECONDS))
        except (TimeoutError, EOFError, OSError, frames.FrameError) as error:
            self.end()
            raise SandboxError(f"a child could not be started ({type(error).__name__}: {error})") from error
        if answer.kind != "loaded":
            self.end()
            raise SandboxError(f"a child could not be confined: {answer.tree}")

    def end(self) -> None:
        """End the process and everything it started."""
        if self.alive:
            self._dead(Died("exit", ""), killing=True)

    def _dead(self, died: Died | None, *, killing: bool) -> Died:
        self.alive = False
        self._channel.close()
        status, killed = self._ended(killing)
        return died or _cause(status, killed)

    def _send(self, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        while view:
            self._channel.settimeout(max(0.001, deadline - time.monotonic()))
            view = view[self._channel.send(view[: 1 << 20]) :]


def _cause(status: int, killed: bool) -> Died:
    """What a wait status says, in a sentence."""
    if killed:
        return Died("exit", "It closed the connection to the grader.")
    if os.WIFEXITED(status):
        return Died("exit", "It ended the Python process (as os._exit does).")
    number = os.WTERMSIG(status)
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = f"signal {number}"
    if number == signal.SIGXCPU:
        return Died("time", "It used up its processor time.")
    return Died("signal", f"It crashed the Python process ({name}).")
