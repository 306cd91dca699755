"""``collect`` and ``export`` as an instructor types them, from a download to marks in Moodle."""

import csv
import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.cli import app
from autograder.course import Course
from autograder.marks import read_marks
from tests.autograder.courses import fresh_course
from tests.autograder.notebooks import NAME, assignment

HEADER = "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Last modified (submission),Feedback comments"


def call(course: Course, *arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [*map(str, arguments), "--course", str(course.root)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, " ".join(done.output.split())


def worksheet(course: Course, students: list[str]) -> Path:
    """Moodle's worksheet: participant 700, 701, …, each with an address."""
    path = course.root / "worksheet.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        rows = csv.writer(file)
        rows.writerow(HEADER.split(","))
        for number, student in enumerate(students):
            time = f"Monday, 14 September 2026, 9:{number:02} AM"
            rows.writerow([f"Participant {700 + number}", f"Learner {student}", student, "", "", "100.00", time, ""])
    return path


def grades(path: Path) -> dict[str, str]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return {row["Email address"]: row["Grade"] for row in csv.DictReader(file)}


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return fresh_course(tmp_path)


def download(course: Course, *names: str) -> Path:
    path = course.root / "download.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(f"{name}_assignsubmission_file_/{NAME}.ipynb", name)
    return path


def test_a_moodle_download_with_moodles_worksheet_as_the_class_list(course: Course) -> None:
    sheet = worksheet(course, ["ada@x.org", "emmy@x.org", "max@x.org"])
    archive = download(course, "LEARNER ada@x.org_700", "Learner emmy@x.org_701")
    arguments = ("collect", NAME, archive, "--students", sheet, "--timezone", "Europe/Berlin")
    assert "Nothing was written" in call(course, *arguments, "--dry-run")[1]
    assert not (course.root / "submitted").exists()
    status, said = call(course, *arguments)
    assert (status, "2 submissions taken" in said) == (0, True)
    assert "Nothing handed in (1) Learner max@x.org" in said
    assert course.students(NAME) == ["ada@x.org", "emmy@x.org"]
    time = (course.submitted("emmy@x.org", NAME) / "timestamp.txt").read_text()
    assert time == "2026-09-14 07:01:00 UTC\n"
    with course.gradebook() as gradebook:
        assert [(s.id, s.lms_user_id) for s in sorted(gradebook.students, key=lambda s: s.id)] == [
            ("ada@x.org", "700"),
            ("emmy@x.org", "701"),
            ("max@x.org", "702"),
        ]
    status, said = call(course, *arguments)
    assert (status, "2 were there already" in said) == (0, True)


def test_nbgraders_own_place_and_expression(course: Course) -> None:
    """What `nbgrader zip_collect` is set up for works as it stands."""
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(r'c.FileNameCollectorPlugin.named_regexp = r".*/(?P<student_id>\w+)_\d+_(?P<file_id>\w+)\.ipynb"')
    folder = course.root / "downloaded" / NAME / "archive"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        archive.writestr(f"emmy_17_{NAME}.ipynb", "{}")
    (folder / f"wei_18_{NAME}.ipynb").write_text("{}")
    status, said = call(course, "collect", NAME, "--new-students")
    assert (status, course.students(NAME)) == (0, ["emmy", "wei"])
    assert "Read as: zip_collect" in said


def test_a_class_that_nobody_is_in(course: Course) -> None:
    archive = download(course, "Emmy Noether_1")
    status, said = call(course, "collect", NAME, archive)
    assert (status, "--students FILE" in said) == (2, True)
    status, said = call(course, "collect", NAME, archive, "--new-students")
    assert (status, course.students(NAME)) == (0, ["1"])


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("collect", NAME, "nowhere.zip", "--new-students"), "not there"),
        (("collect", NAME, ".", "--from", "zip_collect"), "--regexp"),
        (("collect", NAME, ".", "--regexp", "("), "no regular expression"),
        (("collect", NAME, ".", "--regexp", "(?P<x>a)"), "(?P<student_id>...)"),
        (("export", NAME, "--to", "moodle"), "Download grading worksheet"),
        (("export", NAME, "--to", "canvas"), "Export Entire Gradebook"),
        (("export", NAME, "--to", "json", "--into", "x.csv"), "--into belongs to"),
        (("export", NAME), "python -m autograder grade"),
    ],
)
def test_what_is_missing_is_said_with_what_to_do(course: Course, arguments: tuple[str, ...], hint: str) -> None:
    status, said = call(course, *arguments)
    assert status == 2
    assert hint in said


