"""Downloads of every kind into ``submitted/``: each notebook to its owner, nothing lost, nothing overwritten."""

import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.lms.classlist import Student
from autograder.lms.people import Person
from autograder.lms.work_in.collect import Collected, collect, extracted, placer_for
from autograder.lms.work_in.download import open_download
from autograder.lms.work_in.layouts import detect, pieces
from tests.autograder.courses import fresh_course
from tests.autograder.lms.classes import Learner, learners
from tests.autograder.notebooks import NAME


def student(name: str, number: str, first: str, last: str) -> Student:
    return Student(name, Person(name, {"student id": name, "email": f"{name}@x.org", "id": number}, (), (first, last)))


EMMY = student("emmy", "101", "Emmy", "Noether")
WEI = student("wei", "102", "Wei", "Zhang")
WEI2 = student("wei2", "103", "Wei", "Zhang")
CLASS = [EMMY, WEI, WEI2]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return fresh_course(tmp_path)


def zipped(course: Course, files: dict[str, str]) -> Path:
    path = course.root / "download.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def take(
    course: Course,
    files: dict[str, str],
    people: list[Student] = CLASS,
    *,
    regexp: str = "",
    replace: bool = False,
    dry_run: bool = False,
    new_students: bool = False,
) -> Collected:
    download = open_download(zipped(course, files))
    kind = detect(download, regexp)
    made = pieces(download, kind, regexp, extracted(course, NAME, download), [student.person for student in people])
    placer = placer_for(course, NAME, replace=replace, dry_run=dry_run)
    return collect(download, made, kind, people, placer, new_students=new_students)


def submitted(course: Course) -> dict[str, str]:
    folder = course.root / "submitted"
    return {path.parts[-3]: path.read_text() for path in sorted(folder.glob(f"*/{NAME}/{NAME}.ipynb"))}


def aside(course: Course) -> dict[str, str]:
    folder = course.root / "set_aside" / NAME
    return {path.relative_to(folder).as_posix(): path.read_text() for path in sorted(folder.rglob("*.ipynb"))}


def test_moodle(course: Course) -> None:
    done = take(
        course,
        {
            "Emmy Noether_55_assignsubmission_file_/ps1_gradient_descent.ipynb": "emmy",
            "Emmy Noether_55_assignsubmission_file_/notes.pdf": "pdf",
            "Nobody Known_56_assignsubmission_file_/ps1.ipynb": "nobody",
            "Wei Zhang_57_assignsubmission_file_/ps1.ipynb": "which?",
        },
    )
    assert done.kind == "moodle"
    assert submitted(course) == {"emmy": "emmy"}
    assert sorted(aside(course).values()) == ["nobody", "which?"]
    assert len(done.unmatched) == 2
    assert any("could be wei or wei2" in line for line in done.unmatched)
    assert done.others == ["Emmy Noether_55_assignsubmission_file_/notes.pdf"]
    assert done.missing == ["wei", "wei2"]


def test_moodles_old_flat_names(course: Course) -> None:
    take(course, {"Emmy Noether_55_assignsubmission_file_my work.ipynb": "emmy"})
    assert submitted(course) == {"emmy": "emmy"}


def test_moodles_namesakes_and_their_times_are_told_apart_by_numbers(course: Course) -> None:
    people = [
        replace(student("wei", "102", "Wei", "Zhang"), handed_in=datetime(2026, 9, 14, 8)),
        replace(student("wei2", "103", "Wei", "Zhang"), handed_in=datetime(2026, 9, 14, 9)),
    ]
    names = ("Wei Zhang_103_assignsubmission_file_/a.ipynb", "Wei Zhang_102_assignsubmission_file_/a.ipynb")
    take(course, {names[0]: "second", names[1]: "first"}, people)
    assert submitted(course) == {"wei": "first", "wei2": "second"}
    times = [(course.submitted(name, NAME) / "timestamp.txt").read_text() for name in ("wei", "wei2")]
    assert times == ["2026-09-14 08:00:00 UTC\n", "2026-09-14 09:00:00 UTC\n"]


def test_moodles_group_is_not_whoever_has_its_number(course: Course) -> None:
    done = take(course, {"Group Seven_101_assignsubmission_file_/a.ipynb": "a group's"})
    assert submitted(course) == {}
    assert any("is a group, or has by chance the number" in line for line in done.unmatched)
    take(
        course, {"Participant_101_assignsubmission_file_/a.ipynb": "blind"}, [Student("p", Person("p", {"id": "101"}))]
    )
    assert submitted(course) == {"p": "blind"}


