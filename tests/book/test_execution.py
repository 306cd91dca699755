"""What a chapter prints stands on the page as it was printed; a kernel that does not start costs a chapter nothing."""

import json
from pathlib import Path

import pytest
from course_book import execution
from course_book.execution import joined
from nbformat.v4 import new_code_cell, new_notebook, new_output


def test_a_chapter_whose_kernel_does_not_start_is_left_to_myst_nb(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where another process takes its port between the choice and the start."""
    spec = tmp_path / "kernels" / "stillborn" / "kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(json.dumps({"argv": ["false"], "display_name": "ends at once", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    metadata = {"kernelspec": {"name": "stillborn", "display_name": "ends at once"}}
    notebook = new_notebook(cells=[new_code_cell("1 + 1")], metadata=metadata)
    assert execution._run(tmp_path / "chapter.md", notebook, timeout=30) is None


def test_what_a_kernel_sends_in_pieces_is_put_together_as_printed() -> None:
    pieces = [new_output("stream", name="stdout", text=text) for text in ("one\n", "  tw", "o", "\n")]
    [output] = joined(pieces)
    assert output.text == "one\n  two\n"


def test_other_outputs_and_streams_stay_where_they_were() -> None:
    said, warned = (new_output("stream", name=name, text="a\n") for name in ("stdout", "stderr"))
    shown = new_output("display_data", data={"text/plain": "b"})
    again = new_output("stream", name="stdout", text="c\n")
    assert [output.output_type for output in joined([said, warned, shown, again])] == [
        "stream",
        "stream",
        "display_data",
        "stream",
    ]
