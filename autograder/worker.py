"""What a process of the pool does: grade a submission in a sandbox of its own, or render a feedback page."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.feedback import FeedbackTask, FeedbackWriter
from autograder.grade import grade
from autograder.present import presentable
from autograder.sandbox.parent import Sandbox
from autograder.submissions import Submission


@dataclass(frozen=True)
class Post:
    """What every worker of a run is told once."""

    root: Path
    assignment: str
    seed: int
    tier: str


class _Worker:
    """Starts what a task needs when the first such task comes: a run that only renders feedback forks no sandbox."""

    def __init__(self, post: Post, stack: ExitStack) -> None:
        self._post, self._stack = post, stack
        self._course = Course.at(post.root)

    @cached_property
    def _assignment(self) -> Assignment:
        return Assignment.load(self._post.root, self._post.assignment)

    @cached_property
    def _sandbox(self) -> Sandbox:
        return self._stack.enter_context(Sandbox.start(tier=self._post.tier, allow=self._assignment.allow))

    @cached_property
    def _feedback(self) -> FeedbackWriter:
        return FeedbackWriter(self._course)

    def answer(self, task: Submission | FeedbackTask) -> bytes:
        """A JSON object; ``{"failure": why}`` when the grader itself failed on this task."""
        try:
            outcome = self._grade(task) if isinstance(task, Submission) else self._render(task)
        except Exception as error:  # one task's failure is that task's alone
            outcome = {"failure": f"{type(error).__name__}: {error}"}
        return json.dumps(outcome).encode()

    def _grade(self, submission: Submission) -> dict[str, object]:
        result = grade(submission.data, self._assignment, self._post.seed, self._sandbox)
        if submission.note:
            result = replace(result, problems=(submission.note, *result.problems))
        page = self._course.feedback(submission.student, self._assignment.name) / "page.html"
        return presentable(result, self._assignment, self._course.book_url(page)).to_dict()

    def _render(self, task: FeedbackTask) -> dict[str, object]:
        self._feedback.write(task)
        return {}


@contextmanager
def worker(post: Post) -> Iterator[Callable[[Submission | FeedbackTask], bytes]]:
    """The pool's ``setup``."""
    with ExitStack() as stack:
        yield _Worker(post, stack).answer
