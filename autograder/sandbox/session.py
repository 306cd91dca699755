"""One submission in the sandbox: its cells run one after another, then its functions are called on cases.

Should its process die of a cell or a call, a fresh child is brought to the same point by running again what had run
before, without what it died of. Children may therefore start no process at all, not even to save themselves.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from autograder.sandbox.child import Child, Died
from autograder.sandbox.parent import Sandbox

_SHORT = 1.0  # seconds for a cell that had run out of time, when it is run again for what it defines at its start


@dataclass(frozen=True)
class Ran:
    """What running a cell gave: its claimed outputs, not yet checked, and why it ended early ("" if it did not)."""

    outputs: Any
    ended: str
    message: str = ""


class Session:
    """A context manager; leaving it ends the child and everything it started."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.limits = sandbox.limits
        self._child: Child | None = None
        self._ran: list[tuple[str, float]] = []  # sources, and the seconds they get when run again
        self._left = self._again_left = sandbox.limits.notebook_seconds
        self._lost: Died | None = None

    def __enter__(self) -> "Session":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._child is not None:
            self._child.end()

    def cell(self, source: str) -> Ran:
        """Run a cell; whatever it does costs it alone."""
        if self._left <= 0:
            return Ran(
                [], "time", f"The cells before had used up the {self.limits.notebook_seconds:g} seconds there are."
            )
        child = self._ready()
        if isinstance(child, Died):
            return Ran([], child.reason, child.message)
        seconds = min(self.limits.cell_seconds, self._left)
        started = time.monotonic()
        answer = child.ask("cell", {"source": source, "seconds": seconds}, seconds)
        self._left -= time.monotonic() - started
        if isinstance(answer, Died):
            return Ran([], answer.reason, answer.message)
        ran = _read_ran(answer, seconds)
        self._ran.append((source, _SHORT if ran.ended == "time" else self.limits.cell_seconds))
        return ran

    def probe(self, cases: list[dict[str, Any]], names: Mapping[str, str], seconds: float) -> list[Any | Died]:
        """The claimed observations of these cases, up to the one that the child died of.

        ``names`` says what the notebook calls a function of the cases, where that differs; ``seconds`` is the time
        for all of them.
        """
        child = self._ready()
        if isinstance(child, Died):
            return [child]
        request = {"cases": cases, "names": dict(names), "seconds": seconds}
        return list(child.ask_many("probe", request, seconds, len(cases)))

    def _ready(self) -> Child | Died:
        """A living child in which all cells that survived have run."""
        if self._lost is not None:
            return self._lost
        if self._child is not None and self._child.alive and self._child.speaks_unasked():
            self._child.end()
        if self._child is None or not self._child.alive:
            self._child = self._sandbox.child()
            self._run_again(self._child)
        return self._lost or self._child

    def _run_again(self, child: Child) -> None:
        for source, seconds in self._ran:
            seconds = min(seconds, self._again_left)
            started = time.monotonic()
            answer = child.ask("cell", {"source": source, "seconds": seconds}, seconds)
            self._again_left -= time.monotonic() - started
            if isinstance(answer, Died) or self._again_left <= 0:
                child.end()
                self._lost = Died("exit", "Its process had ended, and running the cells before again did not succeed.")
                return


def _read_ran(answer: Any, seconds: float) -> Ran:
    """A child's answer to a cell; only its form is looked at here."""
    if not isinstance(answer, dict):
        return Ran([], "forged", "It wrote into the grader's own channel.")
    ended = answer.get("error")
    messages = {
        "": "",
        "raised": "",
        "time": f"It was still running after {seconds:g} seconds.",
        "memory": "It asked for more memory than there is.",
    }
    if not isinstance(ended, str) or ended not in messages:
        return Ran([], "forged", "It wrote into the grader's own channel.")
    return Ran(answer.get("outputs"), ended, messages[ended])
