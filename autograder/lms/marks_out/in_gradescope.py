"""What Gradescope's container runs: ``submission/`` → ``results/results.json``, beside the folder ``source/`` it is in.

When the grader itself fails this ends with an error and without a result, so that Gradescope says that the autograder
failed and gives no mark; a submission that cannot be read gets 0 and is told why.
"""

import json
import os
import sys
from pathlib import Path

from autograder.assignment import Assignment
from autograder.grade import grade
from autograder.intake import Rejected, read_submission
from autograder.lms.marks_out.gradescope_zip import SETTINGS
from autograder.lms.marks_out.results_json import results, to_bytes
from autograder.sandbox.parent import Sandbox
from autograder.sandbox.tiers import describe

MAX_FILES = 1000


def run(root: Path) -> Path:
    """Grade the submission below ``root`` (Gradescope's ``/autograder``); gives where the results are."""
    settings = json.loads((root / "source" / SETTINGS).read_text(encoding="utf-8"))
    assignment = Assignment.load(root / "source" / "assignments", settings["assignment"])
    tier = describe()
    print(tier)  # instructors alone see what is printed
    with Sandbox.start(tier=tier.tier, allow=assignment.allow) as sandbox:
        result = grade(submitted(root / "submission", assignment.notebook_name), assignment, settings["seed"], sandbox)
    target = root / "results" / "results.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(to_bytes(results(result.to_dict(), settings["visibility"], settings["book"])))
    return target


def submitted(folder: Path, notebook: str) -> bytes | Rejected:
    """The one notebook in ``folder`` or below, by its name if there are several."""
    expected = f"{notebook}.ipynb"
    found = _notebooks(folder)
    named = [path for path in found if path.name == expected]
    if len(chosen := named or found) == 1:
        return read_submission(chosen[0])
    what = f"{len(found)} notebooks" if found else "no notebook"
    return Rejected(f"The submission holds {what}. Hand in one file, {expected}.")


def _notebooks(folder: Path) -> list[Path]:
    found = []
    for seen, (place, _, names) in enumerate(os.walk(folder)):
        found += [Path(place, name) for name in sorted(names) if name.lower().endswith(".ipynb")]
        if seen > MAX_FILES or len(found) > MAX_FILES:
            break
    return found


if __name__ == "__main__":
    print(f"Results: {run(Path(sys.argv[1]).resolve())}")
