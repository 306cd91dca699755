"""From the journal and the gradebook to ``reports/<assignment>.html``, one file that needs no other."""

import json
import os
from dataclasses import replace
from pathlib import Path

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from autograder.assignment import Assignment
from autograder.course import Course, CourseError
from autograder.journal import Journal
from autograder.marks import ClassMarks, read_marks
from autograder.record import write_atomically
from autograder.report.build import Results, class_report
from autograder.report.content import Learner, Report
from autograder.report.examples import Gallery
from autograder.report.figures import descent, histogram, scatter, timeline
from course_lib.palette import PALETTE


def write_report(
    course: Course, assignment: Assignment, marks: ClassMarks, results: Results, failed: dict[str, str]
) -> Report:
    """Write ``reports/<assignment>.html``."""
    page = course.report(assignment.name)
    with Journal(course.journal_file) as journal:
        gallery = Gallery(course, assignment, marks, journal.seed())
        report = class_report(
            assignment,
            marks,
            results,
            failed,
            course.book_url(page),
            attempts=journal.attempts(assignment.name),
            gallery=gallery,
        )
    report = replace(report, title=_heading(course, assignment) or report.title)
    for learner in (*report.help, *report.look, *report.stuck):
        learner.page = _feedback(course, assignment, learner, page)
    write_atomically(page, render(report))
    return report


def _heading(course: Course, assignment: Assignment) -> str:
    """What the notebook calls itself in its first heading; empty if it has none."""
    cells = json.loads(course.source_notebook(assignment.name).read_text(encoding="utf-8"))["cells"]
    lines = ("".join(cell["source"]).partition("\n")[0] for cell in cells if cell["cell_type"] == "markdown")
    return next((line.lstrip("# ") for line in lines if line.startswith("# ")), "")


def _feedback(course: Course, assignment: Assignment, learner: Learner, page: Path) -> str:
    """The way from the report to a learner's feedback page; empty where there is none."""
    found = course.feedback(learner.student, assignment.name) / f"{assignment.notebook_name}.html"
    return os.path.relpath(found, page.parent).replace(os.sep, "/") if found.is_file() else ""


def render(report: Report) -> str:
    """The page."""
    templates = Environment(loader=PackageLoader("autograder"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    templates.filters.update(python=highlighted, descent=descent, points=lambda number: f"{round(number, 2):g}")
    return templates.get_template("report.html.j2").render(
        report=report,
        inks=Markup(_inks()),
        histogram=histogram(report.scores, report.standing) if report.standing.handed_in else None,
        timeline=timeline(report.times) if report.times else None,
        scatter=scatter(report.movement) if report.movement and report.movement.pairs else None,
    )


def _inks() -> str:
    """The course's palette, light, and dark for who asks for it; paper is light."""
    light = ";".join(f"--{name}:{colour.light}" for name, colour in PALETTE.items())
    dark = ";".join(f"--{name}:{colour.dark}" for name, colour in PALETTE.items())
    return f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"


def highlighted(code: str) -> Markup:
    """Python with lines and words marked for the style sheet; everything is escaped."""
    from pygments import highlight  # type: ignore[import-untyped]
    from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
    from pygments.lexers import PythonLexer  # type: ignore[import-untyped]

    lines = highlight(code, PythonLexer(), HtmlFormatter(nowrap=True)).rstrip().split("\n")
    return Markup("".join(f'<span class="row">{line}</span>' for line in lines))


def report_class(course: Course, name: str) -> Path:
    """Write the report from what has been graded; gives the page.

    Raises
    ------
    CourseError
        If nothing has been graded yet.
    """
    assignment = Assignment.load(course.root, name)
    with Journal(course.journal_file) as journal:
        if next(journal.results(name), None) is None:
            raise CourseError(f"Nothing of {name} has been graded yet. Run: python -m autograder grade {name}")
        write_report(course, assignment, read_marks(course, assignment), journal.results(name), {})
    return course.report(name)
