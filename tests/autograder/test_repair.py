"""Repair brings back the author's cells, keeps the learner's, and says what it did."""

import random

import nbformat
import pytest
from nbformat.notebooknode import NotebookNode
from nbgrader.utils import compute_checksum

from autograder.cells import grade_id
from autograder.intake import parse
from autograder.repair import repair
from tests.autograder.notebooks import assignment, cell, insert, right, to_bytes, write

CHECK = "gd_step-one_step"


def repaired(notebook: NotebookNode) -> tuple[NotebookNode, tuple[str, ...]]:
    """The repaired notebook, in which every cell of the source stands once and as nbgrader needs it."""
    parsed = parse(to_bytes(notebook))
    result, problems = repair(parsed, assignment())
    nbformat.validate(result)
    assert sorted(filter(None, map(grade_id, result.cells))) == sorted(assignment().by_id)
    for source in assignment().cells:
        mended = cell(result, source.grade_id)
        assert dict(mended.metadata) == source.metadata
        assert mended.cell_type == source.cell_type
        if source.restored:
            assert mended.source == source.source
            assert compute_checksum(mended) == source.metadata["nbgrader"]["checksum"]
    return result, problems


def learners(notebook: NotebookNode) -> list[str]:
    return [c.source for c in notebook.cells if not grade_id(c) or not assignment().by_id[grade_id(c)].restored]


def test_a_sound_notebook_has_no_problems_and_keeps_its_cells() -> None:
    result, problems = repaired(right())
    assert problems == ()
    assert learners(result) == learners(right())
    assert [c.id for c in result.cells] == [c.id for c in right().cells]


def test_the_given_notebook_is_not_changed() -> None:
    parsed = parse(to_bytes(right()))
    before = nbformat.writes(parsed)
    repair(parsed, assignment())
    assert nbformat.writes(parsed) == before


def test_an_edited_check_is_restored() -> None:
    notebook = right()
    write(notebook, CHECK, "pass")
    assert repaired(notebook)[1] == (f"The cell {CHECK} had been edited; its original text was restored.",)


def test_released_text_is_no_edit_though_hidden_tests_are_missing() -> None:
    notebook = right()
    write(notebook, CHECK, assignment().by_id[CHECK].released)
    assert repaired(notebook)[1] == ()


def test_deleted_cells_come_back_in_their_places() -> None:
    notebook = right()
    kept = [c for c in notebook.cells if grade_id(c) not in (CHECK, "setup", "gd_step-many_steps")]
    notebook.cells = kept
    result, problems = repaired(notebook)
    assert len(problems) == 3
    assert all("had been deleted; it was put back" in problem for problem in problems)
    order = [name for name in map(grade_id, result.cells) if name]
    assert order == [source.grade_id for source in assignment().cells]


def test_a_deleted_answer_comes_back_empty_and_says_so() -> None:
    notebook = right()
    notebook.cells = [c for c in notebook.cells if grade_id(c) != "gd_step"]
    result, problems = repaired(notebook)
    assert len(problems) == 1
    assert "gd_step had been deleted; it was put back as it was handed out, so without an answer" in problems[0]
    assert "NotImplementedError" in cell(result, "gd_step").source


def test_of_copies_the_last_counts() -> None:
    notebook = right()
    copy = nbformat.from_dict(cell(notebook, "gd_step"))
    copy.source = "def gd_step(): last"
    notebook.cells.append(copy)
    result, problems = repaired(notebook)
    assert problems == ("The cell gd_step was there more than once; the last one counts.",)
    assert cell(result, "gd_step").source == "def gd_step(): last"


@pytest.mark.parametrize("lose", ["metadata", "metadata and id"])
def test_lost_metadata_are_mended(lose: str) -> None:
    notebook = right()
    for name in ("gd_step", "sgd_step", CHECK):
        lost = cell(notebook, name)
        lost.metadata = {}
        if "id" in lose:
            lost.id = f"new-{name[:3]}"
    result, problems = repaired(notebook)
    assert sorted(problems) == sorted(
        f"The cell {name} had lost its metadata; it was recognised and mended."
        for name in ("gd_step", "sgd_step", CHECK)
    )
    assert cell(result, "sgd_step").source == cell(right(), "sgd_step").source


def test_all_metadata_lost_as_by_some_editors() -> None:
    notebook = right()
    for each in notebook.cells:
        each.metadata = {}
    result, problems = repaired(notebook)
    assert len(problems) == len(assignment().cells)
    assert [c.source for c in result.cells if c.source.startswith("def ")] == [
        c.source for c in right().cells if c.source.startswith("def ")
    ]


def test_points_and_kinds_are_the_authors() -> None:
    notebook = right()
    cell(notebook, CHECK).metadata.nbgrader.points = 1000
    cell(notebook, CHECK).metadata.nbgrader.solution = True
    cell(notebook, "gd_step").metadata.nbgrader.grade = True
    repaired(notebook)


def test_a_forged_grade_cell_is_made_an_ordinary_one() -> None:
    notebook = right()
    insert(notebook, "1")
    notebook.cells[0].metadata = {"nbgrader": {"grade": True, "grade_id": "bonus", "points": 50, "solution": False}}
    result, problems = repaired(notebook)
    assert problems == ("A cell that is not part of the assignment (bonus) claimed points; it has none.",)
    assert dict(result.cells[0].metadata) == {}


def test_a_cell_whose_type_was_changed_gets_it_back() -> None:
    notebook = right()
    code = cell(notebook, "gd_step")
    code.cell_type = "markdown"
    del code["outputs"], code["execution_count"]
    result, problems = repaired(notebook)
    assert problems == ("The cell gd_step had become a markdown cell; it is code again.",)
    assert cell(result, "gd_step").source == cell(right(), "gd_step").source


@pytest.mark.parametrize("damage", [None, [], "text", {"grade_id": 3}, {"grade_id": None}, {}])
def test_nonsense_in_the_metadata_is_mended(damage: object) -> None:
    notebook = right()
    cell(notebook, CHECK).metadata = {"nbgrader": damage, "tags": damage}
    repaired(notebook)


@pytest.mark.parametrize("seed", range(20))
def test_any_mixture_of_damage_is_mended(seed: int) -> None:
    notebook, draw = right(), random.Random(seed)
    for each in list(notebook.cells):
        match draw.randrange(8):
            case 0:
                notebook.cells.remove(each)
            case 1:
                notebook.cells.append(nbformat.from_dict(each))
            case 2:
                each.metadata = {}
            case 3:
                each.source = "changed"
            case 4:
                each.id = "same"
    draw.shuffle(notebook.cells)
    repaired(notebook)
