"""How systems name what they hand over: a path of a download → whose it is, which file, handed in when.

- Moodle: ``Full Name_12345_assignsubmission_file_/ps1.ipynb``; the number is the worksheet's "Participant 12345".
- Canvas: ``noetheremmy_LATE_123_456_ps1-1.ipynb``; 123 is the gradebook's "ID", 456 the file's, "-1" a copy's.
- Gradescope: ``submission_123/ps1.ipynb`` and one ``submission_metadata.yml`` that says who and when.
- ``zip_collect``: whatever the course's ``FileNameCollectorPlugin.named_regexp`` takes apart.
- A folder: the student's id, e-mail address or name stands somewhere in the path.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any, Literal

from autograder.course import CourseError
from autograder.intake import Rejected
from autograder.lms.people import Person
from autograder.lms.work_in.download import Download, Entry
from autograder.lms.work_in.mixed import from_folder
from autograder.lms.work_in.piece import Piece

Kind = Literal["moodle", "canvas", "gradescope", "zip_collect", "folder"]
METADATA = "submission_metadata.yml"
_MOODLE = re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_[a-z]+(?:_(?P<file>.*))?", re.DOTALL)
_CANVAS = re.compile(
    r"(?P<name>[^_]+(?:_[^_\d][^_]*)*?)_(?:(?P<late>LATE)_)?(?P<user>\d+)_(?P<id>\d+)_(?P<file>.+)", re.DOTALL
)
_CANVAS_COPY = re.compile(r"-\d+(?=\.[^.]*$)")


def detect(download: Download, regexp: str) -> Kind:
    """Which system the download comes from."""
    paths = [entry.path for entry in download.entries]
    notebooks = [path for path in paths if ".ipynb" in path.name.lower()] or paths
    if any(path.name == METADATA for path in paths):
        return "gradescope"
    if any(_MOODLE.fullmatch(part) for path in paths for part in path.parts):
        return "moodle"
    if notebooks and all(_CANVAS.fullmatch(path.name) for path in notebooks):
        return "canvas"
    return "zip_collect" if regexp else "folder"


def pieces(download: Download, kind: Kind, regexp: str, extracted: str, known: Iterable[Person]) -> list[Piece]:
    """Every file of the download with whose it is.

    ``extracted`` is the path that ``nbgrader zip_collect`` would unpack the download to, because its expression is
    applied to whole paths; ``known`` are the people whose names and ids are looked for in a folder's paths.
    """
    match kind:
        case "moodle":
            return [_moodle(entry) for entry in download.entries]
        case "canvas":
            return [_canvas(entry) for entry in download.entries]
        case "gradescope":
            metadata = _metadata(download)
            return [_gradescope(entry, metadata) for entry in download.entries if entry.path.name != METADATA]
        case "zip_collect":
            return [_zip_collect(entry, regexp, extracted) for entry in download.entries]
        case "folder":
            return from_folder(download, list(known))


def _moodle(entry: Entry) -> Piece:
    for part in entry.path.parts:
        if found := _MOODLE.fullmatch(part):
            label = f"{found['name']} · {found['number']}"
            person = Person(label, {"identifier": found["number"]}, (found["name"],))
            return Piece(entry, (person,), found["file"] or entry.path.name)
    return Piece(entry, (), entry.path.name)


def _canvas(entry: Entry) -> Piece:
    found = _CANVAS.fullmatch(entry.path.name)
    if found is None:
        return Piece(entry, (), entry.path.name)
    person = Person(f"{found['name']} · {found['user']}", {"id": found["user"]}, (found["name"],))
    note = "Canvas says that it is late" if found["late"] else ""
    return Piece(entry, (person,), _CANVAS_COPY.sub("", found["file"]), order=int(found["id"]), note=note)


def _zip_collect(entry: Entry, regexp: str, extracted: str) -> Piece:
    found = re.match(regexp, f"{extracted}/{entry.path}")
    said = {name: text for name, text in (found.groupdict() if found else {}).items() if text}
    if "student_id" not in said:
        return Piece(entry, (), entry.path.name)
    parts = said.get("first_name", ""), said.get("last_name", "")
    ids: dict[str, str] = {kind: said[kind] for kind in ("student_id", "email") if kind in said}
    person = Person(said["student_id"], ids, (), parts if any(parts) else None)
    file = PurePosixPath(said.get("file_id", entry.path.name)).stem + entry.path.suffix  # as nbgrader reads file_id
    return Piece(entry, (person,), file, _utc(said.get("timestamp")))


def _utc(text: str | None) -> datetime | None:
    from nbgrader.utils import parse_utc

    try:
        return parse_utc(text) if text else None
    except (ValueError, OverflowError) as error:
        raise CourseError(f"The regular expression takes {text!r} for a time, which it is not. Mend it.") from error


def _metadata(download: Download) -> Mapping[str, Any]:
    import yaml  # type: ignore[import-untyped]

    (entry, *_) = [entry for entry in download.entries if entry.path.name == METADATA]
    data = entry.read()
    if isinstance(data, Rejected):
        raise CourseError(f"{METADATA} cannot be read: {data.reason}")
    try:
        content = yaml.load(data, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise CourseError(f"{METADATA} is damaged ({error}). Export the submissions again.") from error
    return content if isinstance(content, dict) else {}


def _gradescope(entry: Entry, metadata: Mapping[str, Any]) -> Piece:
    folder = next((part for part in entry.path.parts if isinstance(metadata.get(part), dict)), "")
    about = metadata.get(folder, {})
    submitters = about.get(":submitters")
    people = [_submitter(who) for who in submitters if isinstance(who, dict)] if isinstance(submitters, list) else []
    when = about.get(":created_at")
    if isinstance(when, datetime):
        when = (when.astimezone(UTC) if when.tzinfo else when).replace(tzinfo=None)
    return Piece(entry, tuple(people), entry.path.name, when if isinstance(when, datetime) else None)


def _submitter(who: Mapping[str, Any]) -> Person:
    name, sid, email = (str(who.get(f":{key}") or "") for key in ("name", "sid", "email"))
    ids = {kind: value for kind, value in (("sid", sid), ("email", email)) if value}
    return Person(" · ".join(filter(None, (name, email or sid))), ids, (name,) if name else ())
