"""Every explorer with what a fresh run of the reference says it must draw and say: one file a kind."""

from importlib import import_module
from pathlib import Path

from tests.browser.explorers.base import Case, assert_drawn, figure, state_of

__all__ = ["EXPLORERS", "Case", "assert_drawn", "figure", "state_of"]

_KINDS = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in ("__init__", "base"))
EXPLORERS: dict[str, Case] = {kind: import_module(f"{__name__}.{kind}").CASE for kind in _KINDS}
