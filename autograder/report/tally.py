"""Counts over the class, one result at a time, so that memory does not grow with what results hold."""

from collections import Counter, defaultdict
from typing import Any

from autograder.assignment import Assignment
from autograder.marks import ClassMarks
from autograder.report.content import Learner, Outcome
from autograder.report.examples import Candidate, Candidates
from autograder.report.scores import name_of
from autograder.report.words import NOTHING, is_known, words
from course_lib.checks import spec_for

NEEDS_HELP = 0.5  # below this share of the points that the grader gives
REASONS = 6  # lines on one person
UNNAMED = ""  # stands for a mistake without a name


class Tally:
    """What the class got right and wrong."""

    def __init__(self, assignment: Assignment, marks: ClassMarks) -> None:
        self._marks = marks
        self._calls = [(call.function, call.criterion) for call in assignment.calls]
        self._became: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self.mistaken: dict[tuple[str, str], int] = Counter()
        """(Function, mistake) → learners; the mistake is ``UNNAMED`` where none was recognised."""
        self.links: dict[tuple[str, str], str] = {}
        self.candidates = Candidates()
        self.results = 0
        self.tiers: Counter[str] = Counter()
        self.by_hand: Counter[str] = Counter()
        self.shared: Counter[str] = Counter()
        self.help: list[Learner] = []
        self.look: dict[str, Learner] = {}

    def add(self, student: str, result: dict[str, Any]) -> None:
        """Take in one student's result."""
        self.results += 1
        self.tiers[result["tier"]] += 1
        verdicts = [verdict for cell in result["cells"] for verdict in cell["verdicts"]]
        for verdict in verdicts:
            self._became[verdict["function"], verdict["criterion"]][_kind(verdict)] += 1
        self._count(student, verdicts)
        self._judge(student, result["cells"], verdicts)
        for problem in result["problems"]:
            self.look_at(student, problem)
        cells = self._marks.marks[student].cells
        self.by_hand.update(name for name, cell in cells.items() if cell.needs_manual_grade)
        if any(cell.needs_manual_grade and cell.by_hand for cell in cells.values()):
            self.look_at(student, "It was graded by hand, and what was handed in has changed since.")

    def look_at(self, student: str, why: str) -> None:
        """Put a student on the list for a person."""
        self.look.setdefault(student, self.learner(student)).why.append(why)

    def learner(self, student: str) -> Learner:
        """A row for this student."""
        mark = self._marks.marks.get(student)
        return Learner(student, name_of(mark) if mark else student, mark.total if mark else 0.0)

    def outcomes(self) -> list[Outcome]:
        """What became of each criterion, in the notebook's order."""
        return [self._outcome(function, criterion) for function, criterion in self._calls]

    def _outcome(self, function: str, criterion: str) -> Outcome:
        became = self._became[function, criterion]
        judged = {name: became[name] for name in ("right", "known", "other")}
        title = spec_for(function).criteria[criterion].title
        return Outcome(function, criterion, title, **judged, nothing=self.results - sum(judged.values()))

    def _count(self, student: str, verdicts: list[dict[str, Any]]) -> None:
        wrong = [verdict for verdict in verdicts if not verdict["passed"]]
        functions = frozenset(verdict["function"] for verdict in wrong)
        seen = set()
        for verdict in wrong:
            candidate = Candidate(student, verdict, functions - {verdict["function"]})
            for name in verdict["misconceptions"] or [UNNAMED]:
                seen.add((verdict["function"], name))
                self.links.setdefault((verdict["function"], name), verdict["link"])
                self.candidates.add((verdict["function"], name), candidate)
        self.mistaken.update(seen)

    def _judge(self, student: str, cells: list[dict[str, Any]], verdicts: list[dict[str, Any]]) -> None:
        """Whether this learner needs help: less than half of what the grader itself gives points for."""
        graded = [cell for cell in cells if cell["score"] is not None and cell["kind"] != "manual"]
        earned, possible = sum(cell["score"] for cell in graded), sum(cell["max_score"] for cell in graded)
        if not possible or earned >= NEEDS_HELP * possible:
            return
        learner = self.learner(student)
        reasons = dict.fromkeys(_reason(verdict) for verdict in verdicts if not verdict["passed"])
        notes = dict.fromkeys(cell["note"] for cell in graded if cell["note"] and not cell["verdicts"])
        learner.why = [*reasons, *notes][:REASONS]
        met = {(verdict["function"], verdict["criterion"]): bool(verdict["passed"]) for verdict in verdicts}
        learner.strip = tuple(met.get(call, False) for call in self._calls)
        self.help.append(learner)
        self.shared.update({_general(verdict) for verdict in verdicts if not verdict["passed"]})


def _kind(verdict: dict[str, Any]) -> str:
    names = verdict["misconceptions"]
    if verdict["passed"]:
        return "right"
    if NOTHING.intersection(names):
        return "nothing"
    return "known" if any(is_known(verdict["function"], name) for name in names) else "other"


def _reason(verdict: dict[str, Any]) -> str:
    """In the verdict's own words, as the learner reads them."""
    said = str(verdict["headline"])
    return said if verdict["function"] in said else f"{verdict['function']}: {said}"


def _general(verdict: dict[str, Any]) -> str:
    names = verdict["misconceptions"] or [UNNAMED]
    return f"{verdict['function']}: " + " ".join(words(verdict["function"], name)[0] for name in names)
