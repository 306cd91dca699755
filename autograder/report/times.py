"""When the class handed in, seen from the due date."""

from datetime import datetime, timedelta

from autograder.marks import ClassMarks
from autograder.report.content import Moment, Times

MOST = 24  # columns at most
_HOURS = (1, 2, 3, 6, 12, 24, 48, 168, 672)


def times(marks: ClassMarks) -> Times | None:
    """How many handed in when; None where fewer than two times are known."""
    known = sorted(mark.timestamp for mark in marks.marks.values() if mark.timestamp)
    if len(known) < 2:
        return None
    ends = [known[0], known[-1], *([marks.duedate] if marks.duedate else [])]
    width = _width(max(ends) - min(ends))
    start = _floor(min(ends), width)
    number = (max(ends) - start) // width + 1
    counts = [[0, 0] for _ in range(number)]
    for time in known:
        counts[(time - start) // width][marks.duedate is not None and time > marks.duedate] += 1
    moments = [
        Moment(_label(start + index * width, width), in_time, late) for index, (in_time, late) in enumerate(counts)
    ]
    due = (marks.duedate - start) / width if marks.duedate else None
    said = f"{marks.duedate:%d %b %Y, %H:%M}".lstrip("0") if marks.duedate else ""
    return Times(moments, due, said, len(marks.marks) - len(known))


def _width(span: timedelta) -> timedelta:
    """The narrowest of some usual widths that needs no more than ``MOST`` columns."""
    for hours in _HOURS:
        if span / timedelta(hours=hours) < MOST - 1:
            return timedelta(hours=hours)
    return timedelta(days=span.days // (MOST - 2) + 1)


def _floor(time: datetime, width: timedelta) -> datetime:
    """The last whole ``width`` of a day, or midnight, before ``time``."""
    midnight = time.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (time - midnight) // width * width if width < timedelta(days=1) else midnight


def _label(time: datetime, width: timedelta) -> str:
    form = "%d %b" if width >= timedelta(days=1) else "%d %b %H:%M"
    return f"{time:{form}}".lstrip("0")
