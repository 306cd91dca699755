"""Tables in the PDF: columns as wide as what stands in them asks for, ragged lines, line breaks, and pages to break at.

A table of Markdown says nothing of widths. Sphinx then gives all columns of one kind, never wraps those of a long
table, and drops the ``<br>`` of a cell, since that is HTML.
"""

import re
from functools import partial
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

Cell = list[str]  # its lines

NEW_LINE = "\\newline "
PAGE = 80  # characters of text in a line of the page
MARGIN = 3  # what stands between columns, in characters
WORD = 28  # a longer word is broken
LINES = 25  # a longer table may break across pages


class PaperTables(SphinxPostTransform):
    """Tells LaTeX how to set each table."""

    default_priority = 400
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        for table in list(self.document.findall(nodes.table)):
            for raw in list(table.findall(nodes.raw)):
                if raw["format"] == "html" and raw.astext().startswith("<br"):
                    raw.parent.replace(raw, nodes.raw("", NEW_LINE, format="latex"))
            cells = [[as_seen(entry).split(NEW_LINE) for entry in row.children] for row in table.findall(nodes.row)]
            if len({len(row) for row in cells}) > 1:
                continue  # cells that span columns: nobody here has them, and Sphinx knows best
            shares = widths(cells)
            if sum(shares) < PAGE and all(len(lines) == 1 for row in cells for lines in row):
                spec = "l" * len(shares)
            else:
                spec = "".join(rf">{{\raggedright\arraybackslash}}\X{{{share}}}{{{sum(shares)}}}" for share in shares)
            if height(cells, shares) > LINES and "longtable" not in table["classes"]:
                table["classes"].append("longtable")
            table.parent.insert(table.parent.index(table), addnodes.tabular_col_spec(spec=spec))


def as_seen(entry: nodes.entry) -> str:
    """The text of a cell, with a letter for each symbol of its formulas."""
    shown = entry.deepcopy()
    for formula in list(shown.findall(nodes.math)):
        symbols = re.sub(r"[{}_^\\\s,!;]", "", re.sub(r"\\[a-zA-Z]+", "x", formula.astext()))
        formula.parent.replace(formula, nodes.Text(symbols))
    return shown.astext()


def widths(rows: list[list[Cell]]) -> list[int]:
    """In characters: what each column asks for; where the page is too narrow, what makes the table least high.

    >>> widths([[["Adam"], ["no"]], [["two", "lines"], ["yes"]]])
    [8, 6]
    >>> widths([[["return w"], ["many words " * 20]]])
    [9, 71]
    """
    columns = list(zip(*rows, strict=True))
    asked = [max(len(line) for cell in column for line in cell) + MARGIN for column in columns]
    if sum(asked) <= PAGE:
        return asked
    words = [[len(word) for cell in column for line in cell for word in line.split()] for column in columns]
    shares = [min(WORD, max(lengths, default=1)) + MARGIN for lengths in words]
    for _ in range(PAGE - sum(shares)):
        wider = [[share + (i == j) for j, share in enumerate(shares)] for i in range(len(shares))]
        shares = min(wider, key=partial(height, rows))
    return shares


def height(rows: list[list[Cell]], shares: list[int]) -> float:
    """About how many lines the table takes."""
    return sum(max(_lines(cell, share) for cell, share in zip(row, shares, strict=True)) for row in rows)


def _lines(cell: Cell, share: int) -> float:
    return sum(max(1.0, len(line) / (share - MARGIN)) for line in cell)


def setup(app: Sphinx) -> None:
    app.add_post_transform(PaperTables)
