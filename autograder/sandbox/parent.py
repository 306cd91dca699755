"""The trusted side of the sandbox: it starts the warm interpreter, orders children, and reads what they claim.

Nothing that comes from a child is executed, imported or unpickled here; it is plain data or an error.
"""

import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Any

from autograder.sandbox import frames
from autograder.sandbox.launch import Unavailable
from autograder.sandbox.limits import Limits
from autograder.sandbox.stage import PACKAGES, make_stage
from autograder.sandbox.table import Tier, in_order

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

    def __init__(self, sandbox: "Sandbox", channel: socket.socket) -> None:
        self._sandbox, self._channel = sandbox, channel
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
            answer = frames.read(self._receiver(deadline))
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
            answer = frames.read(self._receiver(time.monotonic() + START_SECONDS))
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
        status, killed = self._sandbox.ended(killing=killing)
        return died or _cause(status, killed)

    def _send(self, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        while view:
            self._channel.settimeout(max(0.001, deadline - time.monotonic()))
            view = view[self._channel.send(view[: 1 << 20]) :]

    def _receiver(self, deadline: float) -> Callable[[int], bytes]:
        def receive(n: int) -> bytes:
            data = bytearray()
            while len(data) < n:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError
                self._channel.settimeout(left)
                more = self._channel.recv(min(n - len(data), 1 << 20))
                if not more:
                    raise EOFError
                data += more
            return bytes(data)

        return receive


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


class Sandbox:
    """A warm interpreter in the best confinement this computer offers; a context manager.

    Attributes
    ----------
    tier : str
        The tier's name.
    limits : Limits
        What one submission may use.
    versions : dict
        Versions of Python and the packages that learners' code ran with.
    """

    def __init__(self, tier: Tier, limits: Limits, allow: tuple[str, ...]) -> None:
        self.tier, self.limits, self.allow = tier.name, limits, allow
        self._tier = tier
        self._child: Child | None = None
        try:
            self._stage = make_stage(allow)
        except LookupError as error:
            raise SandboxError(str(error)) from error
        try:
            self._launch()
        except BaseException:
            self.close()
            raise

    @classmethod
    def start(cls, limits: Limits | None = None, tier: str | None = None, allow: Iterable[str] = ()) -> "Sandbox":
        """Start the warm interpreter.

        Parameters
        ----------
        limits : Limits, optional
        tier : str, optional
            One of ``autograder.sandbox.table.TIERS``; the best that works here unless given.
        allow : iterable of str
            Distributions that learners' code may import beside those in ``stage.PACKAGES``, such as ``["torch"]``.

        Raises
        ------
        SandboxError
            If ``tier`` (or, without it, any tier) does not work here; the message says why.
        """
        reasons = []
        for candidate in in_order(tier):
            try:
                sandbox = cls(candidate, limits or Limits(), tuple(allow))
                sandbox.child().end()  # a tier works if a child works
            except (Unavailable, SandboxError) as error:
                reasons.append(str(error) if tier else f"{candidate.name}: {error}")
            else:
                return sandbox
        raise SandboxError("; ".join(reasons))

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def child(self) -> Child:
        """A new child that has run nothing yet; the one before is ended."""
        if self._child is not None:
            self._child.end()
        if self._process.poll() is not None:
            self._stop()
            self._launch()
        self._stage.empty_scratch()
        here, there = socket.socketpair()
        try:
            socket.send_fds(self._control, [b"f"], [there.fileno()])
        except OSError as error:
            here.close()
            raise SandboxError(f"the warm interpreter is gone ({error})") from error
        finally:
            there.close()
        self._child = Child(self, here)
        self._child.loaded()
        return self._child

    def ended(self, *, killing: bool) -> tuple[int, bool]:
        """End the running child (``killing``) or collect one that ended: its wait status, and whether it was killed."""
        try:
            self._control.sendall(b"k" if killing else b"w")
            answer = frames.read(_receiver(self._control))
            return int(answer.tree["status"]), bool(answer.tree["killed"])
        except (EOFError, OSError, frames.FrameError):
            self._stop()  # the child took the warm interpreter with it; the next one starts afresh
            return signal.SIGKILL, False

    def close(self) -> None:
        """Stop the interpreter and everything in it."""
        if self._child is not None:
            self._child.end()
        self._stop()
        self._stage.remove()

    def _launch(self) -> None:
        """Start the warm interpreter and wait until it is warm."""
        here, there = socket.socketpair()
        with there, TemporaryFile() as errors:
            try:
                launch = self._tier.launch(self._stage, self.limits, there.fileno())
                self._process = _started(launch.command, there.fileno(), errors)
            except BaseException:
                here.close()
                raise
            there.close()
            self._control = here
            self._control.settimeout(START_SECONDS)
            try:
                self._control.sendall(frames.encode("settings", launch.settings | self._settings(launch.scratch)))
                self.versions = dict(frames.read(_receiver(self._control)).tree["versions"])
            except (EOFError, OSError, frames.FrameError) as error:
                self._stop()
                raise SandboxError(_last_lines(errors) or f"it does not start ({type(error).__name__})") from error

    def _settings(self, scratch: str) -> dict[str, Any]:
        return {
            "limits": asdict(self.limits),
            "scratch": scratch,
            "preload": list(self._stage.preload),
            "packages": [*PACKAGES, *self.allow],
        }

    def _stop(self) -> None:
        if not hasattr(self, "_process"):
            return
        self._control.close()
        try:
            self._process.wait(2.0)  # hanging up is the order to end
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def _started(command: list[str], descriptor: int, errors: IO[bytes]) -> subprocess.Popen[bytes]:
    """The command's process, with one descriptor beside the standard ones, in a process group of its own."""
    return subprocess.Popen(
        command,
        pass_fds=[descriptor],
        stdin=subprocess.DEVNULL,
        stdout=errors,
        stderr=errors,
        start_new_session=True,
    )


def _receiver(control: socket.socket) -> Callable[[int], bytes]:
    def receive(n: int) -> bytes:
        data = bytearray()
        while len(data) < n:
            more = control.recv(n - len(data))
            if not more:
                raise EOFError
            data += more
        return bytes(data)

    return receive


def _last_lines(file: IO[bytes]) -> str:
    file.seek(0)
    return b" / ".join(file.read()[-2000:].splitlines()[-3:]).decode("utf-8", "replace")
