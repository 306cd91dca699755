"""A learner's function as text that tells nobody whose it is. It is read, never run.

Comments and docstrings go, layout becomes Python's own, and text in quotes becomes ``'…'`` unless it names a dtype.
Where a name of its author shows in what is left, the function is not shown at all.
"""

import ast
import re
import warnings
from collections.abc import Iterable

MAX_SOURCE = 20_000  # characters of a cell; Python's parser takes this much of anything without harm
MAX_LINES = 40
_DTYPES = re.compile(r"(float|complex|u?int)\d{0,3}|bool")
_MAGIC = re.compile(r"^\s*[%!?].*$", re.MULTILINE)
_WORDS = re.compile(r"[^\W\d_]{3,}|\d{4,}")


def anonymous_function(cells: Iterable[str], function: str) -> str | None:
    """The last top-level definition of ``function`` in the code cells, anonymous; None if there is none to show."""
    found = [node for source in cells for node in _definitions(source) if node.name == function]
    if not found:
        return None
    try:
        code = ast.unparse(ast.fix_missing_locations(_Anonymous().visit(found[-1])))
    except (RecursionError, ValueError):
        return None
    return code if code.count("\n") < MAX_LINES else None


def names_someone(code: str, names: Iterable[str], common: str) -> bool:
    """Whether a word of ``names`` (id, first and last name, address) stands in the code, in any spelling.

    Words of the assignment's own text (``common``) give nobody away.
    """
    theirs = set(_words(" ".join(names))) - set(_words(common))
    return any(word in code.casefold() for word in theirs)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORDS.findall(text)]


def _definitions(source: str) -> list[ast.FunctionDef]:
    if len(source) > MAX_SOURCE:
        return []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of their code, which is nobody's business here
            tree = ast.parse(_MAGIC.sub("", source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [node for node in tree.body if isinstance(node, ast.FunctionDef)]


class _Anonymous(ast.NodeTransformer):
    """Drops statements that are only text, and quotes nothing that a person wrote."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        said = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str | bytes)
        return None if said else self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, bytes) or (isinstance(node.value, str) and not _DTYPES.fullmatch(node.value)):
            return ast.Constant("…")
        return node

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if hasattr(node, "body") and node.body == []:
            node.body = [ast.Pass()]
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.decorator_list = []
        return self.generic_visit(node)
