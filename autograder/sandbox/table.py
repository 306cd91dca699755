"""The tiers of confinement, best first: what each stops, what it lets through, how to get a better one."""

from collections.abc import Callable
from dataclasses import dataclass

from autograder.sandbox import launch
from autograder.sandbox.limits import Limits
from autograder.sandbox.stage import Stage


@dataclass(frozen=True)
class Tier:
    """One way to confine learners' code; ``stops`` and ``lets_through`` are what instructors are told about it."""

    name: str
    launch: Callable[[Stage, Limits, int], launch.Launch]
    stops: str
    lets_through: str
    wants: str


TIERS = (
    Tier(
        "bubblewrap",
        launch.bubblewrap,
        "Learners' code sees Python, the staged packages and an empty folder of limited size: no other file, process, "
        "network or submission. Memory, time, processes, file size and output are limited, and nothing it starts "
        "outlives it.",
        "Faults of the Linux kernel itself.",
        "install bubblewrap (`apt-get install bubblewrap`, `dnf install bubblewrap`) and allow unprivileged user "
        "namespaces (Ubuntu 24.04 and later: an AppArmor profile for bwrap, or "
        "`sysctl kernel.apparmor_restrict_unprivileged_userns=0`)",
    ),
    Tier(
        "landlock",
        launch.landlock,
        "The kernel refuses learners' code every file but Python, the staged packages and a scratch folder, every "
        "socket, and every new process or signal to another. Memory, time, file size and output are limited.",
        "It can ask whether a file exists and how large it is; many files together may fill the disk that holds the "
        "temporary folder until the submission's time is over.",
        "use Linux 5.13 or later with Landlock enabled, and install libseccomp (`apt-get install libseccomp2`)",
    ),
    Tier(
        "plain",
        launch.plain,
        "Memory, time, file size and output are limited (memory and processes not on macOS), and torch and the "
        "course's answers are not on the import path.",
        "Learners' code can read and write whatever the grading user can, the gradebook and other submissions too; use "
        "the network; start processes; as root, start any number of them. It earns no points by itself, because the "
        "grader judges outside, but code that finds the answers on disk can use them. Grade only work you trust.",
        "",
    ),
)


def in_order(name: str | None = None) -> tuple[Tier, ...]:
    """The tiers to try: all, best first, or the one named.

    Raises
    ------
    ValueError
        For an unknown name.
    """
    if name is None:
        return TIERS
    found = tuple(tier for tier in TIERS if tier.name == name)
    if not found:
        raise ValueError(f"there is no tier {name!r}; known: {', '.join(tier.name for tier in TIERS)}")
    return found
