"""``python -m bench book`` builds what it says it builds; the builds themselves are tested in ``tests/book``."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bench import __main__ as command
from bench.book import EDITED, FEW, Copy, builds


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy.at(tmp_path)


def test_an_edit_is_one_of_the_text_or_of_the_code(copy: Copy) -> None:
    for page in EDITED:
        file = copy.root / "book" / f"{page}.md"
        before = file.read_text(encoding="utf-8")
        copy.edit_text(page)
        text = file.read_text(encoding="utf-8")
        assert cells(text) == cells(before)
        assert text != before
        copy.edit_code(page)
        assert cells(file.read_text(encoding="utf-8")) != cells(before)


def cells(chapter: str) -> list[str]:
    return [part.partition("```")[0] for part in chapter.split("```{code-cell}")[1:]]


def test_the_peer_runs_its_chapters_itself(copy: Copy) -> None:
    copy.as_jupyter_book_does()
    assert 'app.connect("env-before-read-docs"' not in (copy.root / "book/_ext/course_book/execution.py").read_text(
        encoding="utf-8"
    )
    with pytest.raises(RuntimeError, match=r"execution\.py no longer has the line"):
        copy.as_jupyter_book_does()


def test_a_build_that_fails_is_no_measurement(copy: Copy) -> None:
    (copy.root / "book" / "_toc.yml").write_text("format: nothing\n")
    with pytest.raises(RuntimeError, match="the book was not built"):
        copy.build()


def test_ratios_are_those_of_the_builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cold 120 s, text 5 s, code 8 s; the few chapters 30 s by Jupyter Book itself, 18 s by ours."""
    seconds = iter([30.0, 18.0, 120.0, *[5.0, 8.0] * len(EDITED)])
    monkeypatch.setattr(Copy, "build", lambda self, way=None: next(seconds))
    figures = builds(say=lambda text: None)
    assert next(seconds, None) is None
    assert figures["build, as a multiple of its limit"] == {
        "cold": [0.5, 0.5, 0.5],
        "text edit": [0.5, 0.5, 0.5],
        "code edit": [0.8, 0.8, 0.8],
    }
    assert figures["cold build of those, as a multiple of jupyter-book's"] == 0.6
    assert figures["chapters beside jupyter-book"] == len(FEW)
    monkeypatch.setattr(command, "builds", lambda say: figures)
    output = tmp_path / "book.json"
    done = CliRunner().invoke(command.app, ["book", "--output", str(output)])
    assert done.exit_code == 0, done.output
    assert json.loads(output.read_text())["limits in seconds"] == {"cold": 240.0, "text edit": 10.0, "code edit": 10.0}
