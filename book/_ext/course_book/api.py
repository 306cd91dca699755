"""The API pages: what autodoc would say that says nothing is left out, and defaults stand as the source has them."""

import ast
import inspect
from textwrap import dedent
from typing import Any

from sphinx.application import Sphinx


def without_field_numbers(app: Sphinx, what: str, name: str, member: Any, skip: bool, options: Any) -> bool | None:
    """Fields of a NamedTuple have no text but "Alias for field number 0"; its docstring says what they are."""
    return True if str(getattr(member, "__doc__", "")).startswith("Alias for field number") else None


def as_written(
    app: Sphinx, what: str, name: str, found: Any, options: Any, signature: str | None, returns: str | None
) -> tuple[str, str | None] | None:
    """A function's arguments, with 1 / 3 for 0.3333333333333333 and RATES for all of them.

    autodoc_preserve_defaults would change the functions themselves, whose defaults course_lib.conventions reads.
    """
    if what != "function":
        return None
    (function,) = ast.parse(dedent(inspect.getsource(found))).body
    assert isinstance(function, ast.FunctionDef)
    for argument in ast.walk(function.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    return f"({ast.unparse(function.args)})", returns


def setup(app: Sphinx) -> None:
    for extension in ("sphinx.ext.autodoc", "sphinx.ext.napoleon"):
        app.setup_extension(extension)
    app.connect("autodoc-skip-member", without_field_numbers)
    app.connect("autodoc-process-signature", as_written)
