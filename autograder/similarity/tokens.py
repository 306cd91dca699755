"""What is no Python as a row of symbols: its tokens, by Pygments, whose lexer does not mind mistakes."""

from autograder.similarity.symbols import Span, Symbol


def tokens(code: str) -> tuple[Symbol, ...]:
    """The tokens of ``code`` without comments, texts and layout; a name that is no keyword is any name.

    Attributes (``.m``) keep their names: they are the assignment's or a library's.
    """
    from pygments.lexers import PythonLexer  # type: ignore[import-untyped]
    from pygments.token import Comment, Name, Text, Whitespace  # type: ignore[import-untyped]

    found: list[Symbol] = []
    line, start = 1, 0  # the line we are on, and where it starts
    for index, kind, value in PythonLexer(stripnl=False).get_tokens_unprocessed(code):
        if kind not in Comment and kind not in Text and kind not in Whitespace and value.strip():
            before = len(code[start:index].encode())
            span = Span(line, before, before + len(value.encode())) if "\n" not in value else None
            after_dot = bool(found) and found[-1].text == "token ."
            plain = "name" if kind in Name and not after_dot else value
            found.append(Symbol(f"token {plain}", span))
        if "\n" in value:
            line, start = line + value.count("\n"), index + value.rindex("\n") + 1
    return tuple(found)
