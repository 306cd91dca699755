"""What is wrong with an answer, before it becomes a verdict."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Finding:
    """What was found, in the learner's terms; ``ids`` are those of the mistakes recognised."""

    headline: str
    detail: str = ""
    ids: tuple[str, ...] = ()
    evidence: Mapping[str, Any] = field(default_factory=dict)
