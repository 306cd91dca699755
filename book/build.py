"""``python book/build.py`` does what ``jupyter book build -W --keep-going book`` does, some seconds sooner.

What edited chapters import is imported in a process of its own from the first moment, while Sphinx still loads.
Arguments are handed on to ``jupyter book build``.
"""

import gc
import sys
from pathlib import Path

BOOK = Path(__file__).resolve().parent


def main() -> None:
    """Build, and exit with Jupyter Book's status."""
    # At its usual thresholds the garbage collector walks over all that Sphinx has loaded again and again, which is a
    # third of a rebuild's work and finds next to nothing.
    gc.set_threshold(100_000, 50, 50)
    # jsonschema, which Jupyter Book imports, loads this for one format that nothing here uses; that takes a second. It
    # does without where the package is not installed.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    sys.path.insert(0, str(BOOK / "_ext"))
    from course_book.warm_kernels import begin

    begin(BOOK, BOOK / "_build" / ".doctrees" / "environment.pickle")
    from jupyter_book.cli.main import main as jupyter_book

    jupyter_book(["build", "-W", "--keep-going", *sys.argv[1:], str(BOOK)])


if __name__ == "__main__":
    main()
