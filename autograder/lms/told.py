"""What ``export`` and ``collect`` say."""

from pathlib import Path

from rich.markup import escape

from autograder import console
from autograder.lms.marks_out.merge import Merged
from autograder.lms.work_in.collect import Collected


def exported(merged: Merged, path: Path, header: str, *, dry_run: bool) -> None:
    """Counts, then everything that a person should look at, one line each."""
    would = "would be " if dry_run else ""
    console.say(
        f"Column {escape(repr(header))}: {len(merged.written)} marks {would}written, {len(merged.same)} were there "
        f"already, {len(merged.overwritten)} {would}overwritten."
    )
    _list("Overwritten", merged.overwritten)
    _list("Kept, because another mark is there (--overwrite writes ours)", merged.conflicts)
    _list("Not written: the system does not take a mark there", merged.locked)
    _list("Not written: the mark is not final or there is none", merged.held)
    _list("Not in the file", merged.unplaced)
    _list(
        "Could be several people, so nothing was written (a list with their ids, --students, decides)", merged.ambiguous
    )
    _list("In the file, and not among the marks", merged.without_mark)
    _list("Found by a name that is spelled differently", merged.by_name)
    console.say(f"\nMarks: {console.shown(path)}" if not dry_run else "\nNothing was written.")


def collected(done: Collected, assignment: str, aside: Path, doubts: list[str], *, dry_run: bool) -> None:
    """Counts, then everything that a person should look at, one line each."""
    would = "would be " if dry_run else ""
    console.say(
        f"Read as: {done.kind}. {len(done.new)} submissions {would}taken, {len(done.replaced)} {would}replaced by "
        f"newer ones, {len(done.unchanged)} were there already."
    )
    _list("Replaced; the older ones are set aside", done.replaced)
    _list("Not taken, and set aside", done.kept)
    _list("Nobody's in the class, and set aside", done.unmatched)
    _list("Handed in, but nothing that can be graded", done.without_notebook)
    _list("Refused", done.refused)
    _list("Could be several people in the gradebook, so left as they are", doubts)
    _list("To know", done.notes)
    _list("Other files, left where they are", done.others)
    _list("New in the class", [student.person.label for student in done.students])
    _list("Nothing handed in", done.missing)
    if aside.is_dir():
        console.say(f"\nSet aside: {console.shown(aside)}")
    console.say("\nNothing was written." if dry_run else f"\nNext: python -m autograder grade {escape(assignment)}")


def written(path: Path, what: str) -> None:
    console.say(f"{what}: {console.shown(path)}")


def waiting(lines: list[str]) -> None:
    _list("Without a score, because the mark is not final", lines)


def _list(title: str, lines: list[str]) -> None:
    if lines:
        console.say(f"\n[bold]{title}[/bold] ({len(lines)})")
        for line in lines:
            console.say(f"  {escape(line)}")
