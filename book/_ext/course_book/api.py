"""The API pages: what autodoc would say that says nothing is left out."""

from typing import Any

from sphinx.application import Sphinx


def without_field_numbers(app: Sphinx, what: str, name: str, member: Any, skip: bool, options: Any) -> bool | None:
    """Fields of a NamedTuple have no text but "Alias for field number 0"; its docstring says what they are."""
    return True if str(getattr(member, "__doc__", "")).startswith("Alias for field number") else None


def setup(app: Sphinx) -> None:
    for extension in ("sphinx.ext.autodoc", "sphinx.ext.napoleon"):
        app.setup_extension(extension)
    app.connect("autodoc-skip-member", without_field_numbers)
