"""The API pages leave no public name out."""

import inspect
import pkgutil
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from bs4 import BeautifulSoup

import course_lib

MODULES = [import_module(f"course_lib.{found.name}") for found in pkgutil.iter_modules(course_lib.__path__)]


def public(module: ModuleType) -> set[str]:
    """What is meant to be imported from here: a package's own list, or what a module defines itself."""
    is_package = hasattr(module, "__path__")
    return {
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and (inspect.isclass(value) or inspect.isfunction(value))
        and (value.__module__.startswith(module.__name__) if is_package else value.__module__ == module.__name__)
    }


@pytest.fixture(scope="module")
def documented(built_book: Path) -> set[str]:
    pages = [built_book / "appendices" / name for name in ("api.html", "api_around.html")]
    found = [BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").select("dt[id]") for page in pages]
    return {str(tag["id"]) for tags in found for tag in tags}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_public_name_has_an_entry(module: ModuleType, documented: set[str]) -> None:
    names = public(module)
    missing = {name for name in names if f"{module.__name__}.{name}" not in documented}
    assert not missing
    assert all(getattr(module, name).__doc__ for name in names)


def test_fields_are_not_listed_by_their_numbers(built_book: Path) -> None:
    assert "Alias for field number" not in (built_book / "appendices" / "api.html").read_text(encoding="utf-8")


def test_defaults_stand_as_the_source_has_them(built_book: Path) -> None:
    page = BeautifulSoup((built_book / "appendices" / "api_around.html").read_text(encoding="utf-8"), "html.parser")
    shown = {str(tag["id"]): tag.get_text() for tag in page.select("dt[id]")}
    assert "start_factor=1 / 3" in shown["course_lib.schedules.warm_up"]
    assert "rates=RATES" in shown["course_lib.race.compete"]


def test_no_default_is_a_path_of_the_machine_that_built_the_page(built_book: Path) -> None:
    for name in ("api.html", "api_around.html"):
        assert "PosixPath(" not in (built_book / "appendices" / name).read_text(encoding="utf-8")
