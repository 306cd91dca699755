"""What ``collect`` does: open the download, find out who is in the class, place everything, say what came of it."""

import re
from pathlib import Path
from typing import cast

from autograder.course import Course, CourseError
from autograder.journal import only_grader
from autograder.lms import told
from autograder.lms.classlist import enter, known_students, with_list
from autograder.lms.work_in.collect import collect, extracted, placer_for
from autograder.lms.work_in.download import open_download
from autograder.lms.work_in.layouts import Kind, detect, pieces


def take(
    course: Course,
    name: str,
    path: Path,
    *,
    kind: str | None,
    students: Path | None,
    new_students: bool,
    regexp: str | None,
    timezone: str | None,
    replace: bool,
    dry_run: bool,
) -> bool:
    """Take a download in; gives whether something waits for the instructor. The options are those of ``collect``.

    Raises
    ------
    CourseError
        If the download or the class list cannot be read, if nobody is known, or while the course is being graded.
    """
    expression = _expression(course, regexp)
    download = open_download(path, archives=kind == "zip_collect" or (kind is None and bool(expression)))
    found = cast(Kind, kind) if kind else detect(download, expression)
    if found == "zip_collect" and not expression:
        raise CourseError(
            "nbgrader's way of collecting needs a regular expression for file names: pass --regexp, or set "
            "c.FileNameCollectorPlugin.named_regexp in nbgrader_config.py."
        )
    with only_grader(course.root):
        class_list, doubts = known_students(course), list[str]()
        if students is not None:
            class_list, doubts = with_list(class_list, students, timezone)
        if not class_list and not new_students:
            raise CourseError(
                "Nobody is in the class yet: the gradebook has no students. Pass --students FILE (Moodle's grading "
                "worksheet and Canvas's exported gradebook will do), or --new-students to take everyone in."
            )
        made = pieces(download, found, expression, extracted(course, name, download), [s.person for s in class_list])
        placer = placer_for(course, name, replace=replace, dry_run=dry_run)
        done = collect(download, made, found, class_list, placer, new_students=new_students)
        if not dry_run:
            enter(course, [*(class_list if students else []), *done.students])
    told.collected(done, name, placer.aside, doubts, dry_run=dry_run)
    return done.wants_a_look


def _expression(course: Course, given: str | None) -> str:
    configured = course.config().FileNameCollectorPlugin.get("named_regexp", "")
    expression = given if given is not None else str(configured)
    try:
        groups = re.compile(expression).groupindex
    except re.error as error:
        raise CourseError(f"{expression!r} is no regular expression ({error}).") from error
    if expression and "student_id" not in groups:
        raise CourseError(f"{expression!r} has no group (?P<student_id>...), so it says of no file whose it is.")
    return expression
