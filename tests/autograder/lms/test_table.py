"""A file's cells can be replaced and every other byte stays."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.lms.table import Table

ENCODINGS = {
    "utf-8": b"",
    "utf-8 with BOM": b"\xef\xbb\xbf",
    "utf-16-le": b"\xff\xfe",
    "utf-16-be": b"\xfe\xff",
    "cp1252": b"",
}
QUICK = settings(max_examples=60, deadline=None)
TEXTS = st.text(st.sampled_from("aZ0 ,;\t\"'\n=éÅß-_.@"), max_size=6)


def encoded(text: str, encoding: str) -> bytes:
    return ENCODINGS[encoding] + text.encode(encoding.removesuffix(" with BOM"))


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, list[list[str]], str]:
    """A file as some program may write it, the values in it, and its separator."""
    separator = draw(st.sampled_from(",;\t"))
    width = draw(st.integers(2, 4))
    header = [f"column {i} é" for i in range(width)]  # é: ASCII alone would not show which 8-bit encoding it is
    body = draw(st.lists(st.lists(TEXTS, min_size=width, max_size=width), min_size=1, max_size=4))
    text = io.StringIO(newline="")
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    csv.writer(text, delimiter=separator, lineterminator=end, quoting=quoting).writerows([header, *body])
    written = text.getvalue()
    if draw(st.booleans()):
        written = written.removesuffix(end)
    return encoded(written, draw(st.sampled_from(list(ENCODINGS)))), [header, *body], separator


@QUICK
@given(files())
def test_what_is_read_is_written_byte_for_byte(file: tuple[bytes, list[list[str]], str]) -> None:
    data, values, separator = file
    table = Table.of(data)
    assert table.to_bytes() == data
    assert [row.values for row in table.rows] == values
    assert table.separator == separator


@QUICK
@given(files(), st.data())
def test_one_cell_changes_and_nothing_else(file: tuple[bytes, list[list[str]], str], data: st.DataObject) -> None:
    before, values, separator = file
    row, column = data.draw(st.integers(1, len(values) - 1)), data.draw(st.integers(0, len(values[0]) - 1))
    new = data.draw(st.sampled_from(["7.5", "7,5", "", 'a"b', "x;y"]))
    table = Table.of(before)
    whole = [separator.join(line.cells) + line.end for line in table.rows]
    table.put(row, column, new)
    after = Table.of(table.to_bytes())
    values[row][column] = new
    assert [line.values for line in after.rows] == values
    kept = [separator.join(line.cells) + line.end for line in after.rows]
    assert [kept[i] for i in range(len(kept)) if i != row] == [whole[i] for i in range(len(whole)) if i != row]
    now, was = after.rows[row].cells, Table.of(before).rows[row].cells
    assert [now[i] for i in range(len(now)) if i != column] == [was[i] for i in range(len(was)) if i != column]
    assert after.encoding == Table.of(before).encoding
    assert after.mark == Table.of(before).mark


def test_a_comma_in_the_header_does_not_separate_where_semicolons_do() -> None:
    data = b"Name;One, two, three, and four (7);B\nEmmy;1,5;\nWei;;2\n"
    assert Table.of(data).separator == ";"


def test_a_cell_keeps_its_quotation_marks() -> None:
    table = Table.of(b'"a","b",c\n"1","",3\n')
    for column in range(3):
        table.put(1, column, "9")
    assert table.to_bytes() == b'"a","b",c\n"9","9",9\n'


def test_a_line_that_is_too_short_gets_its_cell() -> None:
    table = Table.of(b"a,b,c\n1\n2,3,4\n")
    table.put(1, 2, "9")
    assert table.to_bytes() == b"a,b,c\n1,,9\n2,3,4\n"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b'a,b\n"never closed,1\n2,3\n', "quotation mark"),
        (b"\xff\xfea\x00,\x00\xd8\xd8\n\x00", "decode"),
    ],
)
def test_what_is_no_table_is_said_to_be_none(data: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Table.of(data)
