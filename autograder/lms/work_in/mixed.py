"""A folder of mixed file names: whose is each, from an id, an e-mail address or a name somewhere in its path."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import PurePosixPath

from autograder.intake import Rejected
from autograder.lms.people import Person, keys, plain
from autograder.lms.work_in.download import Download
from autograder.lms.work_in.piece import Piece

SHORT = 3  # an id shorter than this is believed only where it is all of a folder's or a file's name
WORDS = 8  # of the longest name or id looked for


def from_folder(download: Download, people: Sequence[Person]) -> list[Piece]:
    """Every file with the one person whose id, or else whose name, its path holds; the longest one found decides."""
    ids, names = _index(people, _own_ids), _index(people, _own_names)
    words = _index(people, lambda person: {word for name in _own_names(person) for word in name.split()})
    doubtful = {key: owners | words.get(key, set()) for key, owners in ids.items()}  # an id may be a name, too
    times = {entry.path.parent: _time(entry.read()) for entry in download.entries if entry.path.name == "timestamp.txt"}
    made = []
    for entry in download.entries:
        if entry.path.name == "timestamp.txt":
            continue
        wholes, runs = _wholes(entry.path), _runs(entry.path)
        found = _longest(wholes, ids) or _longest(runs, doubtful) or _longest([*wholes, *runs], names)
        note = "could be " + "; ".join(people[index].label for index in sorted(found)) if len(found) > 1 else ""
        owner = tuple(people[index] for index in found) if len(found) == 1 else ()
        made.append(Piece(entry, owner, entry.path.name, times.get(entry.path.parent), note=note))
    return made


def _own_ids(person: Person) -> set[str]:
    return {plain(value) for value in person.ids.values() if value}


def _own_names(person: Person) -> set[str]:
    return keys(person, "in another order")


def _index(people: Iterable[Person], what: Callable[[Person], set[str]]) -> dict[str, set[int]]:
    index: dict[str, set[int]] = defaultdict(set)
    for number, person in enumerate(people):
        for key in what(person):
            index[key].add(number)
    return index


def _longest(found: list[str], index: dict[str, set[int]]) -> set[int]:
    """The people of the longest key that was found."""
    hits = [(len(key), index[key]) for key in found if key in index]
    longest = max((length for length, _ in hits), default=0)
    return {person for length, people in hits if length == longest for person in people}


def _wholes(path: PurePosixPath) -> list[str]:
    """The names of the folders and of the file."""
    return [plain(part) for part in (*path.parts[:-1], path.name.partition(".ipynb")[0])]


def _runs(path: PurePosixPath) -> list[str]:
    """Every run of words in these names that is not too short to mean anything."""
    runs = []
    for words in (whole.split() for whole in _wholes(path)):
        for start in range(len(words)):
            ends = range(start + 1, min(start + WORDS, len(words)) + 1)
            runs += [" ".join(words[start:end]) for end in ends]
    return [run for run in runs if len(run) >= SHORT]


def _time(data: bytes | Rejected) -> datetime | None:
    """nbgrader's ``timestamp.txt``."""
    from nbgrader.utils import parse_utc

    try:
        when: datetime | None = parse_utc(data.decode().strip()) if isinstance(data, bytes) else None
    except (ValueError, OverflowError):
        return None
    return when
