"""``python -m bench`` measures everything; ``python -m bench steps`` one part, with ``--help``."""

import json
import os
import shutil
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.book import builds
from bench.claims import COLUMNS, RESULTS, claims, recorded
from bench.cluster import two_workers_beside_one
from bench.gpu import gpu
from bench.grading import beside_nbgrader, ten_times_as_many
from bench.latency import latency
from bench.machine import description
from bench.readme import README, with_figures
from bench.steps import WAYS, ratios
from course_lib.optimizers.torch_rules import RULES

app = typer.Typer(
    add_completion=False,
    help="Measure what the course claims, each thing beside a named peer or limit. Ratios alone are worth quoting.",
)
app.command()(gpu)
console = Console()


@app.callback(invoke_without_command=True)
def everything(context: typer.Context) -> None:
    """Measure every part, one after another, and print one table."""
    if context.invoked_subcommand is None:
        console.print("Some fourteen minutes on two cores: steps, check, book, grading.")
        steps()
        check()
        book()
        grading()
        show()


@app.command()
def steps(
    only: Annotated[list[str] | None, typer.Option(help="A class of torch.optim; repeat for several.")] = None,
    size: Annotated[int, typer.Option(help="How many weights.")] = 1_000_000,
    rounds: Annotated[int, typer.Option(help="How many turns each way gets.")] = 5,
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
    medians = {name: {way: round(ratio.median, 2) for way, ratio in row.items()} for name, row in found.items()}
    halves = {name: {way: ratio.rounded(2)[1:] for way, ratio in row.items()} for name, row in found.items()}
    machine = description("numpy", "torch") | {"threads used": "1"}
    console.print(_table(medians, size))
    _write(output, {"machine": machine, "weights": size, "turns": rounds, "ratios": medians, "spread": halves})


@app.command()
def check(
    rounds: Annotated[int, typer.Option(min=1, help="How often each answer is checked in one kernel.")] = 21,
    sessions: Annotated[int, typer.Option(min=1, help="How many fresh kernels each way of asking gets.")] = 3,
    output: Annotated[Path, typer.Option(help="Where the figures go, as JSON.")] = RESULTS / "latency.json",
) -> None:
    """How long a learner waits for check in a live kernel, beside a test cell that compares with torch.optim."""
    console.print("Checking answers in live kernels.")
    _write(output, latency(rounds, sessions))


@app.command()
def book(
    output: Annotated[Path, typer.Option(help="Where the figures go, as JSON.")] = RESULTS / "book.json",
) -> None:
    """The book from nothing and after an edit, and a few chapters beside Jupyter Book's own execution."""
    _write(output, builds(console.print))


@app.command()
def grading(
    number: Annotated[int | None, typer.Option(min=1, help="Submissions; with --full, also ten times as many.")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes of ours; nbgrader has one.")] = os.cpu_count() or 1,
    full: Annotated[bool, typer.Option("--full", help="1,000 and then 10,000 submissions by ours alone.")] = False,
    output: Annotated[Path | None, typer.Option(help="Where the figures go, as JSON.")] = None,
) -> None:
    """The same 100 submissions by plain nbgrader and by ours; --full: what a class of 10,000 costs, beside 1,000."""
    measure = ten_times_as_many if full else beside_nbgrader
    figures = measure(number or (1000 if full else 100), jobs, console.print)
    console.print_json(data=figures)
    _write(output or RESULTS / ("grading_full.json" if full else "grading.json"), figures)


@app.command()
def cluster(
    number: Annotated[int, typer.Option(min=2, help="Submissions.")] = 240,
    turns: Annotated[int, typer.Option(min=1, help="How often each side grades them.")] = 3,
    output: Annotated[Path, typer.Option(help="Where the figures go, as JSON.")] = RESULTS / "cluster.json",
) -> None:
    """Two workers of a Dask cluster on this machine beside one, on the same class."""
    figures = two_workers_beside_one(number, turns, console.print)
    console.print_json(data=figures)
    _write(output, figures)


def _write(output: Path, figures: dict[str, Any]) -> None:
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(figures, indent=2) + "\n")
    console.print(f"Figures: {output}")


def _table(found: dict[str, dict[str, float]], size: int) -> Table:
    table = Table(title=f"One step on {size:,} float32, as a multiple of torch.optim's time")
    table.add_column("optimizer")
    for way in WAYS:
        table.add_column(way, justify="right")
    for name, row in found.items():
        table.add_row(name, *(f"{row[way]:.2f}" if way in row else "-" for way in WAYS))
    return table


@app.command()
def show() -> None:
    """One table of everything that is recorded."""
    table = Table()
    for column in COLUMNS:
        table.add_column(column, justify="left" if column in COLUMNS[:2] else "right")
    for claim in claims(recorded()):
        table.add_row(*(cell.replace("`", "") for cell in claim.cells()))
    console.print(table)


@app.command()
def readme() -> None:
    """Write all recorded figures into README.md, between its marks."""
    README.write_text(with_figures(README.read_text()))


if __name__ == "__main__":
    app()
