"""A notebook's answers: the functions asked for, each with the helpers that it calls, parsed and never run."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from autograder.similarity.normalise import Function, normalise
from autograder.similarity.symbols import Span, Symbol, symbols
from autograder.similarity.tokens import tokens

MAX_CHARACTERS = 40_000  # of one cell; a longer one holds no answer that a person wrote
_MAGIC = re.compile(r"^(\s*)[%!?].*$", re.MULTILINE)
_NOT_PARSED = (SyntaxError, ValueError, RecursionError, MemoryError)


@dataclass(frozen=True)
class Answer:
    """What one learner wrote for one function.

    ``code`` is the learner's text, the function and below it its helpers; the places in ``symbols`` are in it.
    ``parsed`` is False where it is no Python and the symbols are mere tokens. ``verbatim`` is the code as a tree with
    its names, so that only comments and layout are left out of it.
    """

    function: str
    code: str
    symbols: tuple[Symbol, ...]
    parsed: bool
    verbatim: str

    @property
    def texts(self) -> tuple[str, ...]:
        """The symbols without their places: what is compared."""
        return tuple(symbol.text for symbol in self.symbols)


@dataclass(frozen=True)
class _Definition:
    """A top-level function of a cell: its text and its tree (None where it does not parse)."""

    name: str
    text: str
    tree: Function | None

    def calls(self) -> set[str]:
        if self.tree is None:
            return set(re.findall(r"\w+", self.text))
        nodes = list(ast.walk(self.tree))
        bound = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        bound |= {node.arg for node in nodes if isinstance(node, ast.arg)}
        return {node.id for node in nodes if isinstance(node, ast.Name)} - bound


def read_answers(cells: Iterable[str], wanted: Iterable[str]) -> dict[str, Answer]:
    """The answers among the code ``cells``, by the name of the function; of several definitions the last counts.

    A helper belongs to the first of the ``wanted`` functions that calls it; one in the same cell goes before another of
    the same name elsewhere.
    """
    by_cell = [{one.name: one for one in _definitions(cell)} for cell in cells]
    at = {name: place for place, cell in enumerate(by_cell) for name in cell}  # where a name is defined last
    everywhere = {name: by_cell[place][name] for name, place in at.items()}
    functions = [name for name in wanted if name in at]
    taken = {id(everywhere[name]) for name in functions}
    answers = {}
    for name in functions:
        within = {other: one for other, one in (everywhere | by_cell[at[name]]).items() if id(one) not in taken}
        helpers = _called(everywhere[name], within)
        taken |= {id(one) for one in helpers}
        answers[name] = _answer(everywhere[name], helpers, frozenset(everywhere) - {name})
    return answers


def _called(definition: _Definition, within: Mapping[str, _Definition]) -> list[_Definition]:
    """The helpers that are called from here, directly or through others, in the order of their text."""
    reached, waiting = set[str](), [definition]
    while waiting:
        for name in waiting.pop().calls() & within.keys() - reached:
            reached.add(name)
            waiting.append(within[name])
    return [within[name] for name in within if name in reached]


def _answer(main: _Definition, helpers: list[_Definition], defined: frozenset[str]) -> Answer:
    parts = [main, *helpers]
    trees = [part.tree for part in parts]
    code = "\n\n".join(part.text for part in parts)
    if any(tree is None for tree in trees):
        return Answer(main.name, code, tokens(code), False, code)
    verbatim = "\n".join(ast.dump(_without_docstring(tree)) for tree in trees if tree)
    try:
        read = [symbols(normalise(tree), defined) for tree in trees if tree]
    except RecursionError:
        return Answer(main.name, code, tokens(code), False, verbatim)
    starts = [1 + sum(part.text.count("\n") + 2 for part in parts[:index]) for index in range(len(parts))]
    placed = [_moved(row, start - 1) for row, start in zip(read, starts, strict=True)]
    ordered = [placed[0], *sorted(placed[1:], key=lambda row: [symbol.text for symbol in row])]
    return Answer(main.name, code, tuple(symbol for row in ordered for symbol in row), True, verbatim)


def _moved(row: Iterable[Symbol], lines: int) -> list[Symbol]:
    return [Symbol(text, Span(span.line + lines, span.start, span.end) if span else None) for text, span in row]


def _without_docstring(tree: Function) -> Function:
    body = tree.body[1:] if len(tree.body) > 1 and ast.get_docstring(tree, clean=False) is not None else tree.body
    return ast.FunctionDef(tree.name, tree.args, body, tree.decorator_list, None)


def _definitions(cell: str) -> Iterator[_Definition]:
    """The functions that a cell defines; where it does not parse, those that do, and the text of those that do not."""
    if len(cell) > MAX_CHARACTERS:
        return
    text = _MAGIC.sub(r"\1pass", cell)
    tree = _parsed(text)
    if tree is not None:
        yield from _in_tree(tree, cell)
        return
    for chunk in re.split(r"^(?=(?:def|class|@)\b)", text, flags=re.MULTILINE):
        part = _parsed(chunk)
        named = re.match(r"def\s+(\w+)", chunk)
        if part is not None:
            yield from _in_tree(part, chunk)
        elif named:
            yield _Definition(named[1], chunk.rstrip(), None)


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except _NOT_PARSED:
        return None


def _in_tree(tree: ast.Module, text: str) -> Iterator[_Definition]:
    lines = text.split("\n")
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name):
                yield _definition(name, node, node, lines)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda(args=args, body=body) as function):
                body_of = ast.copy_location(ast.Return(body), body)
                yield _definition(name, ast.FunctionDef(name, args, [body_of], [], None), function, lines)


def _definition(name: str, function: Function, place: ast.stmt | ast.expr, lines: list[str]) -> _Definition:
    """The function with its own lines and the comments right above it; its places count from there."""
    first = min([place.lineno, *(decorator.lineno for decorator in function.decorator_list)])
    while first > 1 and lines[first - 2].startswith("#"):
        first -= 1
    text = "\n".join(lines[first - 1 : place.end_lineno])
    for node in ast.walk(function):
        if isinstance(node, ast.expr | ast.stmt | ast.keyword | ast.arg) and hasattr(node, "lineno"):
            node.lineno -= first - 1
            node.end_lineno = (node.end_lineno or node.lineno) - (first - 1)
    return _Definition(name, text, function)
