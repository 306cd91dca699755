"""What was downloaded, a folder or a ZIP archive, as a list of files that are safe to read one by one.

Nothing is ever unpacked to disk: an archive's files are read into memory, each no larger than a notebook may be.
"""

import os
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath

from autograder.course import CourseError
from autograder.intake import MAX_BYTES, Rejected, read_submission

MAX_FILES = 200_000
MAX_TOTAL = 32 * 2**30
MAX_RATIO = 200  # a text that shrinks to less than this is no notebook but a bomb
MAX_DEPTH = 32
MAX_NAME = 240  # bytes of a single name
_CLUTTER = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini", ".ipynb_checkpoints"}


@dataclass(frozen=True)
class Entry:
    """A file of the download: its path in there, and how to get its bytes (or why it is refused)."""

    path: PurePosixPath
    read: Callable[[], bytes | Rejected]


@dataclass
class Download:
    """``entries`` can be read; ``refused`` maps what is never opened to why."""

    name: str
    entries: list[Entry] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def open_download(path: Path, *, archives: bool = False) -> Download:
    """List what is at ``path``.

    Parameters
    ----------
    path : Path
        A folder, or a ZIP archive.
    archives : bool
        Whether archives that lie in a folder are opened, too, as ``nbgrader zip_collect`` does; archives in archives
        never are.

    Raises
    ------
    CourseError
        If there is nothing that can be read, or if it holds absurdly much.
    """
    if path.is_dir():
        return _folder(path, archives)
    if not path.exists():
        raise CourseError(f"{path} is not there.")
    download = Download(path.stem)
    _add_archive(download, path, PurePosixPath())
    return download


def _folder(root: Path, archives: bool) -> Download:
    download = Download(root.resolve().name)
    for path in _walk(root):
        inside = PurePosixPath(path.relative_to(root).as_posix())
        if _CLUTTER & set(inside.parts):
            continue
        _count(download)
        if not _is_text(str(inside)):
            download.refused[ascii(str(inside))] = "its name is no text"
        elif path.is_symlink() or not path.is_file():
            download.refused[str(inside)] = "a link or a special file, not an ordinary one"
        elif archives and path.suffix.lower() == ".zip":
            _add_archive(download, path, inside.with_suffix(""))
        else:
            download.entries.append(Entry(inside, partial(read_submission, path)))
    return download


def _walk(root: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(root):
        folders.sort()
        linked = [name for name in folders if Path(place, name).is_symlink()]
        if len(Path(place).relative_to(root).parts) > MAX_DEPTH:
            raise CourseError(f"{root} nests folders more than {MAX_DEPTH} deep; no download does.")
        yield from (Path(place, name) for name in sorted([*names, *linked]))


def _count(download: Download) -> None:
    if len(download.entries) + len(download.refused) >= MAX_FILES:
        raise CourseError(f"{download.name} holds more than {MAX_FILES} files; no class hands in so many.")


def _add_archive(download: Download, path: Path, below: PurePosixPath) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise CourseError(
            f"{path} cannot be read as a ZIP archive ({error}). Download it again, or unpack it and give the folder."
        ) from error
    if sum(member.file_size for member in members) > min(MAX_TOTAL, MAX_RATIO * max(path.stat().st_size, 2**20)):
        raise CourseError(f"{path} would unpack to far more than it can honestly hold. Nothing of it was opened.")
    for member in members:
        _add_member(download, path, member, below)


def _add_member(download: Download, path: Path, member: zipfile.ZipInfo, below: PurePosixPath) -> None:
    inside = PurePosixPath(member.filename)
    if member.is_dir() or _CLUTTER & set(inside.parts):
        return
    _count(download)
    if why := _refusal(member):
        download.refused[member.filename if _is_text(member.filename) else ascii(member.filename)] = why
    else:
        download.entries.append(Entry(below / inside, partial(_read_member, path, member)))


def _refusal(member: zipfile.ZipInfo) -> str:
    """Why a member is never opened; empty if it may be."""
    name, kind = member.filename, stat.S_IFMT(member.external_attr >> 16)
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or "\\" in name or ":" in name[:3]:
        return "its path leads out of the archive"
    if not _is_text(name) or any(len(part.encode()) > MAX_NAME for part in parts):
        return "its name is no text, or longer than a file's may be"
    if len(parts) > MAX_DEPTH:
        return f"it lies more than {MAX_DEPTH} folders deep"
    if kind not in (0, stat.S_IFREG):
        return "a link or a special file, not an ordinary one"
    if member.flag_bits & 1:
        return "it is encrypted"
    if member.file_size > MAX_RATIO * max(member.compress_size, 1) and member.file_size > 2**20:
        return "it would unpack to far more than it can honestly hold"
    return ""


def _is_text(name: str) -> bool:
    """Without control characters and halves of characters; what directs the writing of Persian or Hebrew may stay."""
    return not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name)


def _read_member(path: Path, member: zipfile.ZipInfo) -> bytes | Rejected:
    """At most ``MAX_BYTES``, whatever the archive says of its size."""
    name = PurePosixPath(member.filename).name
    try:
        with zipfile.ZipFile(path) as archive, archive.open(member) as file:
            data = file.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        return Rejected(f"{name} is damaged in the archive ({error}).")
    return Rejected(f"{name} is larger than {MAX_BYTES // 2**20} MiB.") if len(data) > MAX_BYTES else data
