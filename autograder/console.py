"""What the command line says: everything that is printed is printed here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

if TYPE_CHECKING:  # what is imported here is imported again where it is used; `--help` stays quick
    from autograder.batch import Summary, Watch
    from autograder.course import Course
    from autograder.doctor import Finding
    from autograder.marks import Mark
    from autograder.sample_class import SampleClass
    from autograder.sandbox.tiers import Description
    from autograder.where import Place

_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)
_DOING = {"grading": "Grading", "feedback": "Writing feedback"}
ROWS = 30  # students listed one by one after a run; a larger class gets its numbers


def say(text: str) -> None:
    """Print a line; ``text`` may hold Rich markup."""
    _out.print(text)


def error(text: str) -> None:
    _err.print(f"[red]{escape(text)}[/red]")


def shown(place: Path | str) -> str:
    """A path as seen from here, if it is below; another text as it is."""
    if isinstance(place, str):
        return escape(place)
    here = Path.cwd()
    return escape(str(place.relative_to(here) if place.is_relative_to(here) else place))


def sandbox(tier: Description) -> None:
    """Which sandbox is used; of a lesser one also what it lets through, and how to get a better one."""
    say(f"Sandbox: {tier.tier}")
    if tier.better:
        error(f"It lets through: {tier.lets_through}")
    for better in tier.better:
        error(f"The better sandbox {better.name} does not work here ({better.why}). To get it, {better.how}.")


def released(course: Course, name: str, changed: bool) -> None:
    say(f"Release of {escape(name)}: {'made' if changed else 'up to date'}, {shown(course.release(name))}")


def sample(made: SampleClass) -> None:
    say(f"Sample class: {made.written} submissions written, {made.kept} were there already, {shown(made.folder)}")
    say(f"What each must score: {shown(made.expected)}")


@contextmanager
def progress() -> Iterator[Watch]:
    """A bar with counts and time left; lines now and then where the output is no terminal."""
    if not _out.is_terminal:
        yield _line_by_line
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TextColumn("left"), TimeRemainingColumn(), console=_out) as bars:
        tasks: dict[str, TaskID] = {}

        def watch(stage: str, done: int, total: int) -> None:
            if total and stage not in tasks:
                tasks[stage] = bars.add_task(_DOING[stage], total=total)
            if total:
                bars.update(tasks[stage], completed=done)

        yield watch


def _line_by_line(stage: str, done: int, total: int) -> None:
    if total and (done in (0, total) or done * 10 // total > (done - 1) * 10 // total):
        say(f"{_DOING[stage]}: {done} of {total}")


def graded(course: Course, summary: Summary) -> None:
    """What a run did, the marks, and where everything is."""
    _said_done(summary)
    for student, reason in sorted(summary.failed.items()):
        error(f"{student}: {reason}. It has no score until it is graded; run the same command to try again.")
    marks = summary.marks
    if 0 < len(marks.marks) <= ROWS:
        say("")
        _out.print(_table(list(marks.marks.values()), marks.max_score))
    if marks.marks:
        totals = [mark.total for mark in marks.marks.values()]
        waiting = sum(mark.needs_manual_grade for mark in marks.marks.values())
        average = f"mean {mean(totals):.1f} of {marks.max_score:g}"
        say(f"\n{len(totals)} submissions, {average}; {waiting} wait for a person's grade.")
    else:
        say(f"\nNobody has handed in anything: there is no {shown(course.submitted('STUDENT', marks.assignment))}")
    say("")
    for what, place in _results(course, marks.assignment):
        say(f"{what:13}{shown(place)}")


def _said_done(summary: Summary) -> None:
    if not (summary.graded or summary.rendered or summary.failed):
        say(f"Nothing changed: {summary.unchanged} submissions are graded already ({summary.seconds:.1f} s).")
        return
    done = [f"{summary.graded} graded"]
    done += [f"{summary.unchanged} unchanged"] if summary.unchanged else []
    done += [f"{summary.rendered} feedback pages written"] if summary.rendered else []
    say(f"{', '.join(done)} in {summary.seconds:.1f} s.")


def _table(marks: list[Mark], max_score: float) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("student", overflow="fold")
    table.add_column(f"of {max_score:g}", justify="right")
    table.add_column("")
    for mark in marks:
        notes = [f"late: −{mark.late_penalty:g}"] if mark.late_penalty else []
        notes += ["to grade by hand"] if mark.needs_manual_grade else []
        table.add_row(escape(mark.student), f"{mark.total:g}", ", ".join(notes))
    return table


def _results(course: Course, name: str) -> list[tuple[str, Path | str]]:
    return [
        ("Gradebook", course.gradebook_place),
        ("Feedback", course.root / "feedback"),
        ("Marks", course.marks(name)),
        ("Class report", course.report(name)),
    ]


def findings(found: list[Finding]) -> None:
    table = Table(box=None, pad_edge=False, show_header=False)
    for finding in found:
        table.add_row(escape(finding.what), escape(finding.found))
        if finding.advice:
            table.add_row("", f"[yellow]{escape(finding.advice)}[/yellow]")
    _out.print(table)


def places(found: list[Place]) -> None:
    width = max(len(place.what) for place in found)
    for place in found:
        if place.exists:
            say(f"{escape(place.what):{width}}  {shown(place.path)}")
        else:
            error(f"{place.what:{width}}  missing; make it with: {place.made_by}")
