"""The trusted side of the sandbox."""

from collections.abc import Iterable
from types import TracebackType

from autograder.sandbox.limits import Limits


class Sandbox:
    """A warm interpreter in the best confinement this computer offers; a context manager."""

    tier: str

    @classmethod
    def start(cls, limits: Limits | None = None, tier: str | None = None, allow: Iterable[str] = ()) -> "Sandbox":
        """Start the warm interpreter in ``tier`` (the best there is unless given), with the packages ``allow`` in it."""
        raise NotImplementedError

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the interpreter and everything in it."""
