"""``python -m bench gpu``: own steps on a GPU, measured and written down with date, device, versions and command."""

import json
import shlex
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import torch
import typer

from course_lib.gpu import RECORD, measured, told, versions


def gpu(
    device: Annotated[str, typer.Option(help="Where to measure: cuda, or cpu to try the command.")] = "cuda",
    weights: Annotated[int, typer.Option(min=1, help="How many the compiled step is timed on.")] = 10_000_000,
    epochs: Annotated[int, typer.Option(min=1, help="How long the network is trained.")] = 12,
    compiled: Annotated[bool, typer.Option(help="Measure torch.compile too.")] = True,
    output: Annotated[Path, typer.Option(help="Where the figures go, as JSON.")] = RECORD,
) -> None:
    """Train on the GPU, walk beside the CPU, time the compiled step; the book shows what this writes."""
    place = torch.device(device)
    if place.type == "cuda" and not torch.cuda.is_available():
        raise typer.BadParameter("torch sees no GPU here, so nothing was recorded; --device cpu tries the command")
    if place.type != "cuda" and output == RECORD:
        raise typer.BadParameter(f"{RECORD.name} is for a GPU's figures; give those of {device} another --output")
    figures = measured(device, weights=weights, epochs=epochs, compiled=compiled)
    typer.echo("\n".join(told(figures)))
    command = shlex.join(["python", "-m", "bench", *sys.argv[1:]])
    made = {"date": date.today().isoformat(), **versions(device), "command": command}
    output.write_text(json.dumps({"made": made, **figures}, indent=1) + "\n", encoding="utf-8")
    typer.echo(f"Figures: {output}")
