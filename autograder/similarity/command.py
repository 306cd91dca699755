"""The command ``similarity``."""

import webbrowser
from typing import Annotated

import typer

from autograder import console
from autograder.course import Course
from autograder.options import HERE, AssignmentArgument, CourseOption, plain_errors


def similarity(
    assignment: AssignmentArgument,
    show: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    course: CourseOption = HERE,
) -> None:
    """Show which submissions are more alike than chance makes them, side by side; a person decides what it means."""
    from autograder.similarity.page import write_similarity

    with plain_errors():
        where = Course.at(course)
        path, page = write_similarity(where, where.require(assignment))
        groups = "1 group" if len(page.groups) == 1 else f"{len(page.groups)} groups"
        console.say(f"{page.compared} submissions compared, {groups} to look at.")
        console.say(f"Side by side: {console.shown(path)}")
        if show:
            webbrowser.open(path.as_uri())
