"""What stands on the page, as data. Nothing here is text that a learner wrote, but for the lists of people."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Example:
    """How somebody wrote it, without who: their code of the function, and where it first goes wrong."""

    code: str
    """Empty where no code could be shown without telling whose it is."""
    where: str = ""
    """``at step 2, in b[0]``."""
    got: str = ""
    expected: str = ""
    given: str = ""
    """What went in."""
    calls: tuple[str, ...] = ()
    """Functions that it calls and that their author has wrong too."""


@dataclass(frozen=True)
class Mistake:
    """A mistake that the checks recognise, how many show it and where the book explains it."""

    function: str
    name: str
    headline: str
    hint: str
    link: str
    students: int
    example: Example | None = None
    paths: tuple[list[float], list[float]] | None = None
    """x after each of a few steps on 4x², right and with the mistake."""


@dataclass(frozen=True)
class Range:
    """How many totals fall into a range of points, and how many of them may still grow."""

    label: str
    start: int
    count: int
    waiting: int


@dataclass(frozen=True)
class Moment:
    """How many handed in within one stretch of time, which ``label`` begins."""

    label: str
    in_time: int
    late: int


@dataclass(frozen=True)
class Times:
    """When the class handed in. ``due`` counts in stretches from the first one's beginning."""

    moments: list[Moment]
    due: float | None
    due_said: str
    unknown: int
    """Submissions without a time."""


@dataclass(frozen=True)
class Outcome:
    """What became of one criterion over the class; the four counts add up to the submissions that were graded."""

    function: str
    criterion: str
    title: str
    right: int
    known: int
    """Wrong by a known mistake."""
    other: int
    """Wrong in another way."""
    nothing: int
    """Not written, not found, or in a file that could not be read."""

    @property
    def out_of(self) -> int:
        return self.right + self.known + self.other + self.nothing


@dataclass
class Learner:
    """A row of the lists of people."""

    student: str
    name: str
    score: float
    why: list[str] = field(default_factory=list)
    strip: tuple[bool, ...] = ()
    """Per criterion, in the notebook's order, whether it is met."""
    attempts: int = 1
    still: list[str] = field(default_factory=list)
    """Mistakes that an earlier submission showed too."""
    page: str = ""
    """Their feedback page, from the report."""


@dataclass(frozen=True)
class Standing:
    """How the marks stand: who is in them, and what could still move them."""

    handed_in: int
    missing: tuple[str, ...]
    max_score: float
    mean: float
    median: float
    quarter: float
    three_quarters: float
    late: int
    """Submissions with a late penalty."""
    taken_off: float
    """Points that late penalties took, all together."""
    waiting: int
    """Submissions with something that a person has still to grade; it counts 0 until then."""
    by_hand: int
    """Submissions with a score that a person gave."""
    ungraded: int
    """Submissions that the grader failed on; their marks are not final."""


@dataclass(frozen=True)
class Change:
    """What became of a mistake between the first submission and the latest, among those who handed in again."""

    function: str
    headline: str
    mended: int
    """Gone, and the function is right now."""
    replaced: int
    """Gone, but the function is wrong in another way."""
    still: int

    @property
    def out_of(self) -> int:
        return self.mended + self.replaced + self.still


@dataclass(frozen=True)
class Movement:
    """How those who handed in more than once moved, in points that the grader itself gives."""

    again: int
    submissions: int
    rose: int
    same: int
    fell: int
    median_change: float
    hours: float | None
    """From the first submission to the latest, in the middle of the class; None where no times are known."""
    max_score: float
    pairs: dict[tuple[float, float], int]
    """(First score, latest score) → learners."""
    changes: list[Change]
    left_out: int
    """Learners whose submissions were graded out of different points, which do not compare."""


@dataclass(frozen=True)
class Report:
    """Everything on the page."""

    assignment: str
    title: str
    made: str
    standing: Standing
    scores: list[Range]
    times: Times | None
    outcomes: list[Outcome]
    mistakes: list[Mistake]
    unknown: list[Mistake]
    """Per criterion, wrong answers that no known mistake explains."""
    help: list[Learner]
    shared: list[tuple[str, int]]
    """What several of those who need help have in common, commonest first."""
    by_hand: dict[str, int]
    """Answers that wait for a person, by cell."""
    look: list[Learner]
    movement: Movement | None
    stuck: list[Learner]
    """Those whose latest submission shows a mistake of an earlier one, who handed in most often first."""
    tiers: dict[str, int]
