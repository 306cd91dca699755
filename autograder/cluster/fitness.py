"""Who may take part: a worker whose marks would be the same as anyone else's."""

import platform
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from autograder.journal import tree_digest

CODE = "code of autograder and course_lib"
PACKAGES = ("numpy", "array-api-compat", "matplotlib", "ipython", "nbgrader", "nbconvert", "nbformat", "jinja2")
"""What marks, notebooks and pages are made with."""


def demand(tier: str, allow: Iterable[str] = ()) -> dict[str, Any]:
    """What is asked of every worker, as plain data, for a worker with other code must understand it too."""
    allow = list(allow)
    return {"tier": tier, "allow": allow, "versions": versions(allow)}


def unfit(asked: dict[str, Any]) -> str:
    """Run on a worker: why it cannot take part, in a sentence; empty if it can."""
    here = versions(asked["allow"])
    differing = [
        f"its {name} is {here.get(name, 'unknown')}, the grader's {wanted}"
        for name, wanted in asked["versions"].items()
        if here.get(name) != wanted
    ]
    if differing:
        return f"{'; '.join(differing)}. Install the same there, and start it again."
    return _without_sandbox(asked["tier"], asked["allow"])


def _without_sandbox(tier: str, allow: list[str]) -> str:
    from autograder.sandbox.launch import Unavailable
    from autograder.sandbox.parent import Sandbox, SandboxError

    try:
        Sandbox.start(tier=tier, allow=allow).close()
    except (Unavailable, SandboxError, ValueError) as error:
        return (
            f"the sandbox {tier} does not work there ({error}). `python -m autograder doctor` on that machine says how "
            "to get it; --tier settles for a lesser one on all of them."
        )
    return ""


def versions(allow: Iterable[str] = ()) -> dict[str, str]:
    """Of Python, the code and the packages, as they are here."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {CODE: _code(), "Python": python} | {name: _version(name) for name in (*PACKAGES, *allow)}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


@cache
def _code() -> str:
    """All of it, unlike the journal's version: pages are rendered by workers as well. Of the time it was first asked,
    so that a worker that was running when its files were changed is found out."""
    root = Path(__file__).resolve().parents[2]
    files = [path for package in ("autograder", "course_lib") for path in (root / package).rglob("*")]
    return tree_digest(sorted(path for path in files if path.suffix in (".py", ".j2")), root)[:12]