def test_canvas_tells_namesakes_apart_by_their_numbers(course: Course) -> None:
    done = take(
        course,
        {
            "zhangwei_103_900_ps1_gradient_descent.ipynb": "the second",
            "zhangwei_LATE_102_901_ps1_gradient_descent-2.ipynb": "the first",
            "noetheremmy_101_902_Untitled.ipynb": "emmy",
        },
    )
    assert done.kind == "canvas"
    assert submitted(course) == {"emmy": "emmy", "wei": "the first", "wei2": "the second"}
    assert done.notes == ["wei: Canvas says that it is late"]


def test_canvas_without_numbers_takes_the_name_that_is_one_persons(course: Course) -> None:
    people = [Student("emmy", Person("emmy", {"student id": "emmy"}, (), ("Emmy", "Nöther-O'Neil")))]
    take(course, {"nötheroneilemmy_7_8_x.ipynb": "emmy"}, people)
    assert submitted(course) == {"emmy": "emmy"}


METADATA = """\
submission_1:
  :submitters:
  - :name: Emmy Noether
    :sid: emmy
    :email: emmy@x.org
  :created_at: 2026-09-14 08:05:00.123456789 +02:00
  :score: 5.0
submission_2:
  :submitters:
  - :name: Wei Zhang
    :sid: wei
    :email:
  - :name: Someone Else
    :sid: 17
    :email: se@x.org
  :created_at: 2026-09-14 09:00:00 Z
"""


def test_gradescope_with_times_and_a_group(course: Course) -> None:
    root = "assignment_9_export"
    done = take(
        course,
        {
            f"{root}/submission_metadata.yml": METADATA,
            f"{root}/submission_1/sub/ps1_gradient_descent.ipynb": "emmy",
            f"{root}/submission_2/ps1_gradient_descent.ipynb": "both",
            f"{root}/submission_3/ps1_gradient_descent.ipynb": "not in the metadata",
        },
    )
    assert done.kind == "gradescope"
    assert submitted(course) == {"emmy": "emmy", "wei": "both"}
    assert (course.submitted("emmy", NAME) / "timestamp.txt").read_text().startswith("2026-09-14 06:05:00")
    assert any("Someone Else" in line for line in done.unmatched)
    assert "not in the metadata" in aside(course).values()


def test_metadata_is_data(course: Course) -> None:
    evil = "submission_1: !!python/object/apply:os.system [touch /nowhere]\n"
    with pytest.raises(Exception, match="damaged"):
        take(course, {"submission_metadata.yml": evil, "submission_1/a.ipynb": "x"})


def test_zip_collect(course: Course) -> None:
    expression = r".*/(?P<file_id>\w+)_(?P<student_id>[a-z0-9]+)_attempt_(?P<timestamp>[0-9\-]+)\.ipynb"
    done = take(
        course,
        {
            "ps1_emmy_attempt_2026-09-14-08-00-00.ipynb": "first",
            "ps1_emmy_attempt_2026-09-14-09-00-00.ipynb": "second",
            "else.ipynb": "does not match",
        },
        regexp=expression,
    )
    assert done.kind == "zip_collect"
    assert submitted(course) == {"emmy": "second"}
    assert sorted(aside(course).values()) == ["does not match", "first"]


def test_a_folder_of_mixed_names(course: Course) -> None:
    done = take(
        course,
        {
            "emmy/ps1.ipynb": "by id",
            "late/PS1 final (wei2).ipynb": "by id in the name",
            "Zhang, Wei.ipynb": "which?",
            "ps1 Wei.ipynb": "which, too?",
            "homework.ipynb": "nobody",
        },
    )
    assert done.kind == "folder"
    assert submitted(course) == {"emmy": "by id", "wei2": "by id in the name"}
    assert any("could be wei; wei2" in line for line in done.unmatched)
    assert sorted(aside(course).values()) == ["nobody", "which, too?", "which?"]


def test_nbgraders_own_tree_with_its_times(course: Course) -> None:
    files = {f"emmy/{NAME}/{NAME}.ipynb": "emmy", f"emmy/{NAME}/timestamp.txt": "2026-09-14 08:00:00 UTC"}
    take(course, files)
    assert (course.submitted("emmy", NAME) / "timestamp.txt").read_text() == "2026-09-14 08:00:00 UTC\n"


def in_gradescope(when: str, text: str) -> dict[str, str]:
    metadata = f"submission_1:\n  :submitters:\n  - :sid: emmy\n  :created_at: {when}\n"
    return {"submission_metadata.yml": metadata, "submission_1/x.ipynb": text}


def test_a_later_submission_replaces_and_the_earlier_one_is_kept(course: Course) -> None:
    take(course, in_gradescope("2026-09-14 08:00:00 Z", "first"))
    done = take(course, in_gradescope("2026-09-15 08:00:00 Z", "second"))
    assert (len(done.replaced), submitted(course)) == (1, {"emmy": "second"})
    assert aside(course) == {f"replaced/emmy/2026-09-14-08-00-00/{NAME}.ipynb": "first"}
    assert "2026-09-15" in (course.submitted("emmy", NAME) / "timestamp.txt").read_text()


