"""Where the gradebook is: nbgrader's SQLite file in the course, or a database server that ``db_url`` names."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, InterfaceError, OperationalError
from sqlalchemy.pool import NullPool

from autograder.course import CourseError


def place(url: str) -> Path | str:
    """The gradebook's file, or the server's address without its password."""
    with named():
        parts = make_url(url)
    if parts.get_backend_name() == "sqlite" and parts.database:
        return Path(parts.database)
    return parts.render_as_string(hide_password=True)


def is_made(url: str) -> bool:
    """Whether there is a gradebook; looking makes none."""
    where = place(url)
    if isinstance(where, Path):
        return where.is_file()
    with named(), reached():
        return inspect(create_engine(url, poolclass=NullPool)).has_table("assignment")


@contextmanager
def named() -> Iterator[None]:
    """Inside, an address that means nothing here is a ``CourseError``."""
    try:
        yield
    except (ArgumentError, ImportError) as error:
        raise CourseError(
            f"The gradebook that c.CourseDirectory.db_url in nbgrader_config.py names cannot be used ({error}). A "
            "PostgreSQL server is named postgresql+psycopg://USER@HOST/DATABASE and needs the package psycopg."
        ) from error


@contextmanager
def reached() -> Iterator[None]:
    """Inside, a gradebook that cannot be reached, or no longer, is a ``CourseError``."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise CourseError(
            f"The gradebook cannot be reached: {str(error.orig).strip()}\nc.CourseDirectory.db_url in "
            "nbgrader_config.py says where it is. What was graded before is recorded; when the gradebook is there "
            "again, the same command goes on from here."
        ) from error


@contextmanager
def only_writer(url: str, course: str) -> Iterator[None]:
    """Hold a course's gradebook on a PostgreSQL server for one run, against graders on other machines.

    ``only_grader`` holds the course's folder, and each machine may have one of its own. The lock ends with the
    connection, however that ends. Elsewhere there is nothing to hold.
    """
    with named():
        engine = create_engine(url, poolclass=NullPool)
    if engine.dialect.name != "postgresql":
        yield
        return
    number = int.from_bytes(hashlib.sha256(course.encode()).digest()[:8], "big", signed=True)
    with reached(), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), {"number": number}):
            raise CourseError(
                f"Another run is grading into {place(url)} right now. Wait for it to end, or stop it; this one has "
                "changed no mark."
            )
        yield
