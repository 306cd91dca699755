"""``{step-source}``: a reference function's own source without its docstring, for a page that explains it beside.

The argument is one or more dotted names, such as ``course_lib.optimizers.sgd.SGDState``; the page is rebuilt when their
files change. The source is read, not imported, so it is what stands on disk.
"""

import ast
import re
from importlib.util import find_spec
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

Definition = ast.FunctionDef | ast.ClassDef


def source_of(dotted: str) -> tuple[str, Path]:
    """The definition named ``package.module.name`` without docstring, and the file it stands in; see ``definition``."""
    node, path = definition(dotted)
    return _without_docstring(node, path.read_text(encoding="utf-8").splitlines()), path


def definition(dotted: str) -> tuple[Definition, Path]:
    """The function or class named ``package.module.name``, and the file it stands in.

    Raises
    ------
    ValueError
        If there is no such module, or the module does not define the name itself.
    """
    module, _, name = dotted.rpartition(".")
    try:
        spec = find_spec(module)
    except (ImportError, ValueError):
        spec = None
    if spec is None or spec.origin is None:
        raise ValueError(f"{dotted}: there is no module {module!r}")
    text = Path(spec.origin).read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        if isinstance(node, Definition) and node.name == name:
            return node, Path(spec.origin)
    raise ValueError(f"{dotted}: {module} does not define {name!r} itself; name the file where it stands")


def _without_docstring(node: Definition, lines: list[str]) -> str:
    kept = [re.sub(r"\s+# noqa:.*", "", line) for line in lines[node.lineno - 1 : node.end_lineno]]  # for the linter
    first = node.body[0]
    if ast.get_docstring(node) and len(node.body) > 1:
        del kept[first.lineno - node.lineno : (first.end_lineno or 0) - node.lineno + 1]
    while not kept[-1].strip():
        kept.pop()
    return "\n".join(_narrow_head(_no_blank_after_head(kept)))


def _no_blank_after_head(lines: list[str]) -> list[str]:
    """The blank line that stood between a docstring and the body says nothing once the docstring is gone."""
    head = next(i for i, line in enumerate(lines) if line.rstrip().endswith(":"))
    return lines[: head + 1] + lines[head + 2 :] if not lines[head + 1].strip() else lines


def _narrow_head(lines: list[str], most: int = 80) -> list[str]:
    """A signature too wide for the page, on three lines, as a formatter would set it."""
    parts = re.fullmatch(r"(def \w+\()(.*)(\) -> .*:)", lines[0])
    if parts is None or len(lines[0]) <= most:
        return lines
    return [parts[1], f"    {parts[2]}", parts[3], *lines[1:]]


class StepSource(SphinxDirective):
    """The directive."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        parts = []
        for dotted in self.arguments[0].split():
            try:
                text, path = source_of(dotted)
            except ValueError as problem:
                raise self.error(str(problem)) from None
            self.env.note_dependency(str(path))
            parts.append(text)
        block = nodes.literal_block("", "\n\n\n".join(parts), language="python")
        self.set_source_info(block)
        where = nodes.paragraph("", "", nodes.literal("", self.arguments[0].split()[0].rpartition(".")[0]))
        return [nodes.container("", where, block, classes=["step-source"])]


def setup(app: Sphinx) -> None:
    app.add_directive("step-source", StepSource)
