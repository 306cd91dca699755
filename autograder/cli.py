"""The command line: each command is a few lines over a function that tests call too."""

import os
import webbrowser
from typing import TYPE_CHECKING, Annotated

import typer

from autograder import console
from autograder.course import Course, CourseError
from autograder.lms.command import collect, export
from autograder.options import HERE, AssignmentArgument, CourseOption, plain_errors
from autograder.similarity.command import similarity

if TYPE_CHECKING:
    from autograder.pool import Hire

app = typer.Typer(
    help="Hand out, grade and report on the assignments of a course. Run from the repository's root.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)


def sandbox_tier(name: str | None) -> str:
    """The tier to use, the best one unless named, after saying which it is and how to get a better one."""
    from autograder.sandbox.parent import SandboxError
    from autograder.sandbox.tiers import describe

    try:
        description = describe(name)
    except (SandboxError, ValueError) as error:
        raise CourseError(f"{str(error)[:1].upper()}{str(error)[1:]}. See: python -m autograder doctor") from error
    console.sandbox(description)
    return description.tier


def workers(course: Course, assignment: str, tier: str | None, jobs: int, scheduler: str | None) -> tuple[str, "Hire"]:
    """The sandbox's tier, and how to hire those who work in it: processes here, or the workers of a cluster."""
    if scheduler is None:
        from functools import partial

        from autograder.pool import Pool, get_ready

        get_ready("autograder.worker")
        return sandbox_tier(tier), partial(Pool, jobs)
    from autograder.assignment import Assignment
    from autograder.cluster import LOCAL, cluster

    chosen = sandbox_tier(tier) if scheduler == LOCAL else cluster_tier(tier)
    allow = Assignment.load(course.root, assignment).allow
    return chosen, cluster(scheduler, jobs, chosen, allow, console.error)


def cluster_tier(name: str | None) -> str:
    """The tier that every worker must give: the best of all unless named; this machine need not give it."""
    from autograder.sandbox.table import in_order

    try:
        tier = in_order(name)[0]
    except ValueError as error:
        raise CourseError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error
    console.say(f"Sandbox: {tier.name}, on every worker")
    if name:
        console.error(f"It lets through: {tier.lets_through}")
    return tier.name


@app.command()
def release(
    assignment: Annotated[str | None, typer.Argument(help="Name of an assignment.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All assignments.")] = False,
    course: CourseOption = HERE,
) -> None:
    """Make what learners get (release/) from source/, with nbgrader; nothing to do when up to date."""
    from autograder.journal import Journal
    from autograder.release import release as make

    with plain_errors():
        where = Course.at(course)
        names = where.assignments if everything else [where.require(assignment or "")]
        with Journal(where.journal_file) as journal:
            for name in names:
                console.released(where, name, changed=make(where, name, journal))


@app.command("sample-class")
def sample_class(
    number: Annotated[int, typer.Argument(metavar="N", min=1, help="How many submissions.")],
    assignment: Annotated[str, typer.Option(help="Name of an assignment.")] = "ps1_gradient_descent",
    course: CourseOption = HERE,
) -> None:
    """Make N submissions to try the grader on: right in several styles, wrong in named ways, hostile."""
    from autograder.sample_class import make_sample_class

    with plain_errors():
        console.sample(make_sample_class(Course.at(course), assignment, number))


@app.command()
def grade(
    assignment: AssignmentArgument,
    student: Annotated[list[str] | None, typer.Option(help="Only this student; may be given several times.")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Submissions graded side by side.")] = os.cpu_count() or 1,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Grade on the workers of this Dask scheduler; local starts JOBS here."),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Draw hidden inputs from this number, not the secret one.")] = None,
    tier: Annotated[str | None, typer.Option(help="Use this sandbox tier, not the best there is.")] = None,
    course: CourseOption = HERE,
) -> None:
    """Grade what is new or changed in submitted/: gradebook.db, autograded/, feedback/, marks/ and reports/.

    Exit status: 0 when every submission has its grade (a bad submission's grade is 0), 1 when the grader itself failed
    on some, 2 when nothing could be done.
    """
    with plain_errors():
        where = Course.at(course)
        where.require(assignment)
        chosen, hire = workers(where, assignment, tier, jobs, scheduler)
        from autograder.batch import grade_class

        with console.progress() as watch:
            summary = grade_class(
                where, assignment, tier=chosen, hire=hire, seed=seed, students=student or None, watch=watch
            )
        console.graded(where, summary)
        if summary.failed:
            raise typer.Exit(1)


@app.command()
def report(
    assignment: AssignmentArgument,
    show: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    course: CourseOption = HERE,
) -> None:
    """Write the class report from what has been graded: reports/ASSIGNMENT.html."""
    from autograder.report import report_class

    with plain_errors():
        where = Course.at(course)
        page = report_class(where, where.require(assignment))
        console.say(f"Class report: {console.shown(page)}")
        if show:
            webbrowser.open(page.as_uri())


app.command()(collect)
app.command()(export)
app.command()(similarity)


@app.command()
def doctor() -> None:
    """Say which sandbox this machine gives, which versions are installed, what is missing and how to get it."""
    from autograder.doctor import examine

    findings = examine()
    console.findings(findings)
    if any(finding.fatal for finding in findings):
        raise typer.Exit(1)


@app.command()
def where(course: CourseOption = HERE) -> None:
    """Say where the book, the assignments, the gradebook, feedback and the class reports are."""
    from autograder.where import places

    with plain_errors():
        found = places(Course.at(course))
        console.places(found)
        if not all(place.exists for place in found):
            raise typer.Exit(1)
