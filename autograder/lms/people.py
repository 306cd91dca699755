"""Names as people and systems write them, and when two of them are the same name."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

# Letters that Unicode does not take apart into a base letter and an accent.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ŋ": "n"})
# Accents over Latin, Greek and Cyrillic letters, and the optional vowel signs of Hebrew and Arabic. Marks of other
# scripts are letters of their own: without them different names would look alike.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u0652]")
_APOSTROPHES = re.compile("['’‘ʼʹ`´.]")
_FORMULA = re.compile(r'="(.*)"', re.DOTALL)


@dataclass(frozen=True)
class Person:
    """Someone as one system knows them.

    ``ids`` maps what kind of identifier it is ("email", "SIS Login ID") to its value. ``names`` are full names in
    either order, with or without a comma; ``parts`` is (first, last) where the system keeps them apart.
    """

    label: str
    ids: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    parts: tuple[str, str] | None = None


def same_id(value: str) -> str:
    """The form in which two identifiers are compared: case does not count, nor do the words around Moodle's number."""
    value = unicodedata.normalize("NFC", value).strip().casefold()
    number = re.fullmatch(r"\D*\s(\d+)", value)  # "Participant 12345", in whatever language
    return number.group(1) if number else value


def as_spelled(name: str) -> str:
    """Case, spaces and invisible direction marks do not count."""
    visible = "".join(letter for letter in unicodedata.normalize("NFC", name) if unicodedata.category(letter) != "Cf")
    return " ".join(visible.casefold().split())


def plain(name: str) -> str:
    """Nor do accents, apostrophes, full stops, hyphens and quotation marks."""
    letters = _MARKS.sub("", unicodedata.normalize("NFKD", as_spelled(name)).translate(_LETTERS))
    words = _APOSTROPHES.sub("", unicodedata.normalize("NFC", letters))
    return " ".join("".join(letter if unicodedata.category(letter)[0] in "LMN" else " " for letter in words).split())


def squashed(name: str) -> str:
    """Nor do spaces: Canvas writes "Noether, Emmy" as "noetheremmy" in the names of files."""
    return plain(name).replace(" ", "")


def keys(person: Person, form: str) -> set[str]:
    """What of a person's names is compared at one of the ``FORMS``."""
    normal, either_order = FORMS[form]
    names = [order for name in person.names for order in _orders(unquoted(name), either_order)]
    if person.parts:
        first, last = person.parts
        names += [f"{first} {last}", *([f"{last} {first}"] if either_order else [])]
    return {key for key in map(normal, names) if key}


def _orders(name: str, either: bool) -> list[str]:
    """ "Noether, Emmy" is Emmy Noether; but "Jim O'Neil, Jr." may be read as it stands."""
    last, comma, first = name.partition(",")
    if not comma:
        return [name]
    return [f"{first} {last}", *([name.replace(",", " ")] if either else [])]


def unquoted(name: str) -> str:
    """Canvas protects a name that begins like a formula as ``="name"``."""
    formula = _FORMULA.fullmatch(name.strip())
    return formula.group(1) if formula else name


# From strict to lenient: how a name is normalised, and whether "Emmy Noether" may also be "Noether Emmy".
FORMS = {
    "as spelled": (as_spelled, False),
    "without accents": (plain, False),
    "in another order": (plain, True),
    "run together": (squashed, True),
}