def by_hand(course: Course, *students: str) -> None:
    """Grade whatever waits, in full."""
    with course.gradebook() as gradebook:
        for student in students:
            for grade in gradebook.find_submission(NAME, student).notebooks[0].grades:
                if grade.needs_manual_grade:
                    grade.manual_score, grade.needs_manual_grade = grade.max_score, False
        gradebook.db.commit()


def test_marks_into_moodles_worksheet(graded: Course) -> None:
    students = graded.students(NAME)
    right, waiting, broken = students[0], students[1], next(s for s in students if "broken_upload" in s)
    by_hand(graded, right, students[2])
    (graded.submitted(students[2], NAME) / f"{NAME}.ipynb").write_text("{}")
    sheet = worksheet(graded, [*students, "nobody@x.org"])
    status, said = call(graded, "export", NAME, "--to", "moodle", "--into", sheet)
    target = graded.root / "marks" / f"{NAME}.moodle.csv"
    written = grades(target)
    assert (status, written[right]) == (0, "100")
    assert (written[waiting], written[broken], written[students[2]]) == ("", "", "")
    assert f"{waiting}: needs manual grading" in said
    assert f"{broken}: not readable" in said
    assert f"{students[2]}: not graded (Handed in anew since it was graded.)" in said
    assert "Learner nobody@x.org · nobody@x.org" in said

    status, said = call(graded, "export", NAME, "--to", "moodle", "--into", sheet, "--missing-as-zero")
    assert (status, "pass --replace to replace it" in said) == (2, True)
    call(graded, "export", NAME, "--to", "moodle", "--into", sheet, "--missing-as-zero", "--provisional", "--replace")
    written = grades(target)
    assert (written[broken], written[students[2]]) == ("0", "")
    marks = read_marks(graded, assignment()).marks
    assert float(written[waiting]) == marks[waiting].total


def test_a_list_of_ids_finds_whom_the_gradebook_alone_does_not(graded: Course) -> None:
    right, *_ = graded.students(NAME)
    by_hand(graded, right)
    sheet = worksheet(graded, ["emmy@x.org"])
    arguments = ("export", NAME, "--to", "moodle", "--into", sheet)
    assert f"{right}, 100 points" in call(graded, *arguments, "--dry-run")[1]
    (graded.root / "list.csv").write_text(f"student_id,email\n{right},emmy@x.org\n")
    status, _ = call(graded, *arguments, "--students", graded.root / "list.csv")
    assert grades(graded.root / "marks" / f"{NAME}.moodle.csv") == {"emmy@x.org": "100"}
    assert status == 1, "others have marks, too, and no row"


def test_plain_files_hold_final_marks_alone(graded: Course) -> None:
    right, waiting, *_ = graded.students(NAME)
    by_hand(graded, right)
    status, said = call(graded, "export", NAME, "--to", "json")
    content = json.loads((graded.root / "marks" / f"{NAME}.json").read_text())
    marks = {mark["student_id"]: mark for mark in content["marks"]}
    assert (status, marks[right]["score"], marks[right]["status"]) == (0, 100.0, "graded")
    assert (marks[waiting]["score"], marks[waiting]["status"]) == (None, "needs manual grading")
    assert None in [cell["score"] for cell in marks[waiting]["cells"].values()]
    assert f"{waiting}: needs manual grading" in said

    call(graded, "export", NAME, "--to", "csv", "--output", graded.root / "elsewhere.csv")
    with (graded.root / "elsewhere.csv").open(newline="") as file:
        scores = {row["student_id"]: row["score"] for row in csv.DictReader(file)}
    assert (scores[right], scores[waiting]) == ("100", "")


def test_results_for_gradescope_are_the_gradebooks(graded: Course) -> None:
    right, waiting, *_ = graded.students(NAME)
    by_hand(graded, right)
    status, _ = call(graded, "export", NAME, "--to", "gradescope", "--visibility", "after_published")
    folder = graded.root / "marks" / f"{NAME}.gradescope"
    content = {name: json.loads((folder / name / "results.json").read_text()) for name in (right, waiting)}
    assert (status, content[right]["score"]) == (0, 100.0)
    assert all("score" in test for test in content[right]["tests"])
    assert ["A person will grade this answer." in test["output"] for test in content[waiting]["tests"]].count(True) == 1
    assert {test["visibility"] for test in content[right]["tests"]} == {"after_published"}
