"""The side-by-side page in a real browser: readable by all, on a phone and on paper, and asking nobody for anything."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from autograder.similarity.page import write_similarity
from tests.autograder.similar_classes import PS3, drawn, on_disk
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    people = drawn(PS3, 8, 1)
    named = {f"learner_{number}": answers for number, answers in enumerate(people)}
    named |= {"a_very_long_name_without_any_break_" * 3: people[0], "another": people[0]}
    course = on_disk(tmp_path_factory.mktemp("alike"), named)
    broken = course.submitted("broken", PS3) / f"{PS3}.ipynb"
    broken.parent.mkdir(parents=True)
    broken.write_text("{")
    path: Path = write_similarity(course, PS3)[0]
    return path.as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True])
def test_everyone_can_read_it(address: str, visit, scheme: str, phone: bool) -> None:
    seen = visit(address, color_scheme=scheme, java_script_enabled=True, **(PHONE if phone else {}))
    page = seen.page
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    left, right = (side.bounding_box() for side in page.locator(".sides figure").all()[:2])
    assert (left["y"] == right["y"]) is not phone, "side by side on a desk, one below the other on a phone"
    found = [v["id"] for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]
    assert found == []
    assert seen.requests == [address]
    assert seen.wrong == []


def test_without_scripts_and_on_paper_it_shows_the_code(address: str, visit) -> None:
    page = visit(address, java_script_enabled=False, color_scheme="dark").page
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator("details[open] pre mark").first.is_visible()
    assert "is for a person to find out" in page.locator(".lead").inner_text()
    assert page.locator("h2").first.inner_text().startswith("a_very_long_name")
