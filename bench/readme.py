"""The README's performance section, written from the recorded figures so that it cannot say anything else."""

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bench.steps import BASELINE, WAYS

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
RESULTS = Path(__file__).parent / "results"


def with_figures(text: str, results: Path = RESULTS) -> str:
    """``text`` with all that is recorded in ``results`` between ``<!-- bench -->`` and ``<!-- end -->``.

    Raises
    ------
    ValueError
        If ``text`` has no such place, or nothing was ever recorded.
    """
    recorded = {name: results / f"{name}.json" for name in _PARTS}
    parts = [_PARTS[name](json.loads(path.read_text())) for name, path in recorded.items() if path.is_file()]
    if not parts:
        raise ValueError("there are no figures yet; run python -m bench to record them")
    filled = "\n\n".join(["<!-- bench -->", *parts, "<!-- end -->"])
    made, places = re.subn(r"<!-- bench -->.*?<!-- end -->", lambda _: filled, text, flags=re.DOTALL)
    if places != 1:
        raise ValueError("README.md must have one place for figures, between <!-- bench --> and <!-- end -->")
    return made


def _steps(figures: dict[str, Any]) -> str:
    rows = [
        [name, *(f"{ratios[way]:.2f}" if way in ratios else "–" for way in WAYS)]
        for name, ratios in figures["ratios"].items()
    ]
    return (
        f"One step on {figures['weights']:,} float32 weights, as a multiple of the time of `{BASELINE}`'s plain "
        f"(single-tensor)\nimplementation in the same run. {_measured(figures)}\n\n{_table('optimizer', WAYS, rows)}"
    )


def _grading(figures: dict[str, Any]) -> str:
    times = figures["throughput, as a multiple of nbgrader's"]
    rows = [[who, figures["graded"][who], *_memory(figures, who)] for who in ("nbgrader", "ours")]
    rows[0][1:1] = [f"{1:.1f}"] * len(times)
    rows[1][1:1] = [f"{times[what]:.1f}" for what in times]
    columns = [*times, f"graded of {figures['submissions']:,}", "peak memory, MiB"]
    return (
        f"The same {figures['submissions']:,} submissions by plain `nbgrader autograde`, then by ours: submissions a "
        "second, as a multiple of\nnbgrader's in the same run, start-up included; feedback pages timed apart. "
        f"{_measured(figures)}\n\n{_table('grader', columns, rows)}"
    )


def _grading_full(figures: dict[str, Any]) -> str:
    growth = figures["a submission's cost in the large class, as a multiple of that in the small"]
    sizes = [f"{size:,}" for size in figures["submissions"]]
    rows = [
        [size, f"{cost:.2f}", graded, minutes, memory]
        for size, cost, graded, minutes, memory in zip(
            sizes,
            (1.0, growth["both"]),
            figures["graded"],
            figures["minutes"],
            figures["peak memory in MiB"],
            strict=True,
        )
    ]
    columns = [f"cost of one, as a multiple of that among {sizes[0]}", "graded", "minutes in all", "peak memory, MiB"]
    return (
        f"Ours on a class of {sizes[0]} and on one of {sizes[1]}, grading and feedback together. {_measured(figures)}"
        f"\n\n{_table('submissions', columns, rows)}"
    )


def _memory(figures: dict[str, Any], who: str) -> list[Any]:
    return [figures["peak memory in MiB"][who] or "–"]


def _measured(figures: dict[str, Any]) -> str:
    return f"Measured on: {', '.join(f'{key} {value}' for key, value in figures['machine'].items())}."


def _table(first: str, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table; all columns but the first hold numbers."""
    names = [first, *columns]
    lines = [names, ["---", *["--:"] * (len(names) - 1)], *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


# Each part's file in ``results`` and what the README says of it, in the README's order.
_PARTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "steps": _steps,
    "grading": _grading,
    "grading_full": _grading_full,
}
