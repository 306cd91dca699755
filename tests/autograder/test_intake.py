"""Intake reads notebooks, however old or damaged, and says plainly what it cannot read."""

import json
import os
import socket
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import intake
from autograder.intake import Rejected, parse, read_submission
from tests.autograder.notebooks import right, to_bytes


def notebook(*cells: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)} | more).encode()


CODE = {"cell_type": "code", "source": "x = 1", "metadata": {}, "outputs": [], "execution_count": 3, "id": "abc"}


def test_an_ordinary_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ps1.ipynb"
    path.write_bytes(b"anything")
    assert read_submission(path) == b"anything"


def test_a_missing_file_is_rejected(tmp_path: Path) -> None:
    assert "ps1.ipynb is not there" in reason(read_submission(tmp_path / "ps1.ipynb"))


def test_a_symbolic_link_is_rejected_wherever_it_leads(tmp_path: Path) -> None:
    for target in ("/etc/passwd", "/nowhere", "."):
        link = tmp_path / "ps1.ipynb"
        link.symlink_to(target)
        assert "symbolic link" in reason(read_submission(link))
        link.unlink()


def test_a_fifo_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ps1.ipynb")
    assert "not an ordinary file" in reason(read_submission(tmp_path / "ps1.ipynb"))


def test_folders_devices_and_sockets_are_rejected(tmp_path: Path) -> None:
    (tmp_path / "folder.ipynb").mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket.ipynb"))
        for path in (tmp_path / "folder.ipynb", Path("/dev/zero"), tmp_path / "socket.ipynb"):
            assert isinstance(read_submission(path), Rejected)


def test_a_file_that_is_too_large_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "MAX_BYTES", 1000)
    path = tmp_path / "ps1.ipynb"
    path.write_bytes(b" " * 1001)
    assert "larger than" in reason(read_submission(path))
    assert "larger than" in reason(parse(b" " * 1001))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"{", "not valid JSON"),
        (b"PK\x03\x04 and so on", "ZIP archive"),
        (b"\x1f\x8b\x08", "gzip archive"),
        ("{}".encode("utf-16"), "not UTF-8"),
        (b'{"nbformat": 4, "cells": "\xff"}', "not UTF-8"),
        (b"[" * 100_000, "nests too deeply"),
        (b"9" * 10_000, "not valid JSON"),
        (b"[]", "not a Jupyter notebook"),
        (b'{"cells": []}', "not a Jupyter notebook"),
        (b'{"nbformat": 4}', "damaged"),
        (notebook(3), "damaged"),
        (notebook(CODE | {"cell_type": "evil"}), "damaged"),
        (notebook(CODE | {"source": {"a": 1}}), "damaged"),
        (notebook(*[CODE] * 3000), "3000 cells"),
    ],
)
def test_what_cannot_be_read_is_rejected_with_its_reason(data: bytes, said: str) -> None:
    assert said in reason(parse(data))


def test_a_notebook_of_format_3_is_upgraded() -> None:
    cell = {"cell_type": "code", "language": "python", "input": ["x = 1\n", "y"], "outputs": [], "metadata": {}}
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [cell], "metadata": {}}]}
    assert [cell.source for cell in parse(json.dumps(old).encode()).cells] == ["x = 1\ny"]


def test_small_damage_is_mended() -> None:
    parsed = parse(
        notebook(
            {"cell_type": "code", "source": ["a\n", "b"]},
            {"cell_type": "markdown", "source": "half \ud800", "metadata": None, "id": 7},
            CODE | {"outputs": "gone", "metadata": {"nbgrader": {"grade_id": "a"}, "evil": [1]}},
        )
    )
    nbformat.validate(parsed)
    assert [cell.source for cell in parsed.cells] == ["a\nb", "half ?", "x = 1"]
    assert parsed.cells[2].metadata == {"nbgrader": {"grade_id": "a"}}
    assert parsed.cells[2].outputs == []


def test_a_byte_order_mark_and_pasted_pictures_are_kept_harmlessly() -> None:
    picture = {"cell_type": "markdown", "source": "!", "attachments": {"a.png": {"image/png": "aGk="}}}
    parsed = parse(b"\xef\xbb\xbf" + notebook(picture, {"cell_type": "markdown", "source": "", "attachments": [1]}))
    assert parsed.cells[0].attachments == {"a.png": {"image/png": "aGk="}}
    assert "attachments" not in parsed.cells[1]


def test_the_real_assignment_survives_with_its_text() -> None:
    assert [cell.source for cell in parse(to_bytes(right())).cells] == [cell.source for cell in right().cells]


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(plain, plain, plain)
def test_no_cell_whatever_it_holds_makes_it_fail(source: Any, metadata: Any, extra: Any) -> None:
    cell = {"cell_type": "code", "source": source, "metadata": metadata, "id": extra, "attachments": extra}
    parsed = parse(notebook(cell, extra))
    assert isinstance(parsed, Rejected | nbformat.NotebookNode)


def reason(outcome: object) -> str:
    assert isinstance(outcome, Rejected)
    return outcome.reason
