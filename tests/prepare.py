"""Set up what the tests need beyond the lock: ``python -m tests.prepare``.

A browser is taken in this order: one that stands on the machine, Playwright's own download, the system's package
manager where we are root. bubblewrap, the grader's best sandbox on Linux, and a PostgreSQL server come from the package
manager alone.

With ``STRICT=1`` (as in ``.ci/run``) a missing browser or sandbox is a failure, and so is a missing server where one
can be installed; otherwise the tests that need it say why they skip.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable

from tests.browsers import find_browser
from tests.databases import find_postgres


def main() -> int:
    """Prepare, say what stands and what is missing; 1 if something is missing and ``STRICT`` is set."""
    browser = _ensure(find_browser, _playwright_download, _apt("chromium", "fonts-dejavu-core"))
    print(f"Browser: {browser or 'none. Install Chromium or Chrome; until then the browser tests are skipped.'}")
    sandbox = _ensure(lambda: shutil.which("bwrap"), _apt("bubblewrap", "libseccomp2")) or sys.platform != "linux"
    print(f"Sandbox: {sandbox or 'no bubblewrap. Install it (apt-get install bubblewrap) to test the best tier.'}")
    server = _ensure(find_postgres, _apt("postgresql"))
    print(f"PostgreSQL: {server or 'none. Install it (apt-get install postgresql); until then its tests are skipped.'}")
    return int(os.environ.get("STRICT") == "1" and not (browser and sandbox and (server or not _can_install())))


def _ensure(find: Callable[[], str | None], *installs: Callable[[], None]) -> str | None:
    """What ``find`` finds, after as many of ``installs`` as it takes."""
    for install in installs:
        if found := find():
            return found
        try:
            install()
        except (OSError, subprocess.SubprocessError) as failure:
            print(f"  {failure}")
    return find()


def _playwright_download() -> None:
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    subprocess.run(command, check=True, timeout=600, capture_output=True)


def _can_install() -> bool:
    return bool(shutil.which("apt-get")) and os.geteuid() == 0


def _apt(*packages: str) -> Callable[[], None]:
    def install() -> None:
        if not _can_install():
            return
        for arguments in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
            environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(["apt-get", "-qq", *arguments], check=True, stdout=subprocess.DEVNULL, env=environment)

    return install


if __name__ == "__main__":
    sys.exit(main())
