"""What ``export`` does for each system: read the class, make the file, say what came of it."""

from pathlib import Path
from typing import cast

from autograder import console
from autograder.course import Course, CourseError
from autograder.journal import Journal
from autograder.lms import told
from autograder.lms.classlist import known_students, with_list
from autograder.lms.files import write_new
from autograder.lms.marks_out import canvas, moodle
from autograder.lms.marks_out.gradescope_zip import autograder_zip
from autograder.lms.marks_out.merge import Policy, merge, points_to_export
from autograder.lms.marks_out.plain import as_csv, as_json
from autograder.lms.marks_out.results_json import Visibility, results, to_bytes
from autograder.lms.marks_out.standings import Class, read_class
from autograder.lms.table import Table

_READ = {"canvas": canvas.read, "moodle": moodle.read}


def export_sheet(
    course: Course,
    name: str,
    system: str,
    files: tuple[Path, Path | None],
    column: str | None,
    policy: Policy,
    students: Path | None,
    *,
    replace: bool,
    dry_run: bool,
) -> bool:
    """Put the marks into a copy of Canvas's or Moodle's own file; gives whether a mark that counts was left out.

    ``files`` are the exported one and the one to write; ``students`` is a list that says more about who is who than the
    gradebook does.
    """
    into, output = files
    target = output or course.root / "marks" / f"{name}.{system}.csv"
    if target.resolve() == into.resolve() and not replace:
        raise CourseError(
            f"{into} is the file that was exported. Choose another --output, or pass --replace to change it."
        )
    sheet = _READ[system](Table.read(into), name, column)
    class_list = with_list(known_students(course), students)[0] if students else []
    known = {student.id: student.person for student in class_list}
    merged = merge(sheet, read_class(course, name), policy, known)
    if not dry_run:
        write_new(target, sheet.table.to_bytes(), replace=replace)
    told.exported(merged, target, sheet.header, dry_run=dry_run)
    return merged.left_out > 0


def export_plain(course: Course, name: str, form: str, output: Path | None, policy: Policy, *, replace: bool) -> None:
    """The marks as CSV or JSON; the files under ``marks/`` are ours and always brought up to date."""
    graded = read_class(course, name)
    text = as_csv(graded, policy) if form == "csv" else as_json(graded, policy)
    target = output or course.root / "marks" / f"{name}.{form}"
    write_new(target, text.encode(), replace=replace or output is None)
    told.waiting(_without_score(graded, policy))
    told.written(target, "Marks")


def export_results(course: Course, name: str, output: Path | None, visibility: str, *, replace: bool) -> None:
    """Gradescope's ``results.json`` for everyone who has been graded: ``STUDENT/results.json``."""
    graded = read_class(course, name)
    folder = output or course.root / "marks" / f"{name}.gradescope"
    book = _published_book(course)
    for student, result in graded.results.items():
        content = results(result, cast(Visibility, visibility), book, graded.marks.marks[student])
        write_new(folder / student / "results.json", to_bytes(content), replace=replace or output is None)
    told.waiting(_without_score(graded, Policy()))
    told.written(folder, f"results.json of {len(graded.results)} students")


def export_gradescope_zip(course: Course, name: str, output: Path | None, visibility: str, *, replace: bool) -> None:
    """An autograder to upload to Gradescope."""
    with Journal(course.journal_file) as journal:
        seed = journal.seed()
    target = output or course.root / "marks" / f"{name}.gradescope.zip"
    data = autograder_zip(course, name, seed, cast(Visibility, visibility), _published_book(course))
    write_new(target, data, replace=replace or output is None)
    told.written(target, "Autograder for Gradescope")
    console.say("It holds the solutions and the hidden inputs' seed: upload it there and show it to nobody.")


def _published_book(course: Course) -> str:
    """Where learners elsewhere find the book; empty if it is on this computer only."""
    published = str(course.config().Autograder.get("book_url", ""))
    return published.rstrip("/") + "/" if published else ""


def _without_score(graded: Class, policy: Policy) -> list[str]:
    standings = [(mark, graded.standings[mark.student]) for mark in graded.all]
    return [
        f"{mark.student}: {standing.status}" + (f" ({standing.remark})" if standing.remark else "")
        for mark, standing in standings
        if points_to_export(mark, standing, policy) is None
    ]
