"""``python -m autograder``."""

import sys

# jsonschema, which nbformat imports, loads this for one format that no notebook uses; that takes more than a second in
# every process. It does without where the package is not installed.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

from autograder.cli import app  # noqa: E402

if __name__ == "__main__":
    app(prog_name="python -m autograder")
