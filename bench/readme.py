"""The README's performance section, written from the recorded figures so that it cannot say anything else."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.steps import BASELINE, WAYS

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
RESULTS = Path(__file__).parent / "results"


def with_figures(text: str, results: Path = RESULTS) -> str:
    """``text`` with each ``<!-- bench NAME -->`` … ``<!-- end -->`` filled from ``results/NAME.json``.

    Raises
    ------
    ValueError
        If a mark names a part that is not measured, or one whose figures were never recorded.
    """

    def filled(mark: re.Match[str]) -> str:
        name, source = mark[1], results / f"{mark[1]}.json"
        if name not in _SECTIONS or not source.is_file():
            raise ValueError(f"README.md asks for figures {name!r}; run python -m bench {name} to record them")
        return f"<!-- bench {name} -->\n{_SECTIONS[name](json.loads(source.read_text()))}\n<!-- end -->"

    return re.sub(r"<!-- bench (\w+) -->.*?<!-- end -->", filled, text, flags=re.DOTALL)


def _steps(figures: dict[str, Any]) -> str:
    rows = [["optimizer", *WAYS], ["---", *["--:"] * len(WAYS)]]
    rows += [
        [name, *(f"{ratios[way]:.2f}" if way in ratios else "–" for way in WAYS)]
        for name, ratios in figures["ratios"].items()
    ]
    machine = ", ".join(f"{key} {value}" for key, value in figures["machine"].items())
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    return (
        f"One step on {figures['weights']:,} float32 weights, as a multiple of the time of `{BASELINE}`'s plain "
        f"(single-tensor)\nimplementation in the same run. Measured on: {machine}.\n\n{table}"
    )


_SECTIONS: dict[str, Callable[[dict[str, Any]], str]] = {"steps": _steps}
