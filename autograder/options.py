"""What the commands share: options, and how an error is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from autograder import console
from autograder.course import CourseError

CourseOption = Annotated[Path, typer.Option("--course", metavar="DIR", help="The nbgrader course.", show_default=True)]
AssignmentArgument = Annotated[str, typer.Argument(help="Name of an assignment, as under source/.")]
HERE = Path("assignments")


@contextmanager
def plain_errors() -> Iterator[None]:
    """An error the instructor can mend is one message and exit status 2; Ctrl-C is 130."""
    try:
        yield
    except CourseError as error:
        console.error(str(error))
        raise typer.Exit(2) from error
    except KeyboardInterrupt as error:
        console.error("Stopped. What was graded is recorded; the same command goes on from here.")
        raise typer.Exit(130) from error
