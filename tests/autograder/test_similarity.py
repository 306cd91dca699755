"""Copies are found however they are dressed, and nobody is shown for a right answer of their own."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.course import CourseError
from autograder.similarity.answers import read_answers
from autograder.similarity.own_answers import own_answers
from autograder.similarity.page import similarity_page, write_similarity
from autograder.similarity.rarity import common_weight, rarity
from autograder.similarity.work import read_work
from tests.autograder.courses import run
from tests.autograder.similar_classes import (
    ALPHABET,
    COURSE,
    PS3,
    Answers,
    compared,
    disguised,
    drawn,
    handout,
    neighbours,
    on_disk,
    shown,
    ways,
)

LONG = ("ps2_stochastic_descent", PS3, "ps5_adam", "ps6_rest_of_the_ten", "ps7_lbfgs", "ps8_capstone")


def copy_of(answers: Answers, seed: int = 0, *, rewritten: bool = True) -> Answers:
    chance = random.Random(seed)
    made = [(f, disguised(text, f, chance, rewritten=rewritten)) for f, text in answers.items()]
    chance.shuffle(made)
    return dict(made)


@pytest.mark.parametrize("name", COURSE.assignments)
def test_independent_right_answers_are_not_shown(name: str) -> None:
    for people in (drawn(name, 2, 1), drawn(name, 4, 2), drawn(name, 12, 3), neighbours(name, 3), neighbours(name, 30)):
        assert shown(compared(name, people)) == set(), len(people)


@pytest.mark.parametrize("name", LONG)
@pytest.mark.parametrize("number", [4, 14])
def test_a_disguised_copy_is_found_and_nobody_else(name: str, number: int) -> None:
    """Other names, order and comments, lines split, prints put in."""
    people = drawn(name, number, 5)
    comparison = compared(name, [*people, copy_of(people[2])])
    assert shown(comparison) == {(2, number)}
    pair = comparison.groups[0][0]
    assert pair.share > 0.95
    assert pair.chance < 1 / 32


def test_three_who_share_are_one_group() -> None:
    people = drawn(PS3, 20, 8)
    comparison = compared(PS3, [*people, copy_of(people[0], 1), copy_of(people[0], 2)])
    assert [sorted({p.first for p in group} | {p.second for p in group}) for group in comparison.groups] == [
        [0, 20, 21]
    ]


@settings(derandomize=True, deadline=None, max_examples=20, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.integers(0, 7))
def test_any_renaming_and_reordering_keeps_the_pair(seed: int, who: int) -> None:
    people = drawn(PS3, 8, 3)
    comparison = compared(PS3, [*people, copy_of(people[who], seed, rewritten=False)])
    assert shown(comparison) == {(who, 8)}
    assert comparison.groups[0][0].share == pytest.approx(1.0)


def test_what_many_write_tells_nothing() -> None:
    """The same pair stands out among others, but not where most write as they do."""
    people = drawn(PS3, 20, 4)
    common = people[0]
    assert shown(compared(PS3, [*people, common])) == {(0, 20)}
    assert shown(compared(PS3, [*people[:8], *[common] * 12])) == set()


def test_the_courses_own_solution_is_named_and_accuses_nobody() -> None:
    solution = {name: answer.code for name, answer in handout(PS3).own[0].items()}
    people = [solution, copy_of(solution), *drawn(PS3, 6, 2)]
    works = [read_work(str(i), list(answers.values()), handout(PS3), ALPHABET) for i, answers in enumerate(people)]
    assert shown(compared(PS3, people)) == set()
    counts, holders = own_answers(works, handout(PS3))
    assert len(holders[0].verbatim) == 6
    assert [(holder.student, len(holder.equal)) for holder in holders] == [("0", 6), ("1", 6)]
    assert len(holders[1].verbatim) < 6
    assert all(row.answered == 8 and row.equal >= 2 for row in counts)


@pytest.mark.parametrize(
    "other",
    [
        "def f(a, b):\n    # mine\n    second = b * a\n    return second + 1.0",
        "def f(x: float, y: float) -> float:\n    '''Docs.'''\n    print(x)\n    return 1 + x * y",
        "f = lambda p, q: p * q + 1",
        "def f(a, b):\n    c: float = a * b\n    pass\n    return c + 1",
    ],
)
def test_rewording_leaves_the_symbols(other: str) -> None:
    plain, reworded = (read_answers([text], ["f"])["f"].texts for text in ("def f(a, b):\n    return a * b + 1", other))
    assert plain == reworded
    assert plain != read_answers(["def f(a, b):\n    return a * b - 1"], ["f"])["f"].texts


def test_choices_have_one_form() -> None:
    forms = (
        "if not a > b:\n        return a\n    else:\n        return b",
        "if b < a:\n        return b\n    return a",
        "c = b if b < a else a\n    return c",
    )
    assert len({read_answers([f"def f(a, b):\n    {form}"], ["f"])["f"].texts for form in forms}) == 1


def test_helpers_come_from_the_same_cell_first_and_only_where_called() -> None:
    cells = [
        "def h(x):\n    return x\n\ndef f(a):\n    return h(a)",
        "def h(x):\n    return -x\n\ndef g(a):\n    return h(a)",
    ]
    found = read_answers([*cells, "def unused():\n    return 1"], ["f", "g"])
    assert found["f"].code == "def f(a):\n    return h(a)\n\ndef h(x):\n    return x"
    assert found["g"].code.endswith("return -x")


def test_what_does_not_parse_is_compared_by_its_tokens() -> None:
    people = drawn(PS3, 10, 6)
    broken = {name: text + "\n    return (" for name, text in copy_of(people[4]).items()}
    works = [read_work(str(i), list(a.values()), handout(PS3), ALPHABET) for i, a in enumerate([*people, broken])]
    assert not any(answer.parsed for answer in works[10].answers.values())
    page = similarity_page(PS3, works, {}, handout(PS3))
    assert [student for student, _ in page.as_text] == ["10"] * 6
    one_broken = {**copy_of(people[4], rewritten=False)}
    one_broken["sgd_lr"] += "\n    return ("
    assert shown(compared(PS3, [*people, one_broken])) == {(4, 10)}


def test_rarity_falls_with_the_number_who_have_it() -> None:
    class_of_8 = [{"f": {1, 2, 3} if i < 2 else {2, 3} if i < 4 else {3}} for i in range(8)]
    told = rarity(class_of_8, known={9})
    assert told[1] == 1.0
    assert told[3] == 0.0
    assert told[2] == pytest.approx(0.5)
    shared = common_weight([each["f"] for each in class_of_8], told)
    assert shared[0, 1] == pytest.approx(1.5)
    assert shared[0, 2] == pytest.approx(0.5)
    assert rarity(class_of_8, known={1})[1] == 0.0


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    people = drawn(PS3, 6, 1)
    evil = "<script>alert(1)</script>"
    people[0] = {**people[0], "sgd_lr": f"# {evil} pinch of salt\n{ways('sgd_lr')[7]}"}
    names = {f"s{i}": answers for i, answers in enumerate(people)} | {"t": people[0], "idle": {}}
    course = on_disk(tmp_path, names)
    (course.submitted("idle", PS3) / f"{PS3}.ipynb").write_text("{}")
    done = run(course, "similarity", PS3)
    assert done.returncode == 0, done.stderr
    assert "7 submissions compared, 1 group to look at." in done.stdout
    text = (course.root / "reports" / f"{PS3}_similarity.html").read_text()
    assert "s0 and t" in text
    assert "pinch of salt" in text
    assert "idle" in text
    assert "<script" not in text


def test_nobody_to_compare_is_said(tmp_path: Path) -> None:
    course = on_disk(tmp_path, {})
    with pytest.raises(CourseError, match="Nobody has handed in"):
        write_similarity(course, PS3)
    one = on_disk(tmp_path / "one", {"alone": drawn(PS3, 1, 1)[0]})
    assert write_similarity(one, PS3)[1].groups == ()
