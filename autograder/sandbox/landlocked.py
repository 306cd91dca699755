"""Confine this process with Landlock, then become the command: ``python -m autograder.sandbox.landlocked RULES``.

Landlock holds across ``exec`` and for every descendant. RULES is JSON, made by ``autograder/sandbox/launch.py``.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from landlock import FSAccess, Ruleset


def confine(rules: dict[str, Any]) -> None:
    """Read and run what is named, write the scratch folder, and nothing else."""
    ruleset = Ruleset()
    read = FSAccess.READ_FILE | FSAccess.READ_DIR | FSAccess.EXECUTE
    for path in rules["read"]:
        ruleset.allow(path, rules=read if Path(path).is_dir() else FSAccess.READ_FILE | FSAccess.EXECUTE)
    ruleset.allow(*rules["list"], rules=FSAccess.READ_DIR)
    ruleset.allow(*rules["devices"], rules=FSAccess.READ_FILE | FSAccess.WRITE_FILE)
    ruleset.allow(f"/proc/{os.getpid()}/statm", rules=FSAccess.READ_FILE)  # how much memory the warm interpreter has
    ruleset.allow(rules["write"], rules=ruleset.restrict_rules & ~FSAccess.EXECUTE)
    ruleset.apply()


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    confine(given)
    os.execve(given["command"][0], given["command"], given["environment"])
