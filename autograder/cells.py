"""Make notebook cells. nbformat's own makers validate each against the schema, which costs more than grading it."""

from collections.abc import Mapping
from typing import Any

from nbformat import from_dict
from nbformat.notebooknode import NotebookNode

CELL_TYPES = ("code", "markdown", "raw")


def new_cell(cell_type: str, source: str, cell_id: str, metadata: Mapping[str, Any]) -> NotebookNode:
    """A cell of nbformat 4.5 without outputs.

    Raises
    ------
    ValueError
        If there is no such type of cell.
    """
    if cell_type not in CELL_TYPES:
        raise ValueError(f"there is no cell of type {str(cell_type)[:40]!r}")
    cell = {"cell_type": cell_type, "id": cell_id, "metadata": dict(metadata), "source": source}
    node: NotebookNode = from_dict(cell | ({"outputs": [], "execution_count": None} if cell_type == "code" else {}))
    return node


def new_notebook(cells: list[NotebookNode], metadata: Mapping[str, Any]) -> NotebookNode:
    """A notebook of nbformat 4.5."""
    node: NotebookNode = from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": dict(metadata), "cells": []})
    node.cells = cells
    return node


def grade_id(cell: NotebookNode) -> str:
    """nbgrader's id of a cell, "" for one that nbgrader does not know."""
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
