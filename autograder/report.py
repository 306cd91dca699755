"""The class report: one page on how the class did, what it misunderstood, and what waits for the instructor."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median
from typing import Any

from jinja2 import Environment, PackageLoader

from autograder.assignment import Assignment
from autograder.course import Course, CourseError
from autograder.journal import Journal
from autograder.marks import ClassMarks, read_marks
from autograder.record import write_atomically
from course_lib.checks import spec_for

NEEDS_HELP = 0.5  # below this share of the points that the grader gives
BINS = 12


@dataclass(frozen=True)
class Bar:
    """A bar of a chart: ``count`` of ``out_of``."""

    label: str
    count: int
    out_of: int
    title: str = ""

    @property
    def share(self) -> float:
        return self.count / self.out_of if self.out_of else 0.0


@dataclass(frozen=True)
class Mistake:
    """A mistake that the checks recognise, how many show it and where the book explains it."""

    headline: str
    hint: str
    function: str
    link: str
    students: int


@dataclass
class Learner:
    """A row of the lists of people."""

    student: str
    score: float
    why: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Report:
    """Everything on the page, as data."""

    assignment: str
    students: int
    missing: int
    max_score: float
    mean: float
    median: float
    tiers: dict[str, int]
    scores: list[Bar]
    criteria: list[Bar]
    mistakes: list[Mistake]
    help: list[Learner]
    by_hand: dict[str, int]
    """Answers that wait for a person, by cell."""
    look: list[Learner]


def class_report(
    assignment: Assignment,
    marks: ClassMarks,
    results: Iterable[tuple[str, dict[str, Any]]],
    failed: dict[str, str],
    book: str,
) -> Report:
    """Gather the page's content.

    Parameters
    ----------
    assignment : Assignment
    marks : ClassMarks
        What the gradebook says, manual grades included.
    results : iterable of (student, result dict)
        What the grader found.
    failed : dict
        Students whom the grader could not grade, and why.
    book : str
        Prefix of links into the book.
    """
    tally = _Tally(assignment, marks, book)
    for student, result in results:
        if student in marks.marks:
            tally.add(student, result)
    for student, reason in failed.items():
        tally.look_at(student, f"could not be graded: {reason}")
    totals = [mark.total for mark in marks.marks.values()]
    return Report(
        assignment=assignment.name,
        students=len(totals),
        missing=len(marks.missing),
        max_score=marks.max_score,
        mean=mean(totals) if totals else 0.0,
        median=median(totals) if totals else 0.0,
        tiers=dict(tally.tiers.most_common()),
        scores=_histogram(totals, marks.max_score),
        criteria=tally.criteria(),
        mistakes=tally.mistakes(),
        help=sorted(tally.help, key=lambda learner: (learner.score, learner.student)),
        by_hand=dict(tally.by_hand.most_common()),
        look=sorted(tally.look.values(), key=lambda learner: learner.student),
    )


class _Tally:
    """Counts over the class, one result at a time."""

    def __init__(self, assignment: Assignment, marks: ClassMarks, book: str) -> None:
        self._assignment, self._marks, self._book = assignment, marks, book
        self._tried: Counter[tuple[str, str]] = Counter()
        self._passed: Counter[tuple[str, str]] = Counter()
        self._mistaken: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._example: dict[tuple[str, str], dict[str, Any]] = {}
        self.tiers: Counter[str] = Counter()
        self.by_hand: Counter[str] = Counter()
        self.help: list[Learner] = []
        self.look: dict[str, Learner] = {}

    def add(self, student: str, result: dict[str, Any]) -> None:
        self.tiers[result["tier"]] += 1
        verdicts = [verdict for cell in result["cells"] for verdict in cell["verdicts"]]
        for verdict in verdicts:
            self._count(student, verdict)
        self._judge(student, result["cells"], verdicts)
        for problem in result["problems"]:
            self.look_at(student, problem)
        self.by_hand.update(name for name, cell in self._marks.marks[student].cells.items() if cell.needs_manual_grade)

    def _count(self, student: str, verdict: dict[str, Any]) -> None:
        criterion = verdict["function"], verdict["criterion"]
        self._tried[criterion] += 1
        self._passed[criterion] += verdict["passed"]
        for mistake in verdict["misconceptions"]:
            self._mistaken[verdict["function"], mistake].add(student)
            self._example.setdefault((verdict["function"], mistake), verdict)

    def _judge(self, student: str, cells: list[dict[str, Any]], verdicts: list[dict[str, Any]]) -> None:
        """Whether this learner needs help: less than half of what the grader itself gives points for."""
        graded = [cell for cell in cells if cell["score"] is not None and cell["kind"] != "manual"]
        earned, possible = sum(cell["score"] for cell in graded), sum(cell["max_score"] for cell in graded)
        if possible and earned < NEEDS_HELP * possible:
            why = dict.fromkeys(verdict["headline"] for verdict in verdicts if not verdict["passed"])
            self.help.append(Learner(student, self._marks.marks[student].total, list(why)))

    def look_at(self, student: str, why: str) -> None:
        mark = self._marks.marks.get(student)
        self.look.setdefault(student, Learner(student, mark.total if mark else 0.0)).why.append(why)

    def criteria(self) -> list[Bar]:
        """The share that meets each criterion, in the notebook's order."""
        calls = [(call.function, call.criterion) for call in self._assignment.calls]
        return [
            Bar(f"{function}: {criterion}", self._passed[function, criterion], self._tried[function, criterion], title)
            for function, criterion in calls
            for title in [spec_for(function).criteria[criterion].title]
        ]

    def mistakes(self) -> list[Mistake]:
        """The recognised mistakes, commonest first."""
        found = [self._mistake(function, name, len(who)) for (function, name), who in self._mistaken.items()]
        return sorted(found, key=lambda mistake: (-mistake.students, mistake.function, mistake.headline))

    def _mistake(self, function: str, name: str, students: int) -> Mistake:
        example = self._example[function, name]
        known = spec_for(function).misconceptions.get(name)
        # What every function can get wrong (it raises, it returns None) is in no spec: the verdict itself says it.
        headline, hint = (known.headline, known.hint) if known else (example["headline"], example["detail"])
        return Mistake(headline, hint, function, self._book + example["link"], students)


