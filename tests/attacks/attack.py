"""What a hostile or broken submission is, and what it must get; the files beside this one list them by kind.

Each starts from a submission that earns all points, puts ``top`` in a cell above everything, ``end`` in one
below, and ``gd_step`` in place of that function. What the rest of the notebook earns, it must still earn.
"""

from dataclasses import dataclass, field
from typing import Literal

# "full": what it does costs the points of nothing. "no more": a wrong gd_step earns no more by the trick than without.
# "none": every point of gd_step is lost, and no other.
Outcome = Literal["full", "no more", "none"]

WRONG = """
def gd_step(w, g, state, *, lr=1e-3):
    return w, GDState(state.t + 1)
"""


def body(text: str) -> str:
    """A gd_step with these lines before a wrong answer."""
    lines = "".join(f"    {line}\n" for line in text.strip("\n").splitlines())
    return "def gd_step(w, g, state, *, lr=1e-3):\n" + lines + "    return w, GDState(state.t + 1)\n"


@dataclass(frozen=True)
class Attack:
    """``claims`` is put into nbgrader's entry of the first graded cell. ``gaps`` names the tiers that do not stop
    it, each with the reason; ``{secret}``, ``{port}`` and ``{source}`` in its code stand for a file, a listening
    port and the folder of the source notebooks of the grading computer."""

    name: str
    gets: Outcome
    top: str = ""
    end: str = ""
    gd_step: str = ""
    claims: dict[str, object] = field(default_factory=dict)
    gaps: dict[str, str] = field(default_factory=dict)


READS_DISK = {"plain": "the grading user's files can be read and written"}
NETWORK = {"plain": "the network can be used"}
FORKS = {"plain": "as root the kernel does not limit the number of processes"}

# Ends a submission that stole something into ``stolen``: with the loot, its gd_step would be right.
REWARD = """
if stolen:
    def gd_step(w, g, state, *, lr=1e-3):
        return w - lr * g, GDState(state.t + 1)
"""
