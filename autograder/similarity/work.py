"""What each learner handed in, as answers with their fingerprints; and why something could not be read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from autograder import submissions
from autograder.assignment import Assignment
from autograder.cells import grade_id
from autograder.course import Course
from autograder.intake import Rejected, parse
from autograder.similarity.answers import Answer, read_answers
from autograder.similarity.fingerprints import Alphabet, fingerprint
from autograder.similarity.handout import Handout
from autograder.similarity.tokens import tokens


@dataclass(frozen=True)
class Work:
    """One learner's answers, those left as handed out not among them.

    ``trees`` are the fingerprints of each function that parses.
    """

    student: str
    answers: Mapping[str, Answer]
    alphabet: Alphabet

    @cached_property
    def trees(self) -> dict[str, Any]:
        return {
            name: fingerprint(name, self.alphabet.write(answer.symbols))
            for name, answer in self.answers.items()
            if answer.parsed
        }

    def texts(self, functions: Collection[str]) -> dict[str, Any]:
        """Fingerprints of the mere tokens of these functions."""
        return {
            name: fingerprint(name, self.alphabet.write(tokens(answer.code)))
            for name, answer in self.answers.items()
            if name in functions
        }


def read_class(course: Course, assignment: Assignment, handout: Handout) -> tuple[list[Work], dict[str, str]]:
    """The class's work; and of each learner who has none, why."""
    alphabet, found, left_out = Alphabet(), [], {}
    for student in course.students(assignment.name):
        submission = submissions.read(course, student, assignment.name, assignment.notebook_name)
        cells = _own_cells(submission.data, assignment, handout)
        if isinstance(cells, Rejected):
            left_out[student] = cells.reason
            continue
        work = read_work(student, cells, handout, alphabet)
        if work.answers:
            found.append(work)
        else:
            left_out[student] = "No function was answered."
    return found, left_out


def read_work(student: str, cells: list[str], handout: Handout, alphabet: Alphabet) -> Work:
    """The answers in a learner's own code cells."""
    answers = read_answers(cells, handout.functions)
    return Work(student, {name: one for name, one in answers.items() if not _untouched(one, handout)}, alphabet)


def _untouched(answer: Answer, handout: Handout) -> bool:
    stub = handout.skeleton.get(answer.function)
    return stub is not None and answer.texts == stub.texts


def _own_cells(data: bytes | Rejected, assignment: Assignment, handout: Handout) -> list[str] | Rejected:
    """The code cells that are the learner's: neither the author's text nor a cell that the author keeps locked."""
    notebook = data if isinstance(data, Rejected) else parse(data)
    if isinstance(notebook, Rejected):
        return notebook
    locked = {cell.grade_id for cell in assignment.cells if cell.restored}
    return [
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.source.strip() not in handout.given and grade_id(cell) not in locked
    ]
