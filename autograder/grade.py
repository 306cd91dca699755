"""Grade one submission: intake → repair → run → probe → judge, from bytes to a ``Result``."""

from autograder.assignment import Assignment
from autograder.intake import Rejected
from autograder.result import Result
from autograder.sandbox.parent import Sandbox


def grade(submission: bytes | Rejected, assignment: Assignment, seed: int, grader: Sandbox) -> Result:
    """Grade one submission; the same arguments give the same grades.

    Parameters
    ----------
    submission : bytes or Rejected
        What ``read_submission`` gave.
    assignment : Assignment
        ``Assignment.load(course_dir, name)``.
    seed : int
        What the hidden inputs are drawn from; keep it from learners.
    grader : Sandbox
        ``with Sandbox.start(limits, allow=assignment.allow) as grader``; one at a time in a process, used for any number
        of submissions.
    """
    raise NotImplementedError
