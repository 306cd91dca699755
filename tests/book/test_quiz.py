"""The quiz directive's reading of a question."""

import pytest
from course_book.quiz import QuizError, parse
from course_book.quiz_nodes import answer_node, quiz_node
from course_book.quiz_on_paper import QuizOnPaper
from docutils import nodes
from docutils.utils import new_document

GOOD = """What is
1 + 1?

- [ ] One,
  or less.
  > Count again.
- [x] Two.
  > Yes:
  > one and one.
"""


def test_a_question_is_read_whole() -> None:
    question, answers = parse(GOOD.splitlines())
    assert " ".join(question).split() == ["What", "is", "1", "+", "1?"]
    assert [answer.right for answer in answers] == [False, True]
    assert answers[0].text == ["One,", "or less."]
    assert answers[1].reply == ["Yes:", "one and one."]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD.replace("[x]", "[ ]"), "exactly one right answer"),
        (GOOD.replace("[ ]", "[x]"), "exactly one right answer"),
        (GOOD.replace("  > Count again.\n", ""), "'One,' needs a reply"),
        ("Why?\n\n- [x] Because.\n  > So.\n", "two or more answers"),
        ("\n".join(GOOD.splitlines()[3:]), "starts with its question"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(text: str, message: str) -> None:
    with pytest.raises(QuizError, match=message):
        parse(text.splitlines())


def container(text: str) -> nodes.container:
    return nodes.container("", nodes.paragraph("", text))


def quiz(question: str, *answers: tuple[bool, str, str]) -> quiz_node:
    parts = [answer_node("", container(text), container(reply), right=right) for right, text, reply in answers]
    return quiz_node("", container(question), *parts)


def test_on_paper_the_answers_stand_after_the_last_question_with_the_right_one_first() -> None:
    document = new_document("page")
    section = nodes.section("", nodes.title("", "Quiz"))
    section += quiz("One and one?", (False, "One.", "Count again."), (True, "Two.", "Yes: one and one."))
    section += nodes.paragraph("", "In between.")
    section += quiz("Is it raining?", (True, "Look.", "You did."), (False, "No.", "How do you know?"))
    document += section

    QuizOnPaper(document).run()

    assert not list(document.findall(quiz_node))
    first, between, second, rubric, _, solved, _ = section.children[1:]
    assert first.astext().split() == ["One", "and", "one?", "One.", "Two."]
    assert [line.astext() for line in first[0][1]] == ["One.", "Two."]
    assert (first["start"], second["start"]) == (1, 2)
    assert between.astext() == "In between."
    assert rubric.astext() == "Answers"
    assert [item.astext().strip() for item in solved] == [
        "(b) Yes: one and one. (a) Count again.",
        "(a) You did. (b) How do you know?",
    ]
    assert [strong.astext() for strong in solved.findall(nodes.strong)] == ["(b)", "(a)"]
