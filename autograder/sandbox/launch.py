"""How each tier starts the warm interpreter: a command, an environment and the settings that its inner side needs."""

import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.sandbox import seccomp
from autograder.sandbox.limits import Limits
from autograder.sandbox.stage import Stage, interpreter, standard_library, system_libraries

_START = (
    "import sys; sys.path[:0] = sys.argv[2:4]; "
    "from autograder.sandbox.inside.zygote import main; main(int(sys.argv[1]))"
)
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")


class Unavailable(Exception):  # noqa: N818 (a finding, not an error)
    """A tier cannot be had here; the message says why."""


@dataclass(frozen=True)
class Launch:
    """A command line, and where things are as the command's process sees them."""

    command: list[str]
    scratch: str
    settings: dict[str, Any]


def bubblewrap(stage: Stage, limits: Limits, control: int) -> Launch:
    """In a file system, process table and network of its own; every child again in namespaces of its own."""
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise Unavailable("bubblewrap is not installed")
    root = os.getuid() == 0
    command = [
        bwrap,
        *("--die-with-parent", "--new-session", "--clearenv"),
        *("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"),
        # As root the mounts are made with root's rights (Python may live in a closed home); then root is given up.
        *(("--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID") if root else ("--unshare-user",)),
        *_view(stage),
        *_environment_options("/tmp"),
        *("--chdir", "/tmp", "--remount-ro", "/", "--"),
        *_python("/sandbox/course", "/sandbox/site", control),
    ]
    return Launch(command, "/tmp", _settings(limits, namespaces=True, processes=limits.processes, become_nobody=root))


def landlock(stage: Stage, limits: Limits, control: int) -> Launch:
    """Ordinary processes that the kernel lets read the stage and write the scratch folder, and start nothing."""
    if not sys.platform.startswith("linux"):
        raise Unavailable("Landlock is a part of Linux")
    if seccomp.program() is None:
        raise Unavailable("libseccomp or the package pyseccomp is missing")
    readable = [*standard_library(), *system_libraries(), interpreter(), Path("/etc/ld.so.cache")]
    readable += [stage.course, stage.site, *stage.packages.values()]
    rules = {
        "read": [str(path) for path in readable if path.exists()],
        "list": [str(standard_library()[0].parent)],
        "devices": [device for device in _DEVICES if Path(device).exists()],
        "write": str(stage.scratch),
        "command": _python(str(stage.course), str(stage.site), control),
        "environment": _environment(str(stage.scratch)),
    }
    command = [sys.executable, "-m", "autograder.sandbox.landlocked", json.dumps(rules)]
    return Launch(command, str(stage.scratch), _settings(limits, namespaces=False, processes=None))


def plain(stage: Stage, limits: Limits, control: int) -> Launch:
    """A process with limits and nothing else."""
    if os.name != "posix":
        raise Unavailable("learners' code is run on Linux and macOS only; on Windows use WSL")
    environment = [f"{key}={value}" for key, value in _environment(str(stage.scratch)).items()]
    command = ["/usr/bin/env", "-i", *environment, *_python(str(stage.course), str(stage.site), control)]
    settings = _settings(limits, namespaces=False, processes=limits.processes + _own_tasks())
    return Launch(command, str(stage.scratch), settings | {"filter": "", "adopt_orphans": True})


def _settings(
    limits: Limits, *, namespaces: bool, processes: int | None, become_nobody: bool = False
) -> dict[str, Any]:
    return {
        "namespaces": namespaces,
        "processes": processes,
        "become_nobody": become_nobody,
        "adopt_orphans": False,
        "filter": (seccomp.program() or b"").hex(),
    }


def _python(course: str, site: str, control: int) -> list[str]:
    """Without user or system site-packages, bytecode writing or the working directory on the path."""
    return [str(interpreter()), "-s", "-S", "-P", "-B", "-c", _START, str(control), course, site]


def _environment(home: str) -> dict[str, str]:
    """No variable of the grader's; one thread for every library, because a threaded process cannot be forked safely."""
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")}
    return {
        "HOME": home,
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",  # the same notebook prints its sets in the same order
        "MPLCONFIGDIR": home,
        "IPYTHONDIR": home,
    } | threads


def _environment_options(home: str) -> list[str]:
    return [text for key, value in _environment(home).items() for text in ("--setenv", key, value)]


def _view(stage: Stage) -> list[str]:
    """bubblewrap's options for the file system: read-only but for /tmp, and nothing in it that is not named here."""
    library = standard_library()[0].parent
    shown = {path.resolve(): path.resolve() for path in [*system_libraries(), library, interpreter()]}
    shown |= {stage.course: Path("/sandbox/course")}
    shown |= {place: Path("/sandbox/site", name) for name, place in stage.packages.items()}
    shown |= {path: path for path in [Path("/etc/ld.so.cache")] if path.exists()}
    options = _folders([*shown.values(), *map(Path, _DEVICES)])
    for path, place in shown.items():
        options += ["--ro-bind", str(path), str(place)]
    for name in ("site-packages", "dist-packages"):
        options += ["--tmpfs", str(library / name)] if (library / name).is_dir() else []
    for device in _DEVICES:
        options += ["--dev-bind", device, device]
    return [*options, *_links(), "--proc", "/proc", "--perms", "1777", "--tmpfs", "/tmp"]


def _folders(places: list[Path]) -> list[str]:
    """Every folder above these places, open to whoever the child runs as."""
    folders = sorted({folder for place in places for folder in place.parents if folder != Path("/")})
    return [text for folder in folders for text in ("--perms", "0755", "--dir", str(folder))]


def _links() -> list[str]:
    """/lib → usr/lib and the like, where the system has them: programs name their loader by that path."""
    tops = [Path("/lib"), Path("/lib64")]
    return [text for top in tops if top.is_symlink() for text in ("--symlink", str(top.readlink()), str(top))]


def _own_tasks() -> int:
    """How many processes and threads this user has now: the kernel's limit on processes counts them all."""
    count = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if process.stat().st_uid == os.getuid():
                count += sum(1 for _ in (process / "task").iterdir())
        except OSError:
            continue
    return count or 1000  # no /proc (macOS): a guess above what a desktop session runs
