"""Source → release: nbgrader's own ``generate_assignment``, run only when something changed."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autograder.course import Course, CourseError, scripts_on_path
from autograder.journal import Journal, tree_digest


def release(course: Course, assignment: str, journal: Journal) -> bool:
    """Make ``release/<assignment>`` and enter the assignment into the gradebook.

    Returns
    -------
    bool
        Whether anything had to be done: ``False`` when source, configuration, release and gradebook already agree.

    Raises
    ------
    CourseError
        For an unknown assignment, or when nbgrader refuses; the message carries nbgrader's own reason.
    """
    course.require(assignment)
    registered = _registered(course, assignment)  # first, for nbgrader's own word on a gradebook out of reach misleads
    if registered and journal.released(assignment) == _fingerprint(course, assignment):
        return False
    with quiet_nbgrader():
        _generate(course, assignment)
    journal.set_released(assignment, _fingerprint(course, assignment))
    return True


def source_digest(course: Course, assignment: str) -> str:
    """A hash of everything in ``source/<assignment>``."""
    return tree_digest(_files(course.root / "source" / assignment), course.root)


def _fingerprint(course: Course, assignment: str) -> str:
    """Source, configuration and release as they are: a release changed or deleted by hand is made again."""
    folders = [course.root / "source" / assignment, course.release(assignment)]
    files = [path for folder in folders for path in _files(folder)]
    return tree_digest([*files, *course.root.glob("nbgrader_config.py")], course.root)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and ".ipynb_checkpoints" not in path.parts)


def _registered(course: Course, assignment: str) -> bool:
    from nbgrader.api import MissingEntry

    with course.gradebook() as gradebook:
        try:
            return bool(gradebook.find_assignment(assignment).notebooks)
        except MissingEntry:
            return False


def _generate(course: Course, assignment: str) -> None:
    from nbgrader.apps.api import NbGraderAPI

    api = NbGraderAPI(coursedir=course.coursedir(), config=course.config(), log_level=logging.WARNING)
    with scripts_on_path():
        outcome = api.generate_assignment(assignment, force=True, create=True)
    if not outcome["success"]:
        said = outcome.get("log") or outcome.get("error") or "it gave no reason"
        raise CourseError(f"nbgrader could not make the release of {assignment}:\n{said.strip()}")


@contextmanager
def quiet_nbgrader() -> Iterator[None]:
    """Keep nbgrader's log lines off the instructor's console; a failure's log is shown in our own message."""
    from traitlets.log import get_logger

    logger: Any = get_logger()
    before = logger.propagate, list(logger.handlers)
    logger.propagate, logger.handlers = False, [logging.NullHandler()]
    try:
        yield
    finally:
        logger.propagate, logger.handlers = before
