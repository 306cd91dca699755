"""Files that are made new: never over another one without being told, never half."""

import os
from pathlib import Path

from autograder.course import CourseError


def write_new(path: Path, data: bytes, *, replace: bool = False) -> None:
    """Write ``data`` to ``path``, whole or not at all.

    Raises
    ------
    CourseError
        If something else stands there and ``replace`` is not set.
    """
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise CourseError(f"{path} is no ordinary file. Nothing was written; choose another place with --output.")
    if path.is_file() and not replace and path.read_bytes() != data:
        raise CourseError(
            f"{path} is there already and says something else. Nothing was written; pass --replace to replace it, or "
            "--output FILE to write elsewhere."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(data)
    draft.replace(path)
