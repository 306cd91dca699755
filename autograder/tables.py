"""The tables of ``journal.db``."""

from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    type_annotation_map = {dict[str, Any]: JSON}  # noqa: RUF012 - SQLAlchemy's own declaration


class Record(Base):
    """The last recorded result of one student's submission."""

    __tablename__ = "record"

    assignment: Mapped[str] = mapped_column(primary_key=True)
    student: Mapped[str] = mapped_column(primary_key=True)
    submission: Mapped[str]
    """SHA-256 of the submitted bytes."""
    key: Mapped[str]
    """What the result depends on: see ``autograder.journal.result_key``."""
    standing: Mapped[str]
    """When it was handed in and when it was due; the late penalty follows from them."""
    feedback: Mapped[str] = mapped_column(default="")
    """What the feedback page was rendered from; empty until it is."""
    result: Mapped[dict[str, Any]]
    """``Result.to_dict()`` without the notebook, which stands in ``autograded``."""


class Attempt(Base):
    """What one of a student's submissions came to, kept when a later one takes its place; see ``history``."""

    __tablename__ = "attempt"

    assignment: Mapped[str] = mapped_column(primary_key=True)
    student: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    """1 for the first; the highest is what ``Record`` is about."""
    submission: Mapped[str]
    handed_in: Mapped[str]
    """As ``timestamp.txt`` says, else when it was first graded; UTC."""
    score: Mapped[float]
    """Points that the grader itself gave, of ``max_score``; a person's are not in it."""
    max_score: Mapped[float]
    functions: Mapped[dict[str, Any]]
    """Function → ``[criteria met, criteria judged, [mistakes recognised]]``."""


class Release(Base):
    __tablename__ = "release"

    assignment: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]


class Setting(Base):
    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
