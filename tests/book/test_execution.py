"""What a chapter prints stands on the page as it was printed."""

from course_book.execution import joined
from nbformat.v4 import new_output


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
