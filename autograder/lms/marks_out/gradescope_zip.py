"""An autograder to upload to Gradescope: this project's packages, one assignment's source, and how to run them."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import autograder
from autograder.assignment import Assignment
from autograder.course import Course, CourseError
from autograder.lms.marks_out.results_json import Visibility

SETTINGS = "settings.json"
ENTRY = "autograder.lms.marks_out.in_gradescope"
_PACKAGES = ("autograder", "course_lib")
_BESIDE = ("pyproject.toml", "README.md", "LICENSE", "LICENSE-TEXT")
_LEFT_OUT = ("__pycache__", ".ipynb_checkpoints", "node_modules")
_SETUP = """\
#!/usr/bin/env bash
# Gradescope runs this once, as root, while it makes the container.
set -euo pipefail
root="${{AUTOGRADER_ROOT:-/autograder}}"
apt-get update
apt-get install -y --no-install-recommends python3 python3-venv bubblewrap libseccomp2
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Python 3.11 or newer is needed: choose Ubuntu 24.04 or newer as the base image." >&2
    exit 1
fi
python3 -m venv "$root/venv"
"$root/venv/bin/python" -m pip install --no-cache-dir --constraint "$root/source/constraints.txt" \\
    --editable "$root/source[grade]"{allow}
"""
_RUN = f"""\
#!/usr/bin/env bash
# Gradescope runs this for every submission: /autograder/submission -> /autograder/results/results.json.
set -euo pipefail
root="${{AUTOGRADER_ROOT:-/autograder}}"
cd "$root/source"
exec "$root/venv/bin/python" -m {ENTRY} "$root"
"""


def autograder_zip(course: Course, name: str, seed: int, visibility: Visibility, book: str) -> bytes:
    """The bytes of the archive; the same course gives the same bytes.

    Parameters
    ----------
    course : Course
    name : str
        The assignment.
    seed : int
        What hidden inputs are drawn from there; the course's own gives the marks that grading here gives.
    visibility : str
        When learners may see the tests.
    book : str
        Where the book is published; empty to link nowhere.

    Raises
    ------
    CourseError
        If this project is not installed from its repository, whose files are sent along.
    """
    root = Path(autograder.__file__).resolve().parents[1]
    if not (root / "pyproject.toml").is_file() or not (root / "requirements.txt").is_file():
        raise CourseError(
            f"The archive needs the project's own pyproject.toml and requirements.txt, which {root} has not. Install "
            "the project from its repository (pip install -e .) and run the command there."
        )
    assignment = Assignment.load(course.root, name)
    allow = "".join(f" {package}" for package in assignment.allow)
    settings = {"assignment": name, "seed": seed, "visibility": visibility, "book": book}
    written = {
        "setup.sh": _SETUP.format(allow=allow).encode(),
        "run_autograder": _RUN.encode(),
        SETTINGS: (json.dumps(settings, indent=1) + "\n").encode(),
        "constraints.txt": _constraints(root),
    }
    files = {path.relative_to(root).as_posix(): path for path in _project_files(root)}
    files |= {f"assignments/source/{name}/{path.name}": path for path in [course.source_notebook(name)]}
    files |= {f"assignments/{path.name}": path for path in [course.root / "nbgrader_config.py"] if path.is_file()}
    return _zipped(written | {place: path.read_bytes() for place, path in sorted(files.items())})


def _constraints(root: Path) -> bytes:
    """The lock's versions; a constraint must not name extras."""
    lock = (root / "requirements.txt").read_text(encoding="utf-8")
    return re.sub(r"^([\w.-]+)\[[^\]]*\]", r"\1", lock, flags=re.MULTILINE).encode()


def _project_files(root: Path) -> Iterator[Path]:
    for package in _PACKAGES:
        for path in sorted((root / package).rglob("*")):
            if path.is_file() and not set(_LEFT_OUT) & set(path.parts):
                yield path
    yield from (root / name for name in _BESIDE if (root / name).is_file())


def _zipped(files: dict[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)  # dated 1980: the archive tells nothing of when it was made
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o755 if data.startswith(b"#!") and "/" not in name else 0o644) << 16
            target.writestr(entry, data)
    return archive.getvalue()
