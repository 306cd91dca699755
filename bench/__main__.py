"""``python -m bench`` measures everything; ``python -m bench steps`` one part, with ``--help``."""

import json
import shutil
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.machine import description
from bench.steps import WAYS, ratios
from course_lib.optimizers.torch_rules import RULES

app = typer.Typer(add_completion=False, help="Measure the reference beside torch. Ratios alone are worth quoting.")
console = Console()
RESULTS = Path(__file__).parent / "results"


@app.callback(invoke_without_command=True)
def everything(context: typer.Context) -> None:
    """Measure every part, one after another."""
    if context.invoked_subcommand is None:
        steps()


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


def _table(found: dict[str, dict[str, float]], size: int) -> Table:
    caption = " · ".join(f"{key} {value}" for key, value in description().items())
    table = Table(title=f"One step on {size:,} float32, as a multiple of torch.optim's time", caption=caption)
    table.add_column("optimizer")
    for way in WAYS:
        table.add_column(way, justify="right")
    for name, row in found.items():
        table.add_row(name, *(f"{row[way]:.2f}" if way in row else "-" for way in WAYS))
    return table


if __name__ == "__main__":
    app()
