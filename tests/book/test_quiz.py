"""The quiz directive's reading of a question."""

import pytest
from course_book.quiz import QuizError, parse

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
