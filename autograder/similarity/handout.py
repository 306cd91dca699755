"""What every learner was given, and the course's own answers: neither tells one learner from another."""

import ast
import inspect
from collections.abc import Mapping
from dataclasses import dataclass

import nbformat

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.similarity.answers import Answer, read_answers
from course_lib.checks import spec_for


@dataclass(frozen=True)
class Handout:
    """An assignment as similarity sees it.

    ``functions`` are those asked for, in the notebook's order. ``given`` holds the text of every code cell handed out,
    ``skeleton`` the functions in them, ``own`` the course's answers: the notebook's solution, and the step that the
    library has under the same name. ``words`` is all the text that learners could read there.
    """

    functions: tuple[str, ...]
    given: frozenset[str]
    skeleton: Mapping[str, Answer]
    own: tuple[Mapping[str, Answer], ...]
    words: str


def read_handout(course: Course, assignment: Assignment) -> Handout:
    """Read the source notebook and the library."""
    notebook = nbformat.read(course.source_notebook(assignment.name), as_version=4)
    released = [cell.released for cell in assignment.cells if cell.cell_type == "code"]
    others = [cell.source for cell in notebook.cells if cell.cell_type == "code" and not _graded(cell)]
    stubs = [cell.released for cell in assignment.cells if cell.kind == "solution" and cell.cell_type == "code"]
    functions = tuple(name for stub in stubs for name in _defined(stub))
    solved = [_solution(cell.source) for cell in notebook.cells if _is_solution(cell)]
    prose = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    return Handout(
        functions=functions,
        given=frozenset(text.strip() for text in (*released, *others)),
        skeleton=read_answers((*released, *others), functions),
        own=(read_answers(solved, functions), _from_library(functions)),
        words="\n".join((*released, *others, *prose)),
    )


def _graded(cell: nbformat.NotebookNode) -> bool:
    return "nbgrader" in cell.metadata


def _is_solution(cell: nbformat.NotebookNode) -> bool:
    return cell.cell_type == "code" and bool(cell.metadata.get("nbgrader", {}).get("solution"))


def _solution(source: str) -> str:
    """A solution without nbgrader's markers, which are comments of their own."""
    return "\n".join(line for line in source.split("\n") if " SOLUTION" not in line)


def _defined(source: str) -> list[str]:
    return [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]


def _from_library(functions: tuple[str, ...]) -> dict[str, Answer]:
    """The references of these functions, each from the file that it stands in."""
    found: dict[str, Answer] = {}
    for name in functions:
        try:
            reference = spec_for(name).reference
            source = inspect.getsource(inspect.getmodule(reference) or reference)
        except (KeyError, OSError, TypeError):  # an instructor's own function has no reference in the library
            continue
        found |= read_answers([source], [getattr(reference, "__name__", name)])
    return found
