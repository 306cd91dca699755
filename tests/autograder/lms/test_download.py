"""What is downloaded is hostile until read: archives that lie, links, paths that lead elsewhere."""

import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from autograder.course import CourseError
from autograder.intake import MAX_BYTES, Rejected
from autograder.lms.work_in import download as module
from autograder.lms.work_in.download import open_download


def archive(path: Path, files: dict[str, bytes], **links: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in files.items():
            target.writestr(name, data)
        for name, to in links.items():
            entry = zipfile.ZipInfo(f"{name}.ipynb")
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            target.writestr(entry, to)
    return path


def test_an_archive_and_a_folder_give_the_same(tmp_path: Path) -> None:
    files = {"a/ps1.ipynb": b"{}", "é ü/ps1.ipynb": b"[]", "__MACOSX/a/._ps1.ipynb": b"x", "a/.DS_Store": b"x"}
    for name, data in files.items():
        (tmp_path / "folder" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "folder" / name).write_bytes(data)
    zipped = open_download(archive(tmp_path / "d.zip", files))
    for found in (open_download(tmp_path / "folder"), zipped):
        read = {str(entry.path): entry.read() for entry in found.entries}
        assert read == {"a/ps1.ipynb": b"{}", "é ü/ps1.ipynb": b"[]"}
        assert not found.refused


@pytest.mark.parametrize(
    "name",
    [
        "../../evil.ipynb",
        "/etc/evil.ipynb",
        "a/../../evil.ipynb",
        "C:/evil.ipynb",
        "a\nb.ipynb",
        "x" * 250 + ".ipynb",
        "/".join("a" * 40) + ".ipynb",
    ],
)
def test_a_path_that_leads_elsewhere_is_never_opened(tmp_path: Path, name: str) -> None:
    found = open_download(archive(tmp_path / "d.zip", {name: b"{}", "good.ipynb": b"{}"}))
    assert [str(entry.path) for entry in found.entries] == ["good.ipynb"]
    assert len(found.refused) == 1


def test_links_are_never_followed(tmp_path: Path) -> None:
    found = open_download(archive(tmp_path / "d.zip", {}, link="/etc/passwd"))
    assert (found.entries, list(found.refused)) == ([], ["link.ipynb"])
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link.ipynb").symlink_to("/etc/passwd")
    (folder / "elsewhere").symlink_to("/etc")
    os.mkfifo(folder / "pipe.ipynb")
    found = open_download(folder)
    assert (found.entries, set(found.refused)) == ([], {"link.ipynb", "elsewhere", "pipe.ipynb"})


def test_a_bomb_is_refused_before_it_unpacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_RATIO", 20)
    bomb = archive(tmp_path / "d.zip", {f"{i}.ipynb": b" " * 8_000_000 for i in range(3)})
    with pytest.raises(CourseError, match="far more than it can honestly hold"):
        open_download(bomb)
    one = open_download(archive(tmp_path / "one.zip", {"big.ipynb": b" " * 8_000_000, "ok.ipynb": b"{}"}))
    assert [str(entry.path) for entry in one.entries] == ["ok.ipynb"]
    assert "far more" in one.refused["big.ipynb"]


def test_a_size_that_is_a_lie_does_not_help(tmp_path: Path) -> None:
    path = archive(tmp_path / "d.zip", {"big.ipynb": os.urandom(1 << 16) * 400})
    data = bytearray(path.read_bytes())
    for at in (22, data.rindex(b"PK\x01\x02") + 24):  # uncompressed size, in both of its places
        data[at : at + 4] = struct.pack("<I", 100)
    path.write_bytes(data)
    (entry,) = open_download(path).entries
    read = entry.read()
    assert isinstance(read, Rejected) or len(read) <= 100


def test_a_file_larger_than_a_notebook_may_be_is_not_read_whole(tmp_path: Path) -> None:
    path = archive(tmp_path / "d.zip", {"big.ipynb": os.urandom(1 << 16) * (MAX_BYTES // (1 << 16) + 1)})
    (entry,) = open_download(path).entries
    read = entry.read()
    assert isinstance(read, Rejected)
    assert "larger than 16 MiB" in read.reason


def test_damage_is_said(tmp_path: Path) -> None:
    path = archive(tmp_path / "d.zip", {"a.ipynb": os.urandom(5000)})
    data = bytearray(path.read_bytes())
    data[1000:1100] = bytes(100)
    path.write_bytes(data)
    (entry,) = open_download(path).entries
    read = entry.read()
    assert isinstance(read, Rejected)
    assert "damaged" in read.reason


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"not a zip"])
def test_what_is_no_archive_is_said_to_be_none(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "d.zip").write_bytes(data)
    with pytest.raises(CourseError, match="ZIP"):
        open_download(tmp_path / "d.zip")
    with pytest.raises(CourseError, match="not there"):
        open_download(tmp_path / "none.zip")


def test_an_absurd_number_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_FILES", 10)
    path = archive(tmp_path / "d.zip", {f"{i}.ipynb": b"{}" for i in range(11)})
    with pytest.raises(CourseError, match="more than 10 files"):
        open_download(path)


def test_archives_in_a_folder_are_opened_when_told_and_archives_in_archives_never(tmp_path: Path) -> None:
    inner = archive(tmp_path / "inner.zip", {"ps1.ipynb": b"{}"}).read_bytes()
    folder = tmp_path / "archive"
    folder.mkdir()
    archive(folder / "ada.zip", {"ps1.ipynb": b"{}", "inner.zip": inner})
    assert [str(entry.path) for entry in open_download(folder).entries] == ["ada.zip"]
    opened = open_download(folder, archives=True)
    assert [str(entry.path) for entry in opened.entries] == ["ada/ps1.ipynb", "ada/inner.zip"]
