"""Intake: take a submission's bytes safely, and read them as a notebook or say plainly why that cannot be done.

Nothing here runs, imports or unpacks what a learner sent.
"""

import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.cells import new_cell, new_notebook

MAX_BYTES = 16 * 2**20
MAX_CELLS = 2000
_ARCHIVES = {b"PK\x03\x04": "a ZIP archive", b"\x1f\x8b": "a gzip archive", b"7z\xbc\xaf": "a 7-Zip archive"}


@dataclass(frozen=True)
class Rejected:
    """A submission that cannot be read; ``reason`` is a sentence that says why and what to hand in instead."""

    reason: str


def read_submission(path: Path | str) -> bytes | Rejected:
    """The bytes of the file at ``path``, or why they are refused.

    Only a regular file of at most ``MAX_BYTES`` is read: a symbolic link could name any file of the grading computer,
    a FIFO or a device would never end. The checks are made on the opened file, so that it cannot be swapped meanwhile.
    """
    path = Path(path)
    if path.is_symlink():
        return Rejected(f"{path.name} is a symbolic link, not a file. Hand in the notebook itself.")
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        return Rejected(f"{path.name} is not there. Hand in a notebook of that name.")
    except OSError as error:
        return Rejected(f"{path.name} cannot be opened ({error.strerror}). Hand in an ordinary file.")
    try:
        return _read(descriptor, path.name)
    finally:
        os.close(descriptor)


def _read(descriptor: int, name: str) -> bytes | Rejected:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        return Rejected(f"{name} is not an ordinary file (a folder, a FIFO, a socket or a device). Hand in a notebook.")
    with open(descriptor, "rb", closefd=False) as file:
        data = file.read(MAX_BYTES + 1)
    return _too_big(name) if len(data) > MAX_BYTES else data


def _too_big(name: str) -> Rejected:
    return Rejected(
        f"{name} is larger than {MAX_BYTES // 2**20} MiB. Clear its outputs (Edit, Clear Outputs of All Cells), "
        "save and hand it in again."
    )


def parse(data: bytes) -> NotebookNode | Rejected:
    """The notebook in ``data`` as a clean nbformat 4 notebook without outputs, or why it cannot be read.

    Older formats are upgraded. Cells are built anew from their type, source, metadata and id, so whatever else the
    file held, and however malformed, is left behind.
    """
    if len(data) > MAX_BYTES:
        return _too_big("The submission")
    content = _json(data)
    if isinstance(content, Rejected):
        return content
    if not isinstance(content, dict) or not isinstance(content.get("nbformat"), int):
        return Rejected("The file is JSON but not a Jupyter notebook. Open it in Jupyter, save and hand it in again.")
    return _cleaned(content)


def _json(data: bytes) -> Any:
    for magic, what in _ARCHIVES.items():
        if data.startswith(magic):
            return Rejected(f"The file is {what}, not a notebook. Unpack it and hand in the .ipynb file inside.")
    if not data.strip():
        return Rejected("The file is empty. Save the notebook in Jupyter and hand it in again.")
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return Rejected(f"The file is not UTF-8 text (byte {error.start}). Save it in Jupyter and hand it in again.")
    except RecursionError:
        return Rejected("The file nests too deeply to be a notebook. Save it in Jupyter and hand it in again.")
    except ValueError as error:  # JSONDecodeError, and numbers too long for int
        return Rejected(
            f"The file is not valid JSON, so not a notebook ({error}). Save it in Jupyter and hand it in again."
        )


def _cleaned(content: dict[str, Any]) -> NotebookNode | Rejected:
    try:
        if content["nbformat"] < 4:
            content = nbformat.convert(nbformat.from_dict(content), 4)
        cells = content["cells"]
        if len(cells) > MAX_CELLS:
            return Rejected(f"The notebook has {len(cells)} cells; more than {MAX_CELLS} are not graded.")
        return new_notebook([_clean_cell(cell, index) for index, cell in enumerate(cells)], {})
    except Exception as error:  # any malformed shape, here or in nbformat's upgrade
        return Rejected(
            f"The notebook's structure is damaged ({type(error).__name__}: {str(error)[:200]}). "
            "Open it in Jupyter, save and hand it in again."
        )


def _clean_cell(cell: Any, index: int) -> NotebookNode:
    source = cell.get("source", "")
    source = "".join(source) if isinstance(source, list) else source
    if not isinstance(source, str):
        raise TypeError(f"the source of cell {index + 1} is no text")
    metadata = _plain(cell["metadata"]) if isinstance(cell.get("metadata"), dict) else {}
    clean = new_cell(cell["cell_type"], _no_surrogates(source), _clean_id(cell.get("id"), index), metadata)
    if clean.cell_type == "markdown" and _is_attachments(cell.get("attachments")):
        clean.attachments = nbformat.from_dict(cell["attachments"])  # pictures pasted into a written answer
    return clean


def _clean_id(cell_id: Any, index: int) -> str:
    return cell_id if isinstance(cell_id, str) and 1 <= len(cell_id) <= 64 else f"cell-{index + 1}"


def _no_surrogates(text: str) -> str:
    """JSON can spell half a character, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _is_attachments(value: Any) -> bool:
    """Whether this is nbformat's ``{file name: {MIME type: text}}``."""
    return isinstance(value, dict) and all(
        isinstance(file, dict) and all(isinstance(text, str) for text in file.values()) for file in value.values()
    )


def _plain(metadata: dict[str, Any]) -> dict[str, Any]:
    """What grading reads of a cell's metadata: nbgrader's entry and the tags."""
    return {key: metadata[key] for key in ("nbgrader", "tags") if key in metadata}
