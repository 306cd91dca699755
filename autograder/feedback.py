"""``autograded/`` + gradebook → ``feedback/``: a page on nbgrader's own template, rendered without a query per cell."""

import json
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nbformat

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.feedback_summary import summarize
from autograder.formulas import latex_output, mathml
from autograder.intake import read_submission
from autograder.journal import digest
from autograder.marks import Mark
from autograder.record import write_atomically

TEMPLATES = Path(__file__).parent / "templates"
_SECTIONS = ("Exporter", "TemplateExporter", "HTMLExporter", "NbConvertBase", "CSSHTMLHeaderPreprocessor")
# What nbgrader's exchange put beside a submission and asks back: who holds the secret may fetch the page.
_TOKENS = ("timestamp.txt", "submission_secret.txt")
_UNNAMED_PICTURE = re.compile(r"<img(?![^>]*\salt=)(?=[\s>])")


@dataclass(frozen=True)
class FeedbackTask:
    """What one page is made from and where it goes: nbgrader's ``GetGrades`` as data."""

    student: str
    notebook: Path
    page: Path
    scores: Mapping[str, tuple[float, float]]
    comments: Mapping[str, str]
    totals: Mapping[str, float]
    waiting: tuple[str, ...]
    """Cells that a person has still to grade."""
    tokens: Mapping[str, str]
    """What the exchange put beside the submission, by file name."""

    def fingerprint(self, result_key: str) -> str:
        """Changes when the page would: with the result, or with what a person graded or wrote since."""
        shown = [result_key, self.scores, self.comments, self.totals, self.waiting, self.tokens]
        return digest(json.dumps([*shown, templates_digest()]).encode())


@cache
def templates_digest() -> str:
    return digest(b"".join(path.read_bytes() for path in sorted(TEMPLATES.rglob("*")) if path.is_file()))


def feedback_task(course: Course, assignment: Assignment, mark: Mark) -> FeedbackTask:
    """The page of one student, from the marks as the gradebook has them now."""
    name, notebook = assignment.name, assignment.notebook_name
    return FeedbackTask(
        student=mark.student,
        notebook=course.autograded(mark.student, name) / f"{notebook}.ipynb",
        page=course.feedback(mark.student, name) / f"{notebook}.html",
        scores={name: (cell.score, cell.max_score) for name, cell in mark.cells.items()},
        comments=mark.comments,
        totals={
            "score": mark.score - mark.late_penalty,
            "max_score": sum(cell.max_score for cell in mark.cells.values()),
            "late_penalty": mark.late_penalty,
        },
        waiting=tuple(name for name, cell in mark.cells.items() if cell.needs_manual_grade),
        tokens=_tokens(course.submitted(mark.student, name)),
    )


def _tokens(submitted: Path) -> dict[str, str]:
    found = {name: read_submission(submitted / name) for name in _TOKENS}
    return {name: data.decode("utf-8", "replace") for name, data in found.items() if isinstance(data, bytes)}


def deliver(task: FeedbackTask, page: str) -> None:
    """Put the page in its place, and beside it what ``nbgrader release_feedback`` needs to hand it back.

    That command stops at the first student without these, and those after get nothing. A submission that came another
    way than through the exchange has none; it gets a secret that nobody holds.
    """
    write_atomically(task.page, page)
    instead = {"timestamp.txt": "", "submission_secret.txt": secrets.token_hex(64)}
    for name in _TOKENS:
        path = task.page.with_name(name)
        if name in task.tokens or not path.is_file():
            write_atomically(path, task.tokens.get(name, instead[name]))


def page_settings(course: Course) -> Any:
    """What the course's configuration says of pages, as data that any worker can be sent; no database or folder."""
    config = course.config()
    return type(config)({name: section for name, section in config.items() if name in _SECTIONS})


class FeedbackRenderer:
    """Renders pages with nbgrader's exporter, kept warm: the first page takes 0.3 s, each further one milliseconds.

    ``settings`` is what ``page_settings`` gave; no file of the course is read or written.
    """

    def __init__(self, settings: Any) -> None:
        from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
        from nbgrader.converters import GenerateFeedback

        config = GenerateFeedback(config=settings).config
        html = config.HTMLExporter
        html.template_name = "autograder"
        html.extra_template_paths = [*html.extra_template_paths, *html.extra_template_basedirs]  # for its `extends`
        html.extra_template_basedirs = [str(TEMPLATES), *html.extra_template_basedirs]
        self._exporter = _page_exporter()(config=config)
        self._exporter.register_preprocessor(CSSHTMLHeaderPreprocessor, enabled=True)

    def page(self, task: FeedbackTask, graded: str) -> str:
        """The page of one student, from the text of the autograded notebook."""
        notebook = nbformat.reads(graded, as_version=4)
        for cell in notebook.cells:
            _fill_in(cell.metadata.get("nbgrader", {}), task)
        summary = summarize(notebook.cells, task.waiting)
        about = {"notebook": task.notebook.stem, "student": task.student, "summary": summary}
        resources = {"nbgrader": {**about, **task.totals}}
        page, _ = self._exporter.from_notebook_node(notebook, resources=resources)
        return str(page)


@cache
def _page_exporter() -> Any:
    """nbconvert's ``HTMLExporter`` without its last step, and with formulas that no script has to draw.

    That step parses the finished page to give pictures an alternative text, and takes two thirds of the time.
    """
    from jinja2 import pass_context
    from nbconvert.exporters import HTMLExporter, TemplateExporter
    from nbconvert.filters import Highlight2HTML
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
    from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter

    highlighter: Any = Highlight2HTML
    data_filter: Any = WidgetsDataTypeFilter

    class PageRenderer(IPythonRenderer):
        def inline_math(self, body: str) -> str:
            return mathml(body)

        def block_math(self, body: str) -> str:
            return mathml(body, block=True)

        def latex_environment(self, name: str, body: str) -> str:
            return mathml(rf"\begin{{{name}}}{body}\end{{{name}}}", block=True)

    class PageExporter(HTMLExporter):
        @pass_context
        def markdown2html(self: Any, context: Any, source: str) -> str:
            attachments = context.get("cell", {}).get("attachments", {})
            renderer = PageRenderer(
                escape=False, attachments=attachments, exclude_anchor_links=True, **self.lexer_options
            )
            return str(MarkdownWithMath(renderer=renderer).render(source))

        def default_filters(self: Any) -> Iterator[Any]:
            yield from super().default_filters()  # type: ignore[no-untyped-call]
            yield ("latex_output", latex_output)

        def from_notebook_node(self: Any, nb: Any, resources: Any = None, **settings: Any) -> Any:
            resources = self._init_resources(resources)
            language = nb.metadata.get("language_info", {})
            lexer = language.get("pygments_lexer", language.get("name"))
            known = {"notebook_metadata": self._nb_metadata, "resources": resources}
            self.register_filter("highlight_code", highlighter(pygments_lexer=lexer, parent=self))
            self.register_filter("filter_data_type", data_filter(parent=self, **known))
            page, resources = TemplateExporter.from_notebook_node(self, nb, resources, **settings)
            return _UNNAMED_PICTURE.sub(r'<img alt="A picture that the notebook drew"', page), resources

    return PageExporter


def _fill_in(nbgrader: dict[str, Any], task: FeedbackTask) -> None:
    name = nbgrader.get("grade_id", "")
    if name in task.scores:
        nbgrader["score"], nbgrader["points"] = task.scores[name]
    if nbgrader.get("solution") or nbgrader.get("task"):
        nbgrader["comment"] = task.comments.get(name)
