"""What the front pages tell people to type exists, and so does every name that the notation page gives them."""

import inspect
import re
from pathlib import Path

import pytest
import torch
import typer
import yaml
from bs4 import BeautifulSoup

from autograder.cli import app

ROOT = Path(__file__).resolve().parents[2]
INDEX = (ROOT / "book" / "index.md").read_text(encoding="utf-8")
TEACHING = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "book" / "teaching").glob("*.md"))]
README = (ROOT / "README.md").read_text(encoding="utf-8")
# A command ends with its line, or with the backquote after it; what follows two spaces explains it.
TYPED = re.compile(r"python -m autograder ([a-z][^`\n]*?)(?=`|\n|  )")
COMMANDS = sorted({typed for text in (INDEX, README, *TEACHING) for typed in TYPED.findall(text)})
NOTATION = (ROOT / "book" / "appendices" / "notation.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`make (\w+)`", INDEX))))
def test_make_has_the_target(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.M)


@pytest.mark.parametrize("typed", COMMANDS)
def test_the_autograder_has_the_command_and_its_options(typed: str) -> None:
    name, _, rest = typed.partition(" ")
    command = typer.main.get_command(app).commands[name]
    known = {option for parameter in command.params for option in parameter.opts}
    assert set(re.findall(r"(?<!\S)--?[a-z][\w-]*", rest)) <= known


@pytest.mark.parametrize("assignment", sorted(set(re.findall(r"\bps\d\w+", INDEX))))
def test_the_assignment_exists(assignment: str) -> None:
    assert (ROOT / "assignments" / "source" / assignment / f"{assignment}.ipynb").is_file()


def test_the_front_page_names_all_three_ways_in() -> None:
    assert {"make lab", "make course", "python -m autograder grade"} <= set(
        re.findall(r"make lab|make course|python -m autograder grade", INDEX)
    )


def test_every_setting_in_the_notation_is_an_argument_in_torch() -> None:
    section = NOTATION.split("## Settings")[1].split("\n## ")[0]
    named = re.findall(r"^\|[^|]*\| `(\w+)` \|", section, flags=re.M)
    optimizers = (getattr(torch.optim, name) for name in ("SGD", "Adam", "NAdam"))
    known = {argument for optimizer in optimizers for argument in inspect.signature(optimizer).parameters}
    assert len(named) >= 8
    assert set(named) <= known


def test_one_can_leaf_through_the_whole_book(built_book: Path) -> None:
    """From the front page by "next" to the last page and by "previous" back, in the order of the contents."""
    contents = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text(encoding="utf-8"))
    pages = [contents["root"], *(entry["file"] for part in contents["parts"] for entry in part["chapters"])]
    leaves = [(built_book / f"{page}.html").resolve() for page in pages]
    for before, leaf, after in zip([None, *leaves[:-1]], leaves, [*leaves[1:], None], strict=True):
        soup = BeautifulSoup(leaf.read_text(encoding="utf-8"), "html.parser")
        for side, expected in (("left-prev", before), ("right-next", after)):
            link = soup.select_one(f".prev-next-area a.{side}")
            assert (link and (leaf.parent / str(link["href"])).resolve()) == expected, f"{leaf.name}: {side}"
