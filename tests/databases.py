"""A PostgreSQL server for the tests that want one: found on the machine, started in a folder of its own."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

USER = "grader"
# Debian keeps the programs off the PATH; the newest first.
_FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True)


def find_postgres() -> str | None:
    """The folder of ``initdb`` and ``postgres``: on the PATH, or where Debian keeps them; None without them."""
    places = os.pathsep.join([os.environ.get("PATH", ""), *map(str, _FOLDERS)])
    found = [shutil.which(name, path=places) for name in ("initdb", "postgres")]
    return str(Path(found[0]).parent) if found[0] and found[1] else None


@contextmanager
def postgres() -> Iterator[Path]:
    """The folder of a running server's socket; every local user is let in, whatever the password."""
    programs = Path(find_postgres() or "")
    with TemporaryDirectory(prefix="pg-") as name:  # a socket's path must be short
        folder, user = Path(name), _user()
        if user:
            shutil.chown(folder, user)
            folder.chmod(0o755)
        data = str(folder / "data")
        _initialize(programs, data, user)
        quick = ("-c", "fsync=off", "-c", "listen_addresses=", "-k", name)
        with (
            (folder.parent / f"{folder.name}.log").open("wb") as log,
            subprocess.Popen(
                [str(programs / "postgres"), "-D", data, *quick], user=user, cwd="/", stdout=log, stderr=log
            ) as server,
        ):
            try:
                _wait_for(folder, server)
                yield folder
            finally:
                server.send_signal(signal.SIGINT)  # at once, whoever is still connected
                server.wait(timeout=30)
        (folder.parent / f"{folder.name}.log").unlink()


def address(socket: Path, database: str) -> str:
    """What ``db_url`` says for a new database of that name."""
    with psycopg.connect(host=str(socket), user=USER, dbname="postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{database}"')
    return f"postgresql+psycopg://{USER}:secret@/{database}?host={socket}"


def _initialize(programs: Path, data: str, user: str | None) -> None:
    """Sorted as people sort where the server can (Debian's can), and so unlike SQLite."""
    command = [str(programs / "initdb"), "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync"]
    for order in (["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en"], ["--locale=C"]):
        done = subprocess.run([*command, *order], user=user, cwd="/", capture_output=True, text=True, timeout=120)
        if done.returncode == 0:
            return
    raise RuntimeError(done.stderr)


def _wait_for(socket: Path, server: "subprocess.Popen[bytes]") -> None:
    patience = time.monotonic() + 60
    while time.monotonic() < patience and server.poll() is None:
        try:
            psycopg.connect(host=str(socket), user=USER, dbname="postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise RuntimeError("the server did not start")


def _user() -> str | None:
    """The server refuses to run as root."""
    if os.geteuid() != 0:
        return None
    import pwd

    return "postgres" if any(entry.pw_name == "postgres" for entry in pwd.getpwall()) else "nobody"
