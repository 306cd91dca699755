"""The verdict on one criterion, as data: the notebook, the grader, the feedback and the class report all read this."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Verdict:
    """Whether one criterion of one function is met, and what to look at if not.

    Attributes
    ----------
    function : str
        ``"sgd_step"``, say.
    criterion : str
        One of its criteria, such as ``"momentum"``.
    passed : bool
    headline : str
        One plain sentence.
    detail : str
        What to look at; empty when there is nothing to add.
    evidence : mapping
        The first thing that differs: ``step`` (from 1), ``quantity`` (``"w[0, 2]"``), ``got``, ``expected``,
        ``difference`` and ``case`` (what went in), each a short text or number, as far as they apply.
    misconceptions : tuple of str
        Ids of the mistakes recognised, from the function's ``Spec``; empty when none was.
    link : str
        Where the book explains it: page and anchor, relative to the book's root.
    """

    function: str
    criterion: str
    passed: bool
    headline: str
    detail: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    misconceptions: tuple[str, ...] = ()
    link: str = ""

    def without_expected(self) -> "Verdict":
        """The same verdict for a learner's eyes where inputs are hidden: without the right answer and its distance."""
        shown = {key: value for key, value in self.evidence.items() if key not in ("expected", "difference")}
        return replace(self, evidence=shown)

    def to_dict(self) -> dict[str, Any]:
        """A JSON-safe dict; ``from_dict`` reads it back."""
        return asdict(self) | {"evidence": dict(self.evidence), "misconceptions": list(self.misconceptions)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Verdict":
        """The verdict that ``to_dict`` wrote.

        Raises
        ------
        TypeError
            If a key is unknown or a required one is missing.
        """
        return cls(**{**data, "misconceptions": tuple(data.get("misconceptions", ()))})
