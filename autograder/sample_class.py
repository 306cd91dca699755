"""Make a class of submissions to try the grader on, deterministically, from the source notebook's own solutions."""

import copy
import json
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import nbformat

from autograder.assignment import Assignment
from autograder.course import Course, CourseError
from autograder.journal import Journal, digest
from autograder.record import write_atomically
from autograder.release import release
from autograder.samples import CASTS, Learner, Version

_HANDED_IN = datetime(2026, 9, 14, 8, 0)  # the first of them; each next one a minute later


@dataclass(frozen=True)
class SampleClass:
    """What was made: ``expected`` is a JSON file with what every submission must score, cell by cell.

    It maps student → ``{"learner": name, "sha256": of the file, "cells": {grade_id: points, or null where a person
    must grade}}``.
    """

    folder: Path
    expected: Path
    written: int
    kept: int


def expected_file(course: Course, assignment: str) -> Path:
    """Where the sample class's expected scores are."""
    return course.root / "submitted" / f"sample_class.{assignment}.json"


def make_sample_class(course: Course, assignment: str, number: int) -> SampleClass:
    """Write ``number`` submissions under ``submitted/``; what is there already and unchanged stays.

    Raises
    ------
    CourseError
        If the assignment is unknown or has no cast, or if a submission stands in the way that this did not make.
    """
    if course.require(assignment) not in CASTS:
        raise CourseError(f"There is no sample class for {assignment}; there is one for: {', '.join(CASTS)}.")
    with Journal(course.journal_file) as journal:
        release(course, assignment, journal)
    maker = _Maker(course, Assignment.load(course.root, assignment))
    expected = expected_file(course, assignment)
    before = json.loads(expected.read_text(encoding="utf-8")) if expected.is_file() else {}
    made, entries = {}, dict(before)
    for index, learner in zip(range(number), maker.learners(), strict=False):
        student = f"s{index + 1:05d}_{learner.name}"
        data = maker.notebook(learner, index)
        _refuse_to_overwrite(maker.path(student), before.get(student))
        made[student] = index, data
        entries[student] = {"learner": learner.name, "sha256": digest(data), "cells": maker.scores(learner)}
    written = sum(maker.write(student, *what) for student, what in made.items())
    write_atomically(expected, json.dumps(entries, indent=1) + "\n")
    return SampleClass(expected.parent, expected, written, number - written)


def _refuse_to_overwrite(path: Path, entry: dict[str, Any] | None) -> None:
    if not path.exists():
        return
    if entry is None or digest(path.read_bytes()) != entry["sha256"]:
        raise CourseError(
            f"{path} was not made by sample-class, or has been changed since. Nothing was written; "
            "move it away to have the sample made."
        )


class _Maker:
    """Turns learners into notebooks: the released notebook with their versions of the solutions."""

    def __init__(self, course: Course, assignment: Assignment) -> None:
        self._course, self._assignment = course, assignment
        self._solutions = _solutions(course.source_notebook(assignment.name))
        released = course.release(assignment.name) / f"{assignment.notebook_name}.ipynb"
        self._released = json.loads(released.read_text(encoding="utf-8"))
        self._cast, versions = CASTS[assignment.name]
        self._choices: dict[str, list[Version]] = defaultdict(list)
        for version in versions:
            self._choices[version.cell].append(version)

    def path(self, student: str) -> Path:
        folder = self._course.submitted(student, self._assignment.name)
        return folder / f"{self._assignment.notebook_name}.ipynb"

    def learners(self) -> Iterator[Learner]:
        """The cast, then without end others who write each function in a version drawn at random, half as taught."""
        yield from self._cast
        chance = random.Random(self._assignment.name)
        while True:
            drawn = [
                versions[0] if chance.random() < 0.5 else chance.choice(versions) for versions in self._choices.values()
            ]
            yield Learner("mixed", tuple(drawn), words=self._cast[0].words if chance.random() < 0.8 else None)

    def notebook(self, learner: Learner, index: int) -> bytes:
        """The file that a learner hands in; no two are the same."""
        notebook = copy.deepcopy(self._released)
        notebook["cells"] = [cell for cell in notebook["cells"] if _grade_id(cell) not in learner.without]
        for cell in notebook["cells"]:
            text = self._text(learner, _grade_id(cell))
            if text is not None:
                cell["source"] = text
        first = next(i for i, cell in enumerate(notebook["cells"]) if _grade_id(cell) in self._solutions)
        signed = [f"# Submission {index + 1} of a sample class.", *learner.cells]
        notebook["cells"][first:first] = [_code_cell(text, i) for i, text in enumerate(signed)]
        data = (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()
        return data[: int(len(data) * learner.keep)]

    def _text(self, learner: Learner, grade_id: str) -> str | None:
        source = self._assignment.by_id.get(grade_id)
        if source and source.kind == "manual":
            return learner.words
        if grade_id not in self._solutions:
            return None
        solution = self._solutions[grade_id]
        version = learner.by_cell.get(grade_id)
        return version.text(solution) if version else solution

    def scores(self, learner: Learner) -> dict[str, float | None]:
        """What each graded cell must score; None where a person grades."""
        return {cell.grade_id: self._score(learner, cell) for cell in self._assignment.cells if cell.graded}

    @staticmethod
    def _score(learner: Learner, cell: Any) -> float | None:
        if learner.keep < 1.0:
            return 0.0
        if cell.kind == "manual":
            return 0.0 if learner.words is None else None
        return 0.0 if any(version.loses_cell(cell.grade_id) for version in learner.writes) else cell.points

    def write(self, student: str, index: int, data: bytes) -> bool:
        """Put a submission where nbgrader expects it; False if it is there already."""
        path = self.path(student)
        if path.exists() and path.read_bytes() == data:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        handed_in = _HANDED_IN + timedelta(minutes=index)
        (path.parent / "timestamp.txt").write_text(f"{handed_in} UTC\n", encoding="utf-8")
        path.write_bytes(data)
        return True


def _solutions(source: Path) -> dict[str, str]:
    """The solution cells' code by grade id, without nbgrader's markers."""
    cells = nbformat.read(source, as_version=4).cells
    marked = [cell for cell in cells if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution")]
    return {_grade_id(cell): "\n".join(filter(_is_code, cell.source.splitlines())) + "\n" for cell in marked}


def _is_code(line: str) -> bool:
    return line.strip() not in ("### BEGIN SOLUTION", "### END SOLUTION")


def _grade_id(cell: Any) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def _code_cell(text: str, index: int) -> dict[str, Any]:
    empty: dict[str, Any] = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    return {**empty, "id": f"own-{index}", "source": text}
