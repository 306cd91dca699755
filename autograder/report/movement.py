"""How those who handed in again moved: their scores, and which of their mistakes they mended."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from statistics import median

from autograder.history import Function, Standing
from autograder.report.content import Change, Movement
from autograder.report.words import NOTHING, words

Attempts = Iterable[tuple[str, list[Standing]]]
Mistakes = frozenset[tuple[str, str]]
"""Pairs of function and mistake."""


class Moves:
    """Counts over the class, one student's attempts at a time."""

    def __init__(self) -> None:
        self._pairs: Counter[tuple[float, float]] = Counter()
        self._kinds: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self._submissions = self._left_out = 0
        self._max_score = 0.0
        self._hours: list[float] = []
        self.attempts: dict[str, int] = {}
        """Students who handed in more than once, and how often."""
        self.still: dict[str, Mistakes] = {}
        """Their mistakes that an earlier submission showed too."""

    def add(self, student: str, attempts: list[Standing]) -> None:
        """Take in one student, the first attempt to the latest."""
        if len(attempts) < 2:
            return
        first, *_, last = attempts
        self.attempts[student] = last.number  # of very many attempts, some in the middle are not kept
        earlier = frozenset[tuple[str, str]]().union(*(_mistakes(one) for one in attempts[:-1]))
        self.still[student] = earlier & _mistakes(last)
        for function, mistake in earlier:
            self._kinds[function, mistake][_became(mistake, last.functions.get(function))] += 1
        if first.max_score != last.max_score:
            self._left_out += 1
            return
        self._submissions += last.number
        self._hours += _hours(first, last)
        self._max_score = max(self._max_score, last.max_score)
        self._pairs[first.score, last.score] += 1

    def movement(self) -> Movement | None:
        """What to say of it; None where nobody handed in twice."""
        if not self.attempts:
            return None
        changes = [last - first for (first, last), count in self._pairs.items() for _ in range(count)]
        return Movement(
            again=len(self.attempts),
            submissions=self._submissions,
            rose=sum(change > 0 for change in changes),
            same=sum(change == 0 for change in changes),
            fell=sum(change < 0 for change in changes),
            median_change=median(changes) if changes else 0.0,
            hours=median(self._hours) if self._hours else None,
            max_score=self._max_score,
            pairs=dict(self._pairs),
            changes=self._changes(),
            left_out=self._left_out,
        )

    def _changes(self) -> list[Change]:
        found = [
            Change(function, words(function, mistake)[0], became["mended"], became["replaced"], became["still"])
            for (function, mistake), became in self._kinds.items()
        ]
        return sorted(found, key=lambda change: (-change.out_of, change.function, change.headline))


def _hours(first: Standing, last: Standing) -> list[float]:
    """Hours from one to the other; nothing where a time is not known or runs backwards."""
    try:
        hours = (
            datetime.fromisoformat(last.handed_in) - datetime.fromisoformat(first.handed_in)
        ).total_seconds() / 3600
    except (ValueError, TypeError):
        return []
    return [hours] if hours >= 0 else []


def _mistakes(attempt: Standing) -> Mistakes:
    return frozenset((name, mistake) for name, function in attempt.functions.items() for mistake in function.mistakes)


def _became(mistake: str, function: Function | None) -> str:
    """What became of an earlier mistake; a file that cannot be read mends nothing."""
    if function is None:
        return "replaced"
    if mistake in function.mistakes:
        return "still"
    return "mended" if function.right else "replaced"


def told(mistakes: Mistakes) -> list[str]:
    """Mistakes as lines for a person, those not begun left out."""
    return sorted(f"{function}: {words(function, name)[0]}" for function, name in mistakes if name not in NOTHING)
