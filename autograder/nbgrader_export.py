"""``nbgrader autograde`` and ``generate_feedback`` do as ours do: the exporters that our ``nbgrader_config.py`` names.

nbgrader hands each submitted notebook to an exporter, which reads it, runs it and scores it in a kernel that the
learner's code shares with the tests. This one grades as ``python -m autograder grade`` does (sandbox, judge outside,
gradebook and journal) and gives nbgrader the graded notebook; feedback is rendered as ``grade`` renders it. nbgrader
imports this only when it autogrades or makes feedback, on the command line or for formgrader's buttons.
"""

import json
import weakref
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter, NotebookExporter

from autograder.assignment import Assignment
from autograder.course import Course, CourseError
from autograder.feedback import FeedbackRenderer, deliver, feedback_task, page_settings
from autograder.journal import Journal, only_grader
from autograder.ledger import Ledger
from autograder.marks import Mark, read_marks
from autograder.plan import Grading
from autograder.record import recorder
from autograder.result import Result
from autograder.sandbox.tiers import describe
from autograder.worker import Post, worker


class GradingExporter(NotebookExporter):
    """Grades what nbgrader asks it to read; ``c.Autograde.exporter_class`` names it.

    nbgrader's own preprocessors are not used: repair, execution, scores, comments and late penalties are the grader's.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)  # type: ignore[no-untyped-call]
        self._stack = ExitStack()  # the sandbox stays warm from one student to the next, and ends with this object
        weakref.finalize(self, self._stack.close)
        self._graders: dict[str, Any] = {}
        converter: Any = self.parent
        self._course = Course.at(Path(converter.coursedir.root))

    def from_filename(self, filename: str, resources: Any = None, **_: Any) -> tuple[Any, Any]:
        """nbgrader calls this twice: with the submitted notebook, and with the one it has written from the answer."""
        student, assignment = resources["nbgrader"]["student"], resources["nbgrader"]["assignment"]
        graded = self._course.autograded(student, assignment) / Path(filename).name
        if Path(filename).parent.resolve() != graded.parent:
            self._drop_linked(student, assignment)
            self._grade(student, assignment)
        resources["output_extension"] = self.file_extension
        return graded.read_text(encoding="utf-8"), resources

    def _drop_linked(self, student: str, assignment: str) -> None:
        """nbgrader has copied the submission's other files; what a link led to is not the learner's to show."""
        submitted, copied = self._course.submitted(student, assignment), self._course.autograded(student, assignment)
        for path in submitted.rglob("*"):
            if path.is_symlink():
                (copied / path.relative_to(submitted)).unlink(missing_ok=True)

    def _grade(self, student: str, name: str) -> None:
        with only_grader(self._course.root), Journal(self._course.journal_file) as journal:
            grading, answer = self._grader(name, journal)
            submission = grading.read(student)
            outcome = json.loads(answer(submission))
            failure = outcome.get("failure")
            with recorder(self._course, name) as writer:
                ledger = Ledger(grading, journal, writer)
                ledger.record([(submission, None if failure else Result.from_dict(outcome))])
        if failure:
            raise CourseError(f"{name} of {student} could not be graded: {failure}")

    def _grader(self, name: str, journal: Journal) -> tuple[Grading, Any]:
        if name not in self._graders:
            tier = describe()
            self.log.info("%s", tier)
            grading = Grading(self._course, Assignment.load(self._course.root, name), journal.seed(), tier.tier)
            self._graders[name] = grading, self._stack.enter_context(worker(Post.of(grading)))
        found: tuple[Grading, Any] = self._graders[name]
        return found


class FeedbackExporter(Exporter):
    """Renders the page that ``grade`` renders; ``c.GenerateFeedback.exporter_class`` names it."""

    file_extension = ".html"

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)  # type: ignore[no-untyped-call]
        converter: Any = self.parent
        self._course = Course.at(Path(converter.coursedir.root))
        self._renderer = FeedbackRenderer(page_settings(self._course))
        self._known: dict[str, tuple[Assignment, dict[str, Mark]]] = {}  # read once for all students

    def from_filename(self, filename: str, resources: Any = None, **_: Any) -> tuple[Any, Any]:
        """The page made from an autograded notebook; what hands it back to its learner is put beside it."""
        student, name = resources["nbgrader"]["student"], resources["nbgrader"]["assignment"]
        assignment, marks = self._marks(name)
        if student not in marks:
            raise CourseError(f"{name} of {student} has no grade. Run: python -m autograder grade {name}")
        task = feedback_task(self._course, assignment, marks[student])
        page = self._renderer.page(task, Path(filename).read_text(encoding="utf-8"))
        deliver(task, page)
        resources["output_extension"] = self.file_extension
        return page, resources

    def _marks(self, name: str) -> tuple[Assignment, dict[str, Mark]]:
        if name not in self._known:
            assignment = Assignment.load(self._course.root, name)
            self._known[name] = assignment, read_marks(self._course, assignment).marks
        return self._known[name]
