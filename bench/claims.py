"""What the recorded figures say, a line for each thing the course claims: measured beside what, and the ratio."""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from bench.steps import BASELINE
from bench.timing import spread

RESULTS = Path(__file__).parent / "results"
Figures = Mapping[str, Any]


class Claim(NamedTuple):
    """``ratio`` is ``what`` as a multiple of ``beside``; ``low`` and ``high`` bound its middle half, where known."""

    what: str
    beside: str
    ratio: float
    low: float | None = None
    high: float | None = None

    def cells(self) -> tuple[str, str, str, str]:
        """As a row of a table: what, beside what, ratio, middle half."""
        known = self.low is not None and self.high is not None
        half = f"{_figure(self.low)} – {_figure(self.high)}" if known else "–"
        return self.what, self.beside, _figure(self.ratio), half


COLUMNS = ("what", "beside", "ratio", "middle half")


def recorded(results: Path = RESULTS) -> dict[str, Figures]:
    """The figures of each part that has been measured, in the order in which they are shown."""
    files = {name: results / f"{name}.json" for name in PARTS}
    return {name: json.loads(file.read_text(encoding="utf-8")) for name, file in files.items() if file.is_file()}


def claims(parts: Mapping[str, Figures]) -> list[Claim]:
    """All of them, part by part."""
    return [claim for name, figures in parts.items() for claim in PARTS[name](figures)]


def _figure(ratio: float | None) -> str:
    """Three digits, as many as were measured."""
    if ratio is None:
        return "–"
    return f"{ratio:.0f}" if ratio >= 100 else f"{ratio:.1f}" if ratio >= 10 else f"{ratio:.2f}"


# What the ways of a step are called, where they are ours.
_OURS = {"numpy": "on NumPy", "torch": "on torch", "compiled": "on torch, compiled"}


def _steps(figures: Figures) -> Iterable[Claim]:
    rows = figures["ratios"].values()
    for way, words in _OURS.items():
        ratios = [row[way] for row in rows if way in row]
        if ratios:
            what = f"a step {words}: {len(ratios)} optimizers, {figures['weights']:,} weights"
            yield Claim(what, f"`{BASELINE}`, plain", *spread(ratios))


def _grading(figures: Figures) -> Iterable[Claim]:
    times = figures["throughput, as a multiple of nbgrader's"]
    halves = figures.get("spread of the throughput", {})
    many, graded, memory = figures["submissions"], figures["graded"], figures["peak memory in MiB"]
    jobs = figures["machine"].get("processes of ours", "?")
    yield Claim(
        f"submissions graded a second, {jobs} processes", "`nbgrader autograde`", *_with(times, halves, "grading")
    )
    yield Claim("feedback pages a second", "`nbgrader generate_feedback`", *_with(times, halves, "feedback"))
    if graded["nbgrader"]:
        kept = graded["ours"] / graded["nbgrader"]
        yield Claim(f"graded of {many:,}: {graded['ours']:,}", f"nbgrader: {graded['nbgrader']:,}", kept)
    if memory["nbgrader"]:
        yield Claim("peak memory while grading", "nbgrader", memory["ours"] / memory["nbgrader"])


def _with(values: Mapping[str, float], halves: Mapping[str, list[float]], name: str) -> list[float]:
    return [values[name], *halves.get(name, ())]


def _grading_full(figures: Figures) -> Iterable[Claim]:
    few, many = (f"{size:,}" for size in figures["submissions"])
    growth = figures["a submission's cost in the large class, as a multiple of that in the small"]
    yield Claim(f"grading one submission of {many}", f"one of {few}", growth["both"])
    yield Claim(f"grading {many} submissions", "a limit of 15 minutes", figures["minutes"][1] / 15)
    if memory := figures["peak memory in MiB"][1]:
        yield Claim(f"peak memory for {many}", "a limit of 1 GiB", memory / 1024)


def _book(figures: Figures) -> Iterable[Claim]:
    limits, ratios = figures["limits in seconds"], figures["build, as a multiple of its limit"]
    for what, words in {
        "cold": "the book, built from nothing",
        "text edit": "the book again, a chapter's text edited",
        "code edit": "the book again, a chapter's code edited",
    }.items():
        yield Claim(words, f"a limit of {limits[what]:.0f} s", *ratios[what])
    few = figures["chapters beside jupyter-book"]
    ratio = figures["cold build of those, as a multiple of jupyter-book's"]
    yield Claim(f"{few} chapters, built from nothing", "Jupyter Book's own execution", ratio)


def _latency(figures: Figures) -> Iterable[Claim]:
    first = figures["first press, as a multiple of the classic cell's"]
    yield Claim("`check`, first in a session", "a test cell with `torch.optim`", *first)
    for name, ratio in figures["press, as a multiple of the limit"].items():
        yield Claim(f"`check`, {name}", f"a limit of {figures['limit in ms']} ms", *ratio)


def _cluster(figures: Figures) -> Iterable[Claim]:
    times = figures["throughput of two workers, as a multiple of one's"]
    yield Claim("a class graded by two workers of a Dask cluster, a second", "by one worker", *times["both"])


# Each part's file in ``results`` and what it claims, in the order in which it is shown.
PARTS: dict[str, Callable[[Figures], Iterable[Claim]]] = {
    "steps": _steps,
    "grading": _grading,
    "grading_full": _grading_full,
    "book": _book,
    "latency": _latency,
    "cluster": _cluster,
}
