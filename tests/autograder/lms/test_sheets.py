"""Canvas's and Moodle's files: which rows are people, which column takes the marks, what may not be written."""

import pytest

from autograder.course import CourseError
from autograder.lms.marks_out import canvas, moodle
from autograder.lms.marks_out.sheet import Sheet
from autograder.lms.table import Table

NAME = "ps1_gradient_descent"
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Notes,PS1: Gradient descent (4711),Quiz (12),Current Score,Final Grade
,,,,,,Manual Posting,,,
    Points Possible,,,,,,10.00,5,(read only),(read only)
"Noether, Emmy",101,s1,emmy,A,,,,90,A
"Zhang, Wei",102,s2,wei,A,,7,,80,B
"Zhang, Wei",103,s3,wei2,A,,N/A,,80,B
"Student, Test",199,,a8098c1a,A,,,,,
"""
MOODLE = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Feedback comments
Participant 11,Emmy Noether,emmy@x.org,Submitted for grading,,100.00,Yes,
Participant 12,Wei Zhang,wei@x.org,No submission,"7,50","100,00",No,
"""
GRADES = """\
First name;Surname;ID number;Email address;Assignment: PS1 gradient descent (Real);Course total (Real);Last downloaded
Emmy;Noether;s1;emmy@x.org;-;-;1790000000
"""


def canvas_sheet(text: str = CANVAS, wanted: str | None = None, name: str = NAME) -> Sheet:
    return canvas.read(Table.of(text.encode()), name, wanted)


def moodle_sheet(text: str, wanted: str | None = None, name: str = NAME) -> Sheet:
    return moodle.read(Table.of(text.encode()), name, wanted)


def test_canvas_rows_columns_and_points() -> None:
    sheet = canvas_sheet()
    assert [person.names for person in sheet.people][:2] == [("Noether, Emmy",), ("Zhang, Wei",)]
    assert sheet.rows == [3, 4, 5], "neither points nor Canvas's test student are people"
    assert sheet.header == "PS1: Gradient descent (4711)"
    assert set(sheet.out_of.values()) == {10.0}
    assert list(sheet.locked) == [5]
    assert sheet.people[0].ids == {"ID": "101", "SIS User ID": "s1", "SIS Login ID": "emmy"}


@pytest.mark.parametrize("wanted", ["4711", "PS1: Gradient descent (4711)", "ps1: gradient DESCENT"])
def test_canvas_column_by_number_header_or_title(wanted: str) -> None:
    assert canvas_sheet(wanted=wanted, name="other").header == "PS1: Gradient descent (4711)"


def test_canvas_without_our_column_names_those_there_are() -> None:
    with pytest.raises(CourseError, match=r"'Notes', 'PS1: Gradient descent \(4711\)', 'Quiz \(12\)'. Choose one"):
        canvas_sheet(name="ps9_other")
    with pytest.raises(CourseError, match="Final Grade") as error:
        canvas_sheet(wanted="Final Grade")
    assert "'Final Grade'" in str(error.value).partition(". Columns")[0]


def test_canvas_columns_that_it_does_not_import_are_not_offered() -> None:
    text = CANVAS.replace("Points Possible,,,,,,", "Points Possible,,,,,(read only),")
    with pytest.raises(CourseError) as error:
        canvas_sheet(text, name="ps9_other")
    assert "Notes" not in str(error.value)


def test_canvas_first_and_last_names_in_columns_of_their_own() -> None:
    header = "LastName,FirstName,ID,SIS Login ID,Section,PS1 gradient descent (1)\n"
    text = header + "Points Possible,,,,,10\nNoether,Emmy,1,e,A,\n"
    sheet = canvas_sheet(text)
    assert [person.parts for person in sheet.people] == [("Emmy", "Noether")]


def test_what_is_not_canvas_is_said_not_to_be() -> None:
    with pytest.raises(CourseError, match="no gradebook of Canvas"):
        canvas_sheet(MOODLE)


def test_moodle_worksheet() -> None:
    sheet = moodle_sheet(MOODLE)
    assert sheet.header == "Grade"
    assert list(sheet.out_of.values()) == [100.0, 100.0]
    assert list(sheet.locked) == [2]
    assert [sheet.mark(row) for row in sheet.rows] == ["", "7,50"]
    assert sheet.written(12.5) == "12,5", "the file writes decimal commas"


def test_moodle_grade_export() -> None:
    sheet = moodle_sheet(GRADES)
    assert sheet.header == "Assignment: PS1 gradient descent (Real)"
    assert sheet.mark(1) == "", "a dash is no mark"
    assert (sheet.out_of, sheet.written(12.5)) == ({}, "12.5")
    assert sheet.people[0].parts == ("Emmy", "Noether")


def test_moodle_in_another_language() -> None:
    text = (
        "ID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Beste Bewertung\n"
        "Teilnehmer/in 11,Emmy Noether,emmy@x.org,,,100\n"
    )
    sheet = moodle_sheet(text)
    assert sheet.header == "Bewertung"
    assert sheet.people[0].ids == {"ID": "Teilnehmer/in 11", "email": "emmy@x.org"}


def test_an_unknown_language_needs_the_column_and_finds_the_addresses() -> None:
    text = "A,B,C,D\nx,emmy@x.org,,100\ny,wei@x.org,,100\n"
    with pytest.raises(CourseError, match="--column"):
        moodle_sheet(text)
    sheet = moodle_sheet(text, "C")
    assert [person.ids["email"] for person in sheet.people] == ["emmy@x.org", "wei@x.org"]


def test_a_table_that_says_of_nobody_who_they_are() -> None:
    with pytest.raises(CourseError, match="No column says who"):
        moodle_sheet("Grade,Comment\n1,\n")
