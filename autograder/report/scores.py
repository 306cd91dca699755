"""How the marks stand and how they are spread."""

from collections import Counter
from statistics import mean, quantiles

from autograder.marks import ClassMarks, Mark
from autograder.report.content import Range, Standing

BINS = 12


def standing(marks: ClassMarks, failed: dict[str, str]) -> Standing:
    """The figures at the head of the page."""
    totals = [mark.total for mark in marks.marks.values()]
    quarter, median, three_quarters = _quarters(totals)
    late = [min(mark.late_penalty, mark.score) for mark in marks.marks.values() if mark.late_penalty]
    return Standing(
        handed_in=len(totals),
        missing=tuple(name_of(mark) for mark in marks.missing),
        max_score=marks.max_score,
        mean=mean(totals) if totals else 0.0,
        median=median,
        quarter=quarter,
        three_quarters=three_quarters,
        late=len(late),
        taken_off=sum(late),
        waiting=sum(mark.needs_manual_grade for mark in marks.marks.values()),
        by_hand=sum(any(cell.by_hand for cell in mark.cells.values()) for mark in marks.marks.values()),
        ungraded=len(failed),
    )


def name_of(mark: Mark) -> str:
    """A person's name if the gradebook knows it, with the id."""
    name = " ".join(filter(None, (mark.first_name, mark.last_name)))
    return f"{name} ({mark.student})" if name else mark.student


def _quarters(totals: list[float]) -> tuple[float, float, float]:
    if len(totals) < 2:
        (only,) = totals or [0.0]
        return only, only, only
    low, middle, high = quantiles(totals, n=4, method="inclusive")
    return low, middle, high


def ranges(marks: ClassMarks) -> list[Range]:
    """How many totals fall into each of about ``BINS`` whole-point ranges; the last includes the maximum."""
    width = nice(marks.max_score / BINS)
    starts = list(range(0, max(int(marks.max_score), 1), width))
    counts: Counter[int] = Counter()
    waiting: Counter[int] = Counter()
    for mark in marks.marks.values():
        index = min(int(mark.total // width), len(starts) - 1)
        counts[index] += 1
        waiting[index] += mark.needs_manual_grade
    return [
        Range(_label(start, start + width, marks.max_score), start, counts[index], waiting[index])
        for index, start in enumerate(starts)
    ]


def nice(width: float) -> int:
    """The next of 1, 2, 5, 10, 20, 50 … that is at least ``width``."""
    scale = 1
    while True:
        for step in (1, 2, 5):
            if step * scale >= width:
                return step * scale
        scale *= 10


def _label(start: int, end: int, max_score: float) -> str:
    return f"{start} to {max_score:g}" if end >= max_score else f"{start} to below {end}"
