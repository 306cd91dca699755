"""Where everything in the plots goes, in units of a drawing 400 wide; the templates turn it into SVG.

At this width letters stay readable on a phone and the plots stand two in a row on a desk.
"""

from collections import Counter
from dataclasses import dataclass
from math import sqrt

from autograder.report.content import Movement, Range, Standing, Times
from autograder.report.scores import nice

LEFT, RIGHT = 16, 384
BASE, TALL = 172, 146  # the histogram's ground line, and the height of its highest column
GROUND, SHORT = 112, 84  # the same of the times
ROOM = 300  # a label that begins further right would not fit
SIGHT = 2.4  # how far from 0 a path is drawn
EDGE, NEAR, FAR = 46, 262, 10  # the scatter's left edge, bottom and top
SQUARES = 25  # the scatter counts scores in a grid of so many squares to a side


@dataclass(frozen=True)
class Column:
    """A column of the histogram; the part that may still grow stands on top."""

    x: float
    width: float
    y: float
    height: float
    waiting: float
    """Height of the upper part, out of ``height``."""
    count: int
    start: int

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True)
class Histogram:
    """Columns, and under them the middle half of the class with its median."""

    columns: list[Column]
    quarter: float
    median: float
    three_quarters: float
    end: float
    """Where the highest score stands on the axis."""


def histogram(scores: list[Range], standing: Standing) -> Histogram:
    """The distribution of scores."""
    step = (RIGHT - LEFT) / len(scores)
    most = max([score.count for score in scores] + [1])
    points = scores[1].start if len(scores) > 1 else standing.max_score

    def at(total: float) -> float:
        return round(min(LEFT + step * total / points, RIGHT), 1) if points else LEFT

    columns = [_column(score, LEFT + step * i, step, most) for i, score in enumerate(scores)]
    quarter, median, three_quarters = map(at, (standing.quarter, standing.median, standing.three_quarters))
    return Histogram(columns, quarter, median, three_quarters, at(standing.max_score))


def _column(score: Range, x: float, step: float, most: int) -> Column:
    height = round(TALL * score.count / most, 1)
    waiting = round(height * score.waiting / score.count, 1) if score.count else 0.0
    gap = min(2.0, step / 8)
    return Column(
        round(x + gap, 1), round(step - 2 * gap, 1), round(BASE - height, 1), height, waiting, score.count, score.start
    )


@dataclass(frozen=True)
class Hour:
    """A column of the times: those in time below, the late ones on top."""

    x: float
    width: float
    y: float
    height: float
    late: float
    """Height of the upper part, out of ``height``."""
    label: str
    """Empty where there is no room for one."""


@dataclass(frozen=True)
class Timeline:
    hours: list[Hour]
    due: float | None
    most: int


def timeline(times: Times) -> Timeline:
    """When the class handed in."""
    step = (RIGHT - LEFT) / len(times.moments)
    most = max(moment.in_time + moment.late for moment in times.moments)
    labelled = max(1, -(-len(times.moments) // 4))
    hours = []
    for i, moment in enumerate(times.moments):
        count = moment.in_time + moment.late
        height = round(SHORT * count / most, 1)
        late = round(height * moment.late / count, 1) if count else 0.0
        x, label = LEFT + step * i + 0.8, moment.label if i % labelled == 0 and step * i < ROOM else ""
        hours.append(Hour(round(x, 1), round(step - 1.6, 1), round(GROUND - height, 1), height, late, label))
    return Timeline(hours, round(LEFT + step * times.due, 1) if times.due is not None else None, most)


@dataclass(frozen=True)
class Path:
    """Dots joined by a line; where x leaves the picture, the line runs to its edge and ends."""

    line: str
    dots: list[tuple[float, float]]
    leaves: bool


def descent(points: list[float]) -> Path:
    """x after each step: steps to the right, x upwards, -``SIGHT`` to ``SIGHT``."""
    inside = next((i for i, x in enumerate(points) if abs(x) > SIGHT), len(points))
    shown = [max(-SIGHT, min(x, SIGHT)) for x in points[: inside + 1]]
    at = [(round(24 + 190 * i / (len(points) - 1), 1), round(46 - 40 * x / SIGHT, 1)) for i, x in enumerate(shown)]
    return Path(" ".join(f"{x},{y}" for x, y in at), at[:inside], inside < len(points))


@dataclass(frozen=True)
class Bubble:
    """Learners who moved from about the same score to about the same score."""

    x: float
    y: float
    r: float
    way: str
    """``rose``, ``same`` or ``fell``."""
    count: int


@dataclass(frozen=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True)
class Scatter:
    """First score to the right, latest score upwards; the diagonal is where nothing changed."""

    bubbles: list[Bubble]
    across: list[Tick]
    up: list[Tick]


def scatter(movement: Movement) -> Scatter:
    """How scores moved. Neighbours are drawn as one, so that a large class is not a cloud."""
    top = movement.max_score or 1.0
    side = top / SQUARES
    squares: Counter[tuple[float, float, str]] = Counter()
    for (first, last), count in movement.pairs.items():
        way = "same" if first == last else "rose" if last > first else "fell"
        squares[round(first / side) * side, round(last / side) * side, way] += count
    most = max([*squares.values(), 1])
    largest = min(12.0, 4.0 + sqrt(most))
    bubbles = [
        Bubble(_across(x / top), _up(y / top), round(max(3.2, largest * sqrt(count / most)), 1), way, count)
        for (x, y, way), count in sorted(squares.items(), key=lambda item: -item[1])
    ]
    marks = [*range(0, int(top * 0.9) + 1, nice(top / 5)), top]
    return Scatter(
        bubbles,
        [Tick(_across(mark / top), f"{mark:g}") for mark in marks],
        [Tick(_up(mark / top), f"{mark:g}") for mark in marks],
    )


def _across(part: float) -> float:
    return round(EDGE + part * (RIGHT - EDGE), 1)


def _up(part: float) -> float:
    return round(NEAR - part * (NEAR - FAR), 1)
