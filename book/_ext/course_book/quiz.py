"""``{quiz}``: one question, its answers, and for each answer a reply. It works by keyboard, without scripts, in print.

Each answer is a radio button followed by its reply, which the style sheet shows while its button is chosen. So the page
needs no script to answer; ``quiz.js`` only reads the reply to screen readers. What stands on paper is in
``quiz_on_paper.py``. The syntax is in ../README.md.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from course_book.quiz_nodes import answer_node, quiz_node
from course_book.quiz_on_paper import QuizOnPaper

_ANSWER = re.compile(r"^- \[([ xX])\] +(.*)$")
_REPLY = re.compile(r"^ {2,}> ?(.*)$")


@dataclass
class Answer:
    """One answer as it is written: whether it is right, its text, and the reply to whoever chooses it."""

    right: bool
    text: list[str]
    reply: list[str]


class QuizError(ValueError):
    """A question that a reader could not answer as written."""


def parse(lines: list[str]) -> tuple[list[str], list[Answer]]:
    """The question's lines and its answers.

    Raises
    ------
    QuizError
        If there is no question, fewer than two answers, not exactly one right answer, or an answer without a reply.
    """
    question: list[str] = []
    answers: list[Answer] = []
    for line in lines:
        if found := _ANSWER.match(line):
            answers.append(Answer(found[1] != " ", [found[2]], []))
        elif answers and (found := _REPLY.match(line)):
            answers[-1].reply.append(found[1])
        elif answers and line.strip():
            answers[-1].text.append(line.strip())
        elif not answers:
            question.append(line)
    _check(question, answers)
    return question, answers


def _check(question: list[str], answers: list[Answer]) -> None:
    if not any(line.strip() for line in question):
        raise QuizError("a quiz starts with its question")
    if len(answers) < 2:
        raise QuizError("a quiz needs two or more answers, each on a line that starts with '- [ ]' or '- [x]'")
    if sum(answer.right for answer in answers) != 1:
        raise QuizError("a quiz needs exactly one right answer, marked '- [x]'")
    for answer in answers:
        if not answer.reply:
            raise QuizError(f"the answer {answer.text[0]!r} needs a reply, on a line below it that starts with '  >'")


class Quiz(SphinxDirective):
    """The directive."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        try:
            question, answers = parse(list(self.content))
        except QuizError as problem:
            raise self.error(str(problem)) from None
        name = f"quiz-{self.env.docname.replace('/', '-')}-{self.env.new_serialno('quiz')}"
        quiz = quiz_node("", self._read(question), name=name)
        for answer in answers:
            quiz += answer_node("", self._read(answer.text), self._read(answer.reply), name=name, right=answer.right)
        self.set_source_info(quiz)
        return [quiz]

    def _read(self, lines: list[str]) -> nodes.container:
        part = nodes.container()
        source, _ = self.get_source_info()
        self.state.nested_parse(StringList(lines, source=source), self.content_offset, part)
        return part


def visit_quiz(writer: Any, node: quiz_node) -> None:
    asked = f"{node['name']}-question"
    node[0]["ids"].append(asked)
    writer.body.append(f'<fieldset class="quiz" aria-labelledby="{asked}">')


def depart_quiz(writer: Any, node: quiz_node) -> None:
    writer.body.append('<p class="quiz-said" role="status"></p></fieldset>')


def visit_answer(writer: Any, node: answer_node) -> None:
    number = node.parent.index(node)
    ids = f"{node['name']}-{number}"
    writer.body.append(
        f'<div class="quiz-answer" data-right="{str(node["right"]).lower()}">'
        f'<input type="radio" name="{node["name"]}" id="{ids}"><label for="{ids}">'
    )
    _inline(writer, node[0])
    verdict = "Right." if node["right"] else "Not this one."
    writer.body.append(f'</label><div class="quiz-reply"><b>{verdict}</b> ')
    _inline(writer, node[1])
    writer.body.append("</div></div>")
    raise nodes.SkipNode


def _inline(writer: Any, part: nodes.Element) -> None:
    """A label may not hold paragraphs: write what they hold."""
    for block in part.children:
        for child in block.children if isinstance(block, nodes.paragraph) else [block]:
            child.walkabout(writer)


def setup(app: Sphinx) -> None:
    app.add_node(quiz_node, html=(visit_quiz, depart_quiz))
    app.add_node(answer_node, html=(visit_answer, lambda *_: None))
    app.add_directive("quiz", Quiz)
    app.add_post_transform(QuizOnPaper)
    app.connect("builder-inited", add_script)
    app.connect("html-page-context", load_script)


def add_script(app: Sphinx) -> None:
    app.config.html_static_path.append(str(Path(__file__).parent / "quiz_assets"))


def load_script(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    if 'class="quiz"' in context.get("body", ""):
        app.add_js_file("quiz.js", defer="defer")
