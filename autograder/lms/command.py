"""The commands ``export`` (marks out) and ``collect`` (work in)."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from autograder.course import Course, CourseError
from autograder.options import HERE, AssignmentArgument, CourseOption, plain_errors


class To(StrEnum):
    canvas = "canvas"
    moodle = "moodle"
    csv = "csv"
    json = "json"
    gradescope = "gradescope"
    gradescope_zip = "gradescope-zip"


class Visibility(StrEnum):
    visible = "visible"
    after_due_date = "after_due_date"
    after_published = "after_published"
    hidden = "hidden"


class From(StrEnum):
    moodle = "moodle"
    canvas = "canvas"
    gradescope = "gradescope"
    zip_collect = "zip_collect"
    folder = "folder"


def export(
    assignment: AssignmentArgument,
    to: Annotated[
        To,
        typer.Option(
            help="canvas, moodle: into the file you exported there. csv, json: a file of their own. gradescope: a "
            "results.json per student. gradescope-zip: an autograder to upload there."
        ),
    ] = To.csv,
    into: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Canvas's exported gradebook, Moodle's grading worksheet or grade export."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="PATH", help="Write here. Otherwise under marks/.")
    ] = None,
    column: Annotated[
        str | None, typer.Option(help="The column that takes the marks. Otherwise the one named like the assignment.")
    ] = None,
    students: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A CSV file with ids or e-mail addresses that the gradebook does not have."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Write over marks in the file that differ from ours.")
    ] = False,
    scale: Annotated[
        bool | None,
        typer.Option(help="Where the column has another maximum: convert the points, or do not."),
    ] = None,
    provisional: Annotated[
        bool, typer.Option("--provisional", help="Also export the points so far of marks that wait for a person.")
    ] = False,
    missing_as_zero: Annotated[
        bool, typer.Option("--missing-as-zero", help="Write 0 for those who handed in nothing, or nothing readable.")
    ] = False,
    visibility: Annotated[Visibility, typer.Option(help="Gradescope: when tests are shown.")] = Visibility.visible,
    replace: Annotated[bool, typer.Option("--replace", help="Replace the output file if there is one.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    course: CourseOption = HERE,
) -> None:
    """Write the marks for another system: Canvas, Moodle, Gradescope, CSV or JSON.

    For Canvas and Moodle, export their gradebook first and pass it with --into.
    A new file is written: your marks stand in it, every other byte is as it was.
    Students are found by id, login and e-mail address, and then by name.
    A name that two share is never guessed, only final marks are written,
    a mark that is there already stays. All that was not written is listed.

    Exit status: 0 when every mark that counts has its place,
    1 when some wait for you, 2 when nothing could be done.
    """
    from autograder.lms.marks_out.merge import Policy
    from autograder.lms.marks_out.write import export_gradescope_zip, export_plain, export_results, export_sheet

    with plain_errors():
        where = Course.at(course)
        name = where.require(assignment)
        policy = Policy(overwrite, provisional, missing_as_zero, scale)
        if (into is None) == (to in (To.canvas, To.moodle)):
            raise CourseError(_about_into(to))
        match to:
            case To.canvas | To.moodle:
                assert into is not None
                files = into, output
                if export_sheet(
                    where, name, to.value, files, column, policy, students, replace=replace, dry_run=dry_run
                ):
                    raise typer.Exit(1)
            case To.csv | To.json:
                export_plain(where, name, to.value, output, policy, replace=replace)
            case To.gradescope:
                export_results(where, name, output, visibility.value, replace=replace)
            case To.gradescope_zip:
                export_gradescope_zip(where, name, output, visibility.value, replace=replace)


def _about_into(to: To) -> str:
    if to is To.canvas:
        return "Pass --into FILE: the gradebook exported from Canvas (Grades, Export, Export Entire Gradebook)."
    if to is To.moodle:
        return (
            "Pass --into FILE: the grading worksheet (in the assignment: Submissions, Actions, Download grading "
            "worksheet) or the course's grade export as plain text."
        )
    return "--into belongs to --to canvas and --to moodle; choose where to write with --output."


def collect(
    assignment: AssignmentArgument,
    download: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DOWNLOAD]",
            help="What was downloaded: a ZIP archive, or a folder. Otherwise nbgrader's downloaded/ASSIGNMENT/archive.",
        ),
    ] = None,
    source: Annotated[
        From | None, typer.Option("--from", help="Where it comes from; otherwise told from the names of its files.")
    ] = None,
    students: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Who is in the class: Moodle's grading worksheet, Canvas's exported gradebook, or any CSV file with "
            "ids or e-mail addresses. Who is new is entered into the gradebook. Otherwise the gradebook's students.",
        ),
    ] = None,
    new_students: Annotated[
        bool, typer.Option("--new-students", help="Take in who is in no list, under the id or number in the download.")
    ] = False,
    regexp: Annotated[
        str | None,
        typer.Option(help="For zip_collect, as named_regexp in nbgrader_config.py, which is used otherwise."),
    ] = None,
    timezone: Annotated[
        str | None,
        typer.Option(help="Of times in Moodle's worksheet, as Europe/Berlin; otherwise this computer's."),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace what is there also where no time shows that it is older.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    course: CourseOption = HERE,
) -> None:
    """Take in work from a download: Moodle, Canvas, Gradescope, zip_collect, or a folder.

    Each learner's notebook goes to submitted/STUDENT/ASSIGNMENT/,
    with the time it was handed in where that is known.
    Nothing is overwritten but by a later submission, and the earlier one is kept
    in set_aside/, as is every notebook that is nobody's in the class.
    Links, paths that lead elsewhere, archives inside and bombs are refused.

    Exit status: 0 when all found its place, 1 when something waits for you,
    2 when nothing could be done.
    """
    from autograder.lms.work_in.take import take

    with plain_errors():
        where = Course.at(course)
        name = where.require(assignment)
        kind = source.value if source else None
        waits = take(
            where,
            name,
            download or where.root / "downloaded" / name / "archive",
            kind=kind,
            students=students,
            new_students=new_students,
            regexp=regexp,
            timezone=timezone,
            replace=replace,
            dry_run=dry_run,
        )
        if waits:
            raise typer.Exit(1)
