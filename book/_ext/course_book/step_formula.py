"""``{step-formula}``: the update in formulas, from a reference function's own docstring.

The argument is a dotted name, such as ``course_lib.optimizers.adam.adam_step``; its first ``.. math::`` block is shown.
"""

import ast
import re
from pathlib import Path
from textwrap import dedent

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from course_book.step_source import definition

_MATH = re.compile(r"^\.\. math::(.*\n(?:(?: +.*)?\n)*)", re.M)  # the formula beside the mark, or indented below


def formula_of(dotted: str) -> tuple[str, Path]:
    """The first displayed formula of a docstring as TeX, and the file it stands in.

    Raises
    ------
    ValueError
        If there is no such function, or its docstring has no formula.
    """
    node, path = definition(dotted)
    found = _MATH.search((ast.get_docstring(node) or "") + "\n")
    if found is None:
        raise ValueError(f"{dotted}: its docstring has no `.. math::`")
    return dedent(found[1]).strip(), path


class StepFormula(SphinxDirective):
    """The directive."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        try:
            latex, path = formula_of(self.arguments[0])
        except ValueError as problem:
            raise self.error(str(problem)) from None
        self.env.note_dependency(str(path))
        block = nodes.math_block(latex, latex, nowrap=False, number=None, docname=self.env.docname)
        self.set_source_info(block)
        return [block]


def setup(app: Sphinx) -> None:
    app.add_directive("step-formula", StepFormula)
