"""The README's performance section, written from the recorded figures so that it cannot say anything else."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from bench.claims import COLUMNS, RESULTS, Figures, claims, recorded
from bench.steps import BASELINE, WAYS

README = Path(__file__).resolve().parents[1] / "README.md"
# What each part is called where the README says on what it was measured.
NAMES = {
    "steps": "steps",
    "grading": "grading",
    "grading_full": "the large class",
    "book": "the book",
    "latency": "`check`",
    "cluster": "several machines",
}


def with_figures(text: str, results: Path = RESULTS) -> str:
    """``text`` with all that is recorded in ``results`` between ``<!-- bench -->`` and ``<!-- end -->``.

    Raises
    ------
    ValueError
        If ``text`` has no such place, or nothing was ever recorded.
    """
    parts = recorded(results)
    if not parts:
        raise ValueError("there are no figures yet; run python -m bench to record them")
    said = [_table(COLUMNS, (claim.cells() for claim in claims(parts)), numbers=2), _measured(parts)]
    if "steps" in parts:
        said.append(_steps(parts["steps"]))
    filled = "\n\n".join(["<!-- bench -->", *said, "<!-- end -->"])
    made, places = re.subn(r"<!-- bench -->.*?<!-- end -->", lambda _: filled, text, flags=re.DOTALL)
    if places != 1:
        raise ValueError("README.md must have one place for figures, between <!-- bench --> and <!-- end -->")
    return made


def _steps(figures: Figures) -> str:
    rows = [
        [name, *(f"{ratios[way]:.2f}" if way in ratios else "–" for way in WAYS), _widest(figures, name)]
        for name, ratios in figures["ratios"].items()
    ]
    return (
        f"The steps one by one, as multiples of the time of `{BASELINE}`'s plain (single-tensor) implementation. The\n"
        "last column says how far apart the middle half of the turns lies, where in its row that is widest.\n\n"
        f"{_table(('optimizer', *WAYS, 'spread'), rows, numbers=len(WAYS) + 1)}"
    )


def _widest(figures: Figures, name: str) -> str:
    halves = figures.get("spread", {}).get(name, {})
    widths = [(high - low) / 2 / figures["ratios"][name][way] for way, (low, high) in halves.items()]
    return f"±{max(widths):.0%}" if widths else "–"


def _measured(parts: Mapping[str, Figures]) -> str:
    """On what: parts that were measured on the same are named together."""
    together: dict[str, list[str]] = {}
    for part, figures in parts.items():
        machine = ", ".join(f"{key} {value}" for key, value in figures["machine"].items())
        together.setdefault(machine, []).append(NAMES[part])
    return "Measured on:\n\n" + "\n".join(f"- {', '.join(names)}: {machine}" for machine, names in together.items())


def _table(columns: Iterable[str], rows: Iterable[Iterable[object]], *, numbers: int) -> str:
    """A Markdown table, whose last ``numbers`` columns hold numbers."""
    names = list(columns)
    lines = [names, [*["---"] * (len(names) - numbers), *["--:"] * numbers], *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
