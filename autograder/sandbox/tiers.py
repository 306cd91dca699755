"""Which tier of confinement this computer offers, found by really trying."""

from dataclasses import dataclass
from functools import cache

from autograder.sandbox import seccomp
from autograder.sandbox.launch import Unavailable
from autograder.sandbox.parent import Sandbox, SandboxError
from autograder.sandbox.table import TIERS as TIERS
from autograder.sandbox.table import in_order

_GET_SECCOMP = "install libseccomp (`apt-get install libseccomp2`)"


@dataclass(frozen=True)
class Missing:
    """A better tier that does not work here: ``why`` not, and ``how`` to get it."""

    name: str
    why: str
    how: str


@dataclass(frozen=True)
class Description:
    """A tier in words; ``str()`` gives a paragraph for a terminal."""

    tier: str
    stops: str
    lets_through: str
    better: tuple[Missing, ...]

    def __str__(self) -> str:
        lines = [f"Sandbox tier: {self.tier}.", self.stops, f"It lets through: {self.lets_through}"]
        lines += [f"The better tier {m.name} does not work here ({m.why}). To get it, {m.how}." for m in self.better]
        return "\n".join(lines)


@cache
def _working() -> tuple[str, tuple[Missing, ...]]:
    """The best tier that works, and the better ones with why they do not."""
    missing: list[Missing] = []
    for tier in TIERS:
        try:
            Sandbox.start(tier=tier.name).close()
        except (Unavailable, SandboxError) as error:
            missing.append(Missing(tier.name, str(error), tier.wants))
        else:
            return tier.name, tuple(missing)
    reasons = "; ".join(f"{m.name}: {m.why}" for m in missing)
    raise SandboxError(f"no sandbox can be started here. {reasons}")


def best_tier() -> str:
    """The name of the best tier that works here.

    Raises
    ------
    SandboxError
        If none does.
    """
    return _working()[0]


def describe(name: str | None = None) -> Description:
    """What the tier ``name`` (the best one here unless given) stops and lets through, and how to get a better one."""
    best, missing = _working()
    (tier,) = in_order(name or best)
    better = [m for m in missing if TIERS.index(in_order(m.name)[0]) < TIERS.index(tier)]
    if tier.name == "bubblewrap" and seccomp.program() is None:
        better.append(Missing("bubblewrap with a filter of system calls", "libseccomp is missing", _GET_SECCOMP))
    return Description(tier.name, tier.stops, tier.lets_through, tuple(better))
