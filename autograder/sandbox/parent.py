"""The trusted side of the sandbox: it starts the warm interpreter, orders children, and reads what they claim.

Nothing that comes from a child is executed, imported or unpickled here; it is plain data or an error.
"""

import os
import signal
import socket
import subprocess
from collections.abc import Iterable
from dataclasses import asdict
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Any

from autograder.sandbox import frames
from autograder.sandbox.child import START_SECONDS, Child
from autograder.sandbox.child import SandboxError as SandboxError
from autograder.sandbox.launch import Unavailable
from autograder.sandbox.limits import Limits
from autograder.sandbox.stage import PACKAGES, make_stage
from autograder.sandbox.table import Tier, in_order


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
            self.child().end()  # a tier works if a child works
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
                return cls(candidate, limits or Limits(), tuple(allow))
            except (Unavailable, SandboxError) as error:
                reasons.append(str(error) if tier else f"{candidate.name}: {error}")
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
        try:
            return self._forked()
        except SandboxError:  # a submission before, in a lesser tier, may have killed the warm interpreter
            self._stop()
            return self._forked()

    def _forked(self) -> Child:
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
        self._child = Child(here, self._ended)
        self._child.loaded()
        return self._child

    def _ended(self, killing: bool) -> tuple[int, bool]:
        """End the running child (``killing``) or collect one that ended: its wait status, and whether it was killed."""
        try:
            self._control.sendall(b"k" if killing else b"w")
            answer = frames.read(frames.receiver(self._control))
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
                self.versions = dict(frames.read(frames.receiver(self._control)).tree["versions"])
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


def _last_lines(file: IO[bytes]) -> str:
    file.seek(0)
    return b" / ".join(file.read()[-2000:].splitlines()[-3:]).decode("utf-8", "replace")
