"""The course's only palette: figures, explorers and style sheets take their colours from here."""

from collections.abc import Mapping
from typing import NamedTuple


class Ink(NamedTuple):
    """One colour of the palette, as it is on light and on dark paper."""

    light: str
    dark: str


# The five series inks stay apart for the three kinds of colour blindness and stand out 4.5 to 1 from their paper;
# tests/book/test_plotting.py holds both.
PALETTE: Mapping[str, Ink] = {
    "paper": Ink("#ffffff", "#14181f"),
    "ink": Ink("#1c2430", "#e6e9ef"),
    "muted": Ink("#5b6573", "#a3adbb"),
    "faint": Ink("#d5dae1", "#39424f"),
    "blue": Ink("#3665b8", "#6a99fd"),
    "orange": Ink("#9c361a", "#e98e54"),
    "green": Ink("#288067", "#5acfa0"),
    "purple": Ink("#932e85", "#da8ad8"),
    "gold": Ink("#976700", "#f3d66b"),
}
SERIES = ("blue", "orange", "green", "purple", "gold")


def ink(name: str) -> str:
    """The hex colour to draw with in Matplotlib; it becomes the theme's own colour when the figure is shown.

    >>> ink("blue")
    '#3665b8'
    """
    return PALETTE[name].light


def palette_css(selector: str) -> str:
    """Style rules that give ``selector`` the palette as ``--course-<name>``, light or dark after its host's theme.

    The hosts: the book (``data-theme`` on ``html``), JupyterLab and Notebook (``data-jp-theme-light`` on ``body``) and
    VS Code (a class on ``body``). Paper is light.
    """
    light = ";".join(f"--course-{name}:{colour.light}" for name, colour in PALETTE.items())
    dark = ";".join(f"--course-{name}:{colour.dark}" for name, colour in PALETTE.items())
    hosts = ("html[data-theme=dark]", "body[data-jp-theme-light=false]", "body.vscode-dark")
    rules = ",".join(f"{host} {selector}" for host in hosts)
    return f"{selector}{{{light}}}@media screen{{{rules}{{{dark}}}}}"
