"""What a child can see: Python, a list of packages, a part of ``course_lib``, and an empty folder to write in."""

import importlib.util
import os
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from uuid import uuid4

from packaging.requirements import Requirement

# What notebooks may import beside the standard library; what these require comes with them.
PACKAGES = ("numpy", "array-api-compat", "matplotlib", "ipython", "matplotlib-inline")
# The part of the course that holds no answer. Everything else of course_lib is absent, optimizers and specs above all.
COURSE = ("__init__.py", "arrays.py", "objectives.py", "descent.py", "palette.py", "plotting.py", "checks/observe.py")
# Imported once, in the warm interpreter; NumPy itself leaves these until they are used, which costs each child 10 ms.
PRELOAD = ("numpy.random", "numpy.linalg", "numpy.fft", "numpy.polynomial", "numpy.testing")
# The sandbox's own inner side.
INNER = ("__init__.py", "shell.py", "session.py", "zygote.py", "confine.py")

_SANDBOX = Path(__file__).parent
_NOT_STAGED = ("site-packages", "dist-packages", "test", "idlelib", "tkinter", "ensurepip", "turtledemo")


@dataclass(frozen=True)
class Stage:
    """A folder on disk with the staged course and an empty scratch folder, and the places of everything else.

    ``packages`` maps each top-level name in site-packages to its real place.
    """

    root: Path
    packages: dict[str, Path]
    preload: tuple[str, ...]

    @property
    def course(self) -> Path:
        return self.root / "course"

    @property
    def scratch(self) -> Path:
        return self.root / "scratch"

    @property
    def site(self) -> Path:
        return self.root / "site"

    def empty_scratch(self) -> None:
        """Remove what a submission left in the scratch folder (links are removed, never followed).

        Folder by folder, each brought up first, for a submission can nest them deeper than recursion reaches.
        """
        folders = _without_files(self.scratch)
        while folders:
            folder = folders.pop()
            for inner in _without_files(folder):
                folders.append(inner.rename(self.scratch / uuid4().hex))
            folder.rmdir()

    def remove(self) -> None:
        with suppress(OSError):
            self.empty_scratch()
        shutil.rmtree(self.root, ignore_errors=True)


def _without_files(folder: Path) -> list[Path]:
    """The folders in ``folder``, after everything else in it is removed."""
    folder.chmod(0o700)  # it may have been closed
    folders = []
    for entry in list(os.scandir(folder)):
        if entry.is_dir(follow_symlinks=False):
            folders.append(Path(entry.path))
        else:
            Path(entry.path).unlink()
    return folders


def make_stage(allow: Iterable[str] = ()) -> Stage:
    """Stage the course and find the packages, ``allow`` among them.

    Raises
    ------
    LookupError
        If a package is not installed.
    """
    allow = tuple(allow)
    packages = _places((*PACKAGES, *allow))
    root = Path(tempfile.mkdtemp(prefix="autograder-"))
    stage = Stage(root, packages, (*PRELOAD, *_modules(COURSE), *allow))
    for folder in (stage.course, stage.scratch, stage.site):
        folder.mkdir()
    for name, place in packages.items():
        (stage.site / name).symlink_to(place)
    _stage_course(stage.course)
    return stage


def _stage_course(to: Path) -> None:
    found = importlib.util.find_spec("course_lib")
    if found is None or found.origin is None:
        raise LookupError("course_lib is not installed; run `make course` or `pip install -e .[grade]`")
    library = Path(found.origin).parent
    for name in COURSE:
        _copy(library / name, to / "course_lib" / name)
    _copy(_SANDBOX / "inside" / "checks.py", to / "course_lib" / "checks" / "__init__.py")
    for name in INNER:
        _copy(_SANDBOX / "inside" / name, to / "autograder" / "sandbox" / "inside" / name)
    _copy(_SANDBOX / "frames.py", to / "autograder" / "sandbox" / "frames.py")
    for package in (to / "autograder", to / "autograder" / "sandbox"):
        (package / "__init__.py").write_text("")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _modules(files: Iterable[str]) -> list[str]:
    """``checks/observe.py`` → ``course_lib.checks.observe``."""
    names = [Path("course_lib", file).with_suffix("").as_posix().replace("/", ".") for file in files]
    return [name.removesuffix(".__init__") for name in names]


def _places(names: Iterable[str]) -> dict[str, Path]:
    """Where the top-level folders and files of these distributions, and of all they require, really are."""
    places: dict[str, Path] = {}
    for distribution in _closure(names):
        for file in distribution.files or ():
            top = file.parts[0]
            if top not in ("..", "__pycache__") and top not in places:
                places[top] = Path(str(distribution.locate_file(top))).resolve()
    return places


def _closure(names: Iterable[str]) -> list[metadata.Distribution]:
    found: dict[str, metadata.Distribution] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop().lower().replace("_", "-")
        if name in found:
            continue
        try:
            found[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            raise LookupError(f"the package {name} is not installed; run `pip install {name}`") from None
        required = [Requirement(text) for text in found[name].requires or ()]
        waiting += [r.name for r in required if r.marker is None or r.marker.evaluate({"extra": ""})]
    return list(found.values())


def interpreter() -> Path:
    """The real Python under any virtual environment."""
    return Path(getattr(sys, "_base_executable", sys.executable)).resolve()


def standard_library() -> list[Path]:
    """The folders and files of the standard library, packages installed next to it left out."""
    folder = Path(sysconfig.get_path("stdlib")).resolve()
    return sorted(entry for entry in folder.iterdir() if entry.name not in _NOT_STAGED)


def system_libraries() -> list[Path]:
    """Where the system keeps shared libraries, without the Python packages of the distribution."""
    triplet = sysconfig.get_config_var("MULTIARCH") or ""
    tight = [Path("/usr/lib", triplet), Path("/lib", triplet)] if triplet and Path("/usr/lib", triplet).is_dir() else []
    wanted = [*(tight or [Path("/usr/lib"), Path("/lib")]), Path("/usr/lib64"), Path("/lib64")]
    python = sorted(Path(sys.base_prefix, "lib").glob("libpython*"))
    return [path for path in dict.fromkeys((*wanted, *python)) if path.exists()]
