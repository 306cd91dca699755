"""Where the problem sets are, and what the tests call nbgrader through."""

import subprocess
from collections.abc import Callable
from pathlib import Path

ASSIGNMENTS = Path(__file__).resolve().parents[2] / "assignments"
Nbgrader = Callable[..., subprocess.CompletedProcess[str]]
