"""What this machine gives the grader, and what is missing."""

import importlib.metadata
import platform
import sys
from dataclasses import dataclass

from autograder.sandbox.parent import SandboxError
from autograder.sandbox.tiers import describe

PACKAGES = ("nbgrader", "nbconvert", "nbformat", "ipython", "numpy", "sqlalchemy", "typer", "rich")
"""What grading runs on; each is in ``requirements.txt``."""


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, what was found, and what to do; ``fatal`` if grading cannot go on without."""

    what: str
    found: str
    advice: str = ""
    fatal: bool = False


def examine() -> list[Finding]:
    """The system, the packages and the sandbox."""
    system = Finding("Python", f"{platform.python_version()} on {platform.platform(terse=True)} ({sys.executable})")
    return [system, *map(_package, PACKAGES), *_sandbox()]


def _package(name: str) -> Finding:
    try:
        return Finding(name, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Finding(name, "missing", "Run: python -m pip install -r requirements.txt", fatal=True)


def _sandbox() -> list[Finding]:
    try:
        tier = describe()
    except SandboxError as error:
        return [Finding("sandbox", "none works here", str(error), fatal=True)]
    better = [
        Finding(f"  better: {m.name}", f"does not work here: {m.why}", f"To get it, {m.how}.") for m in tier.better
    ]
    return [
        Finding("sandbox", tier.tier),
        Finding("  it stops", tier.stops),
        Finding("  lets through", tier.lets_through),
        *better,
    ]