def test_an_earlier_one_does_not_replace(course: Course) -> None:
    take(course, in_gradescope("2026-09-15 08:00:00 Z", "second"))
    done = take(course, in_gradescope("2026-09-14 08:00:00 Z", "first"))
    assert (len(done.kept), submitted(course)) == (1, {"emmy": "second"})
    assert "first" in aside(course).values()


def test_without_times_nothing_is_replaced_unless_told(course: Course) -> None:
    name = "Emmy Noether_5_assignsubmission_file_/x.ipynb"
    take(course, {name: "old"})
    assert take(course, {name: "old"}).unchanged
    done = take(course, {name: "new"})
    assert (len(done.kept), submitted(course), list(aside(course).values())) == (1, {"emmy": "old"}, ["new"])
    done = take(course, {name: "new"}, replace=True)
    assert (len(done.replaced), submitted(course)) == (1, {"emmy": "new"})
    assert sorted(aside(course).values()) == ["new", "old"]


def test_a_dry_run_writes_nothing_and_says_the_same(course: Course) -> None:
    files = {"Emmy Noether_5_assignsubmission_file_/x.ipynb": "a", "No One_6_assignsubmission_file_/x.ipynb": "b"}
    said = take(course, files, dry_run=True)
    assert (submitted(course), aside(course)) == ({}, {})
    done = take(course, files)
    assert (said.new, said.unmatched) == (done.new, done.unmatched)


def test_several_notebooks_that_nothing_tells_apart_are_all_kept_aside(course: Course) -> None:
    folder = "Emmy Noether_5_assignsubmission_file_"
    done = take(course, {f"{folder}/a.ipynb": "a", f"{folder}/b.ipynb": "b"})
    assert (submitted(course), len(done.without_notebook)) == ({}, 1)
    assert sorted(aside(course).values()) == ["a", "b"]
    done = take(course, {f"{folder}/a.ipynb": "a", f"{folder}/{NAME} (1).ipynb": "the one"})
    assert submitted(course) == {"emmy": "the one"}


def test_an_archive_handed_in_is_not_opened_but_told(course: Course) -> None:
    done = take(course, {"Emmy Noether_5_assignsubmission_file_/work.zip": "PK", **in_moodle(WEI)})
    assert ["archives inside a download are not opened" in line for line in done.without_notebook] == [True]


def in_moodle(student: Student) -> dict[str, str]:
    return {f"{student.id}_9_assignsubmission_file_/x.ipynb": "x"}


def test_who_is_new_is_taken_in_only_when_told(course: Course) -> None:
    files = {"Ada Lovelace_77_assignsubmission_file_/x.ipynb": "ada"}
    assert take(course, files).students == []
    done = take(course, files, new_students=True)
    assert ([student.id for student in done.students], submitted(course)) == (["77"], {"77": "ada"})


def test_a_link_in_the_way_is_not_followed(course: Course, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (course.root / "submitted").mkdir()
    (course.root / "submitted" / "emmy").symlink_to(tmp_path / "elsewhere")
    done = take(course, {"Emmy Noether_5_assignsubmission_file_/x.ipynb": "a"})
    assert len(done.refused) == 1
    assert not list((tmp_path / "elsewhere").iterdir())


PEOPLE = [who for who in learners() if who.listed]


def of_moodle(who: Learner) -> str:
    """Moodle leaves out what may be no part of a file's name."""
    name = f"{who.first} {who.last}".strip()
    return "".join(letter for letter in name if letter not in "\"'\\/:<>|&`")


def of_canvas(who: Learner) -> str:
    return "".join(letter for letter in who.sortable.lower() if letter.isalnum() or letter == "_")


@pytest.mark.parametrize("system", ["moodle", "canvas"])
def test_300_learners_with_awkward_names(course: Course, system: str) -> None:
    """Each lands in the right folder or is set aside; not one is lost or in another's place."""
    people = [Student(w.id, Person(w.id, {"student id": w.id}, (), (w.first, w.last))) for w in PEOPLE if w.marked]
    files = {}
    for number, who in enumerate(PEOPLE):
        name = f"{of_moodle(who)}_{number}_assignsubmission_file_/ps1.ipynb"
        files[name if system == "moodle" else f"{of_canvas(who)}_{number}_{5000 + number}_ps1.ipynb"] = who.id
    done = take(course, files, people)
    placed = submitted(course)
    assert all(student == text for student, text in placed.items())
    assert sorted([*placed.values(), *aside(course).values()]) == sorted(files.values())
    assert len(placed) > 200
    assert len(done.unmatched) == len(files) - len(placed) > 10
