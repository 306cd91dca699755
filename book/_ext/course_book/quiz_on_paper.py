"""Quizzes where nothing can be chosen: numbered questions with lettered answers, and what is right after the last one.

The questions of one section belong together. So that nobody reads the answer with the question, all that is said on
choosing stands below the last question: first the right answer and why, then what is wrong with each of the others.
"""

from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from course_book.quiz_nodes import answer_node, quiz_node


class QuizOnPaper(SphinxPostTransform):
    """Replaces the questions of a page by lists that every writer can set."""

    default_priority = 400  # after references are resolved
    formats = ("latex", "text")

    def run(self, **kwargs: Any) -> None:
        sections = {id(quiz.parent): quiz.parent for quiz in self.document.findall(quiz_node)}
        for section in sections.values():
            quizzes = [child for child in section.children if isinstance(child, quiz_node)]
            after = section.index(quizzes[-1]) + 1
            section[after:after] = solved(quizzes)
            for number, quiz in enumerate(quizzes, start=1):
                section.replace(quiz, asked(quiz, number))


def asked(quiz: quiz_node, number: int) -> nodes.enumerated_list:
    """The question with its number, and its answers with their letters."""
    letters = nodes.enumerated_list(enumtype="loweralpha", prefix="(", suffix=")")
    letters += [nodes.list_item("", *answer[0].deepcopy().children) for answer in quiz[1:]]
    question = nodes.list_item("", *quiz[0].deepcopy().children, letters)
    return nodes.enumerated_list("", question, enumtype="arabic", prefix="", suffix=".", start=number)


def solved(quizzes: list[quiz_node]) -> list[nodes.Node]:
    """The block below the questions, in small print where the writer knows it."""
    answers = [nodes.list_item("", nodes.paragraph("", "", *_said(quiz))) for quiz in quizzes]
    return [
        nodes.rubric("", "Answers"),
        nodes.raw("", r"\begingroup\small", format="latex"),
        nodes.enumerated_list("", *answers, enumtype="arabic", prefix="", suffix="."),
        nodes.raw("", r"\endgroup", format="latex"),
    ]


def _said(quiz: quiz_node) -> Iterator[nodes.Node]:
    answers: list[tuple[str, answer_node]] = list(zip("abcdefghij", quiz[1:], strict=False))
    for letter, answer in sorted(answers, key=lambda pair: not pair[1]["right"]):
        mark = nodes.strong if answer["right"] else nodes.inline
        yield mark("", f"({letter})")
        yield nodes.Text(" ")
        for block in answer[1].children:
            yield from block.deepcopy().children if isinstance(block, nodes.paragraph) else [block.deepcopy()]
        yield nodes.Text(" ")
