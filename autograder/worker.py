"""What a process of the pool does: grade a submission in a sandbox of its own, or render a feedback page."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from autograder.assignment import Assignment
from autograder.feedback import FeedbackRenderer, FeedbackTask, page_settings
from autograder.grade import grade
from autograder.plan import Grading
from autograder.present import presentable
from autograder.sandbox.parent import Sandbox
from autograder.submissions import Submission


@dataclass(frozen=True)
class Post:
    """What every worker of a run is told once.

    It is data alone, and so are tasks and answers: a worker reads and writes no file of the course, and may run on
    another machine. ``book`` is the prefix of links into the book, ``pages`` what ``page_settings`` gave.
    """

    assignment: Assignment
    seed: int
    tier: str
    book: str
    pages: Any

    @classmethod
    def of(cls, grading: Grading) -> "Post":
        course, assignment = grading.course, grading.assignment
        book = course.book_url(grading.page("any"))  # all students' pages are as deep as one another
        return cls(assignment, grading.seed, grading.tier, book, page_settings(course))


@dataclass(frozen=True)
class Page:
    """A feedback page to render from the text of the autograded notebook."""

    task: FeedbackTask
    graded: str


class _Worker:
    """Starts what a task needs when the first such task comes: a run that only renders feedback forks no sandbox."""

    def __init__(self, post: Post, stack: ExitStack) -> None:
        self._post, self._stack = post, stack

    @cached_property
    def _sandbox(self) -> Sandbox:
        return self._stack.enter_context(Sandbox.start(tier=self._post.tier, allow=self._post.assignment.allow))

    @cached_property
    def _feedback(self) -> FeedbackRenderer:
        return FeedbackRenderer(self._post.pages)

    def answer(self, task: Submission | Page) -> bytes:
        """A JSON object; ``{"failure": why}`` when the grader itself failed on this task."""
        try:
            outcome = self._grade(task) if isinstance(task, Submission) else self._render(task)
        except Exception as error:  # one task's failure is that task's alone
            outcome = {"failure": f"{type(error).__name__}: {error}"}
        return json.dumps(outcome).encode()

    def _grade(self, submission: Submission) -> dict[str, object]:
        result = grade(submission.data, self._post.assignment, self._post.seed, self._sandbox)
        if submission.note:
            result = replace(result, problems=(submission.note, *result.problems))
        return presentable(result, self._post.assignment, self._post.book).to_dict()

    def _render(self, page: Page) -> dict[str, object]:
        return {"page": self._feedback.page(page.task, page.graded)}


@contextmanager
def worker(post: Post) -> Iterator[Callable[[Submission | Page], bytes]]:
    """The pool's ``setup``."""
    with ExitStack() as stack:
        yield _Worker(post, stack).answer
