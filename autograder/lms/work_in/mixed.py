"""A folder of mixed file names: whose is each, from an id, an e-mail address or a name somewhere in its path."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import PurePosixPath

from autograder.intake import Rejected
from autograder.lms.people import Person, keys, plain, squashed
from autograder.lms.work_in.download import Download
from autograder.lms.work_in.piece import Piece

SHORT = 3  # an id shorter than this is believed only where it is all of a folder's or a file's name
WORDS = 8  # of the longest name or id looked for


def from_folder(download: Download, people: Sequence[Person]) -> list[Piece]:
    """Every file with the one person whose id, or else whose name, its path holds; the longest one found decides."""
    ids, names = _index(people, _own_ids), _index(people, lambda person: keys(person, "in another order"))
    times = {entry.path.parent: _time(entry.read()) for entry in download.entries if entry.path.name == "timestamp.txt"}
    made = []
    for entry in download.entries:
        if entry.path.name == "timestamp.txt":
            continue
        found = _found(entry.path, ids) or _found(entry.path, names)
        note = "could be " + "; ".join(people[index].label for index in sorted(found)) if len(found) > 1 else ""
        owner = tuple(people[index] for index in found) if len(found) == 1 else ()
        made.append(Piece(entry, owner, entry.path.name, times.get(entry.path.parent), note=note))
    return made


def _own_ids(person: Person) -> set[str]:
    return {plain(value) for value in person.ids.values() if value}


def _index(people: Iterable[Person], what: Callable[[Person], set[str]]) -> dict[str, set[int]]:
    index: dict[str, set[int]] = defaultdict(set)
    for number, person in enumerate(people):
        for key in what(person):
            index[key].add(number)
    return index


def _found(path: PurePosixPath, index: dict[str, set[int]]) -> set[int]:
    """The people of the longest key in the path."""
    hits = [(len(key), index[key]) for key in _keys_in(path) if key in index]
    longest = max((length for length, _ in hits), default=0)
    return {person for length, people in hits if length == longest for person in people}


def _keys_in(path: PurePosixPath) -> Iterator[str]:
    """Each folder's and the file's name as a whole, and each run of its words."""
    for part in (*path.parts[:-1], path.name.partition(".ipynb")[0]):
        yield plain(part)
        words = plain(part).split()
        for start in range(len(words)):
            for end in range(start + 1, min(start + WORDS, len(words)) + 1):
                key = " ".join(words[start:end])
                if len(squashed(key)) >= SHORT:
                    yield key


def _time(data: bytes | Rejected) -> datetime | None:
    """nbgrader's ``timestamp.txt``."""
    from nbgrader.utils import parse_utc

    try:
        when: datetime | None = parse_utc(data.decode().strip()) if isinstance(data, bytes) else None
    except (ValueError, OverflowError):
        return None
    return when
