"""``python -m bench`` measures everything; ``python -m bench steps`` one part, with ``--help``."""

import json
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.grading import Cost, by_nbgrader, by_ours, make_course
from bench.machine import description
from bench.readme import README, with_figures
from bench.steps import WAYS, ratios
from course_lib.optimizers.torch_rules import RULES

app = typer.Typer(
    add_completion=False,
    help="Measure the reference beside torch, the grader beside nbgrader. Ratios alone are worth quoting.",
)
console = Console()
RESULTS = Path(__file__).parent / "results"


@app.callback(invoke_without_command=True)
def everything(context: typer.Context) -> None:
    """Measure every part, one after another."""
    if context.invoked_subcommand is None:
        steps()
        grading()


@app.command()
def steps(
    only: Annotated[list[str] | None, typer.Option(help="A class of torch.optim; repeat for several.")] = None,
    size: Annotated[int, typer.Option(help="How many weights.")] = 1_000_000,
    rounds: Annotated[int, typer.Option(help="How many turns each way gets.")] = 7,
    compiled: Annotated[bool, typer.Option(help="Measure torch.compile too.")] = True,
    output: Annotated[Path, typer.Option(help="Where the figures go, as JSON.")] = RESULTS / "steps.json",
) -> None:
    """One step of every rule: NumPy, the same source on torch, compiled, and torch.optim's three."""
    names = only or list(RULES)
    if unknown := set(names) - RULES.keys():
        raise typer.BadParameter(f"{', '.join(unknown)}: not a class of torch.optim; known: {', '.join(RULES)}")
    if compiled and not (shutil.which("c++") or shutil.which("g++") or shutil.which("clang++")):
        console.print("No C++ compiler here: torch.compile is left out.")
        compiled = False
    measured = ratios(names, size=size, rounds=rounds, compiled=compiled)
    found = dict(track(measured, total=len(names), description="Measuring steps", console=console))
    console.print(_table(found, size))
    output.parent.mkdir(parents=True, exist_ok=True)
    figures = {name: {way: round(ratio, 2) for way, ratio in row.items()} for name, row in found.items()}
    output.write_text(json.dumps({"machine": description(), "weights": size, "ratios": figures}, indent=2) + "\n")
    console.print(f"Figures: {output}")


@app.command()
def grading(
    number: Annotated[int, typer.Option(min=1, help="Submissions that ours grades; then ten times as many.")] = 100,
    plain: Annotated[int, typer.Option(min=1, help="How many of them nbgrader grades, at some 5 s each.")] = 20,
    jobs: Annotated[int, typer.Option(min=1, help="Processes of ours; nbgrader has one.")] = os.cpu_count() or 1,
    full: Annotated[bool, typer.Option("--full", help="1,000 and 10,000 by ours, 100 by nbgrader.")] = False,
    output: Annotated[Path, typer.Option(help="Where the figures go, as JSON.")] = RESULTS / "grading.json",
) -> None:
    """A class by plain nbgrader autograde and by ours: time, memory, and what a class ten times as large costs."""
    number, plain = (1000, 100) if full else (number, min(plain, number))
    costs = {}
    for who, size in (("nbgrader", plain), ("ours", number), ("ours, ten times as many", 10 * number)):
        with TemporaryDirectory() as folder, console.status(f"Grading {size:,} submissions: {who}"):
            course = make_course(Path(folder), size)
            costs[who] = by_nbgrader(course) if who == "nbgrader" else by_ours(course, jobs)
    nbgrader, ours, many = costs.values()
    figures = {
        "machine": description(),
        "jobs": jobs,
        "submissions": {who: cost.submissions for who, cost in costs.items()},
        "grading throughput, as a multiple of nbgrader's": _ratios(
            nbgrader.each, {w: c.each for w, c in costs.items()}
        ),
        "feedback throughput, as a multiple of nbgrader's": _ratios(
            nbgrader.page, {w: c.page for w, c in costs.items()}
        ),
        "a submission's cost in the large class, as a multiple of that in the small": round(many.each / ours.each, 2),
        "minutes for all of the large class": round((many.grading + many.feedback) / 60, 1),
        "peak memory in MiB": {who: round(cost.memory) for who, cost in costs.items() if cost.memory},
    }
    console.print(_grading_table(costs, nbgrader))
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(figures, indent=2) + "\n")
    console.print(f"Figures: {output}")


def _ratios(base: float, each: dict[str, float]) -> dict[str, float]:
    return {who: round(base / seconds, 1) for who, seconds in each.items()}


def _grading_table(costs: dict[str, Cost], base: Cost) -> Table:
    caption = " · ".join(f"{key} {value}" for key, value in description().items())
    table = Table(title="Grading, as a multiple of plain nbgrader's throughput", caption=caption)
    for name in ("", "submissions", "grading", "feedback", "s in all", "peak MiB"):
        table.add_column(name, justify="right" if name else "left")
    for who, cost in costs.items():
        ratios = f"{base.each / cost.each:.1f}", f"{base.page / cost.page:.1f}"
        memory = f"{cost.memory:.0f}" if cost.memory else "-"
        table.add_row(who, f"{cost.submissions:,}", *ratios, f"{cost.grading + cost.feedback:.0f}", memory)
    return table


def _table(found: dict[str, dict[str, float]], size: int) -> Table:
    caption = " · ".join(f"{key} {value}" for key, value in description().items())
    table = Table(title=f"One step on {size:,} float32, as a multiple of torch.optim's time", caption=caption)
    table.add_column("optimizer")
    for way in WAYS:
        table.add_column(way, justify="right")
    for name, row in found.items():
        table.add_row(name, *(f"{row[way]:.2f}" if way in row else "-" for way in WAYS))
    return table


@app.command()
def readme() -> None:
    """Write the recorded figures into README.md, where its marks ask for them."""
    README.write_text(with_figures(README.read_text()))


if __name__ == "__main__":
    app()