def _nice(width: float) -> int:
    """The next of 1, 2, 5, 10, 20, 50 … that is at least ``width``."""
    scale = 1
    while True:
        for step in (1, 2, 5):
            if step * scale >= width:
                return step * scale
        scale *= 10


def _histogram(totals: list[float], max_score: float) -> list[Bar]:
    """How many scores fall into each of about ``BINS`` whole-point ranges; the last includes the maximum."""
    width = _nice(max_score / BINS)
    starts = list(range(0, max(int(max_score), 1), width))
    counts = Counter(min(int(total // width), len(starts) - 1) for total in totals)
    return [
        Bar(_range(start, start + width, max_score), counts[index], len(totals), f"{start}")
        for index, start in enumerate(starts)
    ]


def _range(start: int, end: int, max_score: float) -> str:
    return f"{start} to {max_score:g}" if end >= max_score else f"{start} to below {end}"


def write_report(
    course: Course,
    assignment: Assignment,
    marks: ClassMarks,
    results: Iterable[tuple[str, dict[str, Any]]],
    failed: dict[str, str],
) -> Report:
    """Write ``reports/<assignment>.html``, one file that needs no other."""
    page = course.report(assignment.name)
    report = class_report(assignment, marks, results, failed, course.book_url(page))
    templates = Environment(loader=PackageLoader("autograder"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    write_atomically(page, templates.get_template("report.html.j2").render(report=report))
    return report


def report_class(course: Course, name: str) -> Path:
    """Write the report from what has been graded; gives the page.

    Raises
    ------
    CourseError
        If nothing has been graded yet.
    """
    assignment = Assignment.load(course.root, name)
    with Journal(course.journal_file) as journal:
        if not journal.records(name):
            raise CourseError(f"Nothing of {name} has been graded yet. Run: python -m autograder grade {name}")
        write_report(course, assignment, read_marks(course, assignment), journal.results(name), {})
    return course.report(name)
