"""Formulas of several columns, as LaTeX takes them: Sphinx sets lines in ``split``, which knows one column alone."""

from docutils import nodes
from sphinx.application import Sphinx


def setup(app: Sphinx) -> None:
    app.connect("doctree-read", align)


def align(app: Sphinx, doctree: nodes.document) -> None:
    for block in doctree.findall(nodes.math_block):
        latex = block.astext().strip()  # a blank line at its end would count as another formula
        if "\\begin" not in latex and any(line.count("&") > 1 for line in latex.split("\\\\")):
            block[:] = [nodes.Text(f"\\begin{{aligned}}\n{latex}\n\\end{{aligned}}")]
