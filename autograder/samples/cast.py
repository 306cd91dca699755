"""A learner of a sample class, as an edit of the assignment's own solution."""

from dataclasses import dataclass

from autograder.course import CourseError

EVERYTHING = ("*",)


@dataclass(frozen=True)
class Version:
    """One way to write one solution cell.

    ``edits`` are replacements (old, new) in the text of the source notebook's solution; None leaves the released stub.
    ``loses`` names the criteria that are then wrong, or is ``EVERYTHING``; ``spreads`` the graded cells of other
    functions, which call this one, that are wrong with it.
    """

    name: str
    cell: str
    edits: tuple[tuple[str, str], ...] | None = ()
    loses: tuple[str, ...] = ()
    spreads: tuple[str, ...] = ()

    def text(self, solution: str) -> str | None:
        """The cell's text; None for the stub. ``CourseError`` if the solution no longer holds what is edited."""
        if self.edits is None:
            return None
        for old, new in self.edits:
            if old not in solution:
                raise CourseError(
                    f"The sample {self.name!r} edits {old!r}, which the solution cell {self.cell!r} no longer holds. "
                    "Bring autograder/samples up to date with the source notebook."
                )
            solution = solution.replace(old, new)
        return solution

    def loses_cell(self, grade_id: str) -> bool:
        """Whether the graded cell ``<cell>-<criterion>`` earns nothing."""
        function, _, criterion = grade_id.partition("-")
        if grade_id in self.spreads:
            return True
        return function == self.cell and (self.loses == EVERYTHING or criterion in self.loses)


@dataclass(frozen=True)
class Learner:
    """Someone who hands in the notebook: cells not named in ``writes`` hold the solution.

    ``words`` is the written answer; None leaves it as released. ``cells`` are code cells put in before the first
    solution, ``without`` the cells it deletes, ``keep`` the share of the file that arrives (less than all is no JSON).
    """

    name: str
    writes: tuple[Version, ...] = ()
    words: str | None = "It overshoots: each step multiplies x by 1 − 8 = −7. A rate below 1/4 mends it."
    cells: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    keep: float = 1.0

    @property
    def by_cell(self) -> dict[str, Version]:
        return {version.cell: version for version in self.writes}
