"""Who is who: people of one list found in another, never guessed.

Identifiers (student id, login, e-mail) decide where both lists have them; names are asked only then, and a name that
two people share decides nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from autograder.lms.people import FORMS, Person, keys, same_id

BY_ID = "id"


@dataclass
class Matching:
    """Indices into the two lists.

    ``pairs`` maps left to right, ``how`` left to ``BY_ID`` or the form of the name; ``ambiguous`` maps left to the
    right ones it could be; ``differing`` to those of the same name whose identifiers say that they are someone else.
    """

    pairs: dict[int, int] = field(default_factory=dict)
    how: dict[int, str] = field(default_factory=dict)
    ambiguous: dict[int, list[int]] = field(default_factory=dict)
    differing: dict[int, list[int]] = field(default_factory=dict)


def match(left: Sequence[Person], right: Sequence[Person]) -> Matching:
    """Pair each person on the left with at most one on the right, and say who cannot be paired and why."""
    return _Matcher(left, right).run()


class _Matcher:
    def __init__(self, left: Sequence[Person], right: Sequence[Person]) -> None:
        self._left, self._right = left, right
        self._ids = [_ids(person) for person in left], [_ids(person) for person in right]
        self._found = Matching()
        self._taken: set[int] = set()
        self._shared: set[tuple[str, str]] = set()

    def run(self) -> Matching:
        self._by_id()
        for form in FORMS:
            self._by_name(form)
        return self._found

    def _by_id(self) -> None:
        links = self._links()
        self._shared = {kinds for reasons in links.values() for kinds in reasons}
        rights, lefts = defaultdict(list), defaultdict(list)
        for one, other in links:
            rights[one].append(other)
            lefts[other].append(one)
        for one, others in rights.items():
            if len(others) == 1 and len(lefts[others[0]]) == 1:
                self._pair(one, others[0], BY_ID)
            else:
                self._found.ambiguous[one] = others
                self._taken.update(others)

    def _links(self) -> dict[tuple[int, int], set[tuple[str, str]]]:
        """Every pair with an identifier in common, and of which kinds."""
        holders = defaultdict(list)
        for other, ids in enumerate(self._ids[1]):
            for kind, value in ids.items():
                holders[value].append((other, kind))
        links: dict[tuple[int, int], set[tuple[str, str]]] = defaultdict(set)
        numbers = self._number_columns(holders)
        for one, ids in enumerate(self._ids[0]):
            for kind, value in ids.items():
                for other, kind_there in holders[value]:
                    if not value.isdigit() or kind_there in numbers[kind]:
                        links[one, other].add((kind, kind_there))
        return links

    def _number_columns(self, holders: dict[str, list[tuple[int, str]]]) -> dict[str, set[str]]:
        """For each kind of number on the left, the kind on the right that has most of them.

        A student's number and an LMS's own number can be equal by chance; two columns of them cannot.
        """
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for ids in self._ids[0]:
            for kind, value in ids.items():
                if value.isdigit():
                    counts[kind].update({kind_there for _, kind_there in holders[value]})
        best = {kind: max(count.values(), default=0) for kind, count in counts.items()}
        return defaultdict(set, {k: {there for there, n in c.items() if n == best[k]} for k, c in counts.items()})

    def _by_name(self, form: str) -> None:
        """Names are counted over both whole lists: who is found already may still make a name ambiguous."""
        theirs, ours = _holders(self._right, form), _holders(self._left, form)
        for one, person in enumerate(self._left):
            if one in self._found.pairs or one in self._found.ambiguous:
                continue
            named = {other for key in keys(person, form) for other in theirs[key]}
            possible = sorted(other for other in named if not self._differ(one, other))
            if named and not possible:
                self._found.differing.setdefault(one, sorted(named))
            rivals = {
                rival
                for other in possible
                for key in keys(self._right[other], form)
                for rival in ours[key]
                if not self._differ(rival, other)
            }
            if len(possible) == 1 and rivals == {one} and possible[0] not in self._taken:
                self._pair(one, possible[0], form)
            elif possible:
                self._found.ambiguous[one] = possible

    def _differ(self, one: int, other: int) -> bool:
        """Whether both have an identifier of kinds that agree for others, and theirs do not agree."""
        if self._found.pairs.get(one) == other:
            return False
        mine, its = self._ids[0][one], self._ids[1][other]
        return any(kind in mine and kind_there in its for kind, kind_there in self._shared)

    def _pair(self, one: int, other: int, how: str) -> None:
        self._found.pairs[one], self._found.how[one] = other, how
        self._found.differing.pop(one, None)
        self._taken.add(other)


def _ids(person: Person) -> dict[str, str]:
    return {kind: same_id(value) for kind, value in person.ids.items() if value.strip()}


def _holders(people: Sequence[Person], form: str) -> dict[str, list[int]]:
    holders: dict[str, list[int]] = defaultdict(list)
    for index, person in enumerate(people):
        for key in keys(person, form):
            holders[key].append(index)
    return holders


def closest(person: Person, others: Sequence[Person]) -> str:
    """The label of whoever has the most similar name, as a hint for a person's eye; empty if nobody has."""
    from difflib import get_close_matches

    form = "without accents"
    known = {key: other.label for other in others for key in keys(other, form)}
    found = [hit for key in keys(person, form) for hit in get_close_matches(key, known, n=1, cutoff=0.8)]
    return known[found[0]] if found else ""
