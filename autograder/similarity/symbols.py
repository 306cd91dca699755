"""A normalised function as a row of symbols, each with its place in the learner's text.

Operators come before what they join, so that no brackets are needed. An argument is called by its position, a local
name by what it is first bound to: neither depends on what the learner calls it or on what else is bound before it.
The parts of a sum or of a product, keywords and helpers stand in an order of their own.
"""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from autograder.similarity.normalise import Function

_UNORDERED = (ast.Add, ast.Mult)


class Span(NamedTuple):
    """A stretch of one line of a cell: lines count from 1, columns are bytes of UTF-8 from 0, as ``ast`` has them."""

    line: int
    start: int
    end: int


class Symbol(NamedTuple):
    """``text`` is what is compared; only names and constants have a place."""

    text: str
    span: Span | None = None


def symbols(function: Function, helpers: frozenset[str] = frozenset()) -> tuple[Symbol, ...]:
    """The row of symbols of a normalised function; calls of one of ``helpers`` do not tell its name."""
    return tuple(_Reader(function, helpers).read())


class _Reader:
    def __init__(self, function: Function, helpers: frozenset[str]) -> None:
        self._function = function
        self._names = dict.fromkeys(helpers, "helper") | _locals(function) | _arguments(function)
        self._names[function.name] = "itself"

    def read(self) -> Iterator[Symbol]:
        yield Symbol("def")
        yield from self._arguments(self._function.args)
        for statement in self._function.body:
            yield from self._node(statement)

    def _node(self, node: ast.AST) -> Iterator[Symbol]:
        match node:
            case ast.Name(id=name):
                yield Symbol(self._names.get(name, name), _span(node))
            case ast.Constant(value=value):
                yield Symbol("text" if isinstance(value, str | bytes) else repr(value), _span(node))
            case ast.Attribute(value=value, attr=attr):
                yield from self._node(value)
                yield Symbol(f".{attr}", _last(node, attr))
            case ast.BinOp(op=op) if isinstance(op, _UNORDERED):
                parts = sorted((list(self._node(part)) for part in _parts(node, type(op))), key=_texts)
                yield Symbol(f"{type(op).__name__}{len(parts)}")
                yield from (symbol for part in parts for symbol in part)
            case ast.BinOp(left=left, op=op, right=right):
                yield Symbol(type(op).__name__)
                yield from (*self._node(left), *self._node(right))
            case ast.keyword(arg=arg, value=value):
                yield Symbol(f"{arg}=")
                yield from self._node(value)
            case ast.Call(func=func, args=args, keywords=keywords):
                yield Symbol("call")
                given = sorted((list(self._node(keyword)) for keyword in keywords), key=_texts)
                yield from (*self._node(func), *(symbol for argument in args for symbol in self._node(argument)))
                yield from (symbol for keyword in given for symbol in keyword)
                yield Symbol(")")
            case ast.FunctionDef(args=args, body=body) | ast.Lambda(args=args, body=body):
                yield Symbol("def")
                yield from self._arguments(args)
                for part in body if isinstance(body, list) else [body]:
                    yield from self._node(part)
            case _:
                yield Symbol(type(node).__name__)
                for child in ast.iter_child_nodes(node):
                    if not isinstance(child, ast.expr_context):
                        yield from self._node(child)

    def _arguments(self, arguments: ast.arguments) -> Iterator[Symbol]:
        """Defaults alone: the names are given by the assignment and told by position wherever they are used."""
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is not None:
                yield from self._node(default)


def _texts(part: list[Symbol]) -> list[str]:
    return [symbol.text for symbol in part]


def _parts(node: ast.expr, operator: type[ast.operator]) -> Iterator[ast.expr]:
    """What a sum adds, however it is bracketed; the same for a product."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, operator):
        yield from (*_parts(node.left, operator), *_parts(node.right, operator))
    else:
        yield node


def _arguments(function: Function) -> dict[str, str]:
    given = function.args
    names = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    names += [argument for argument in (given.vararg, given.kwarg) if argument]
    return {argument.arg: f"argument{position}" for position, argument in enumerate(names)}


def _locals(function: Function) -> dict[str, str]:
    """Every name bound in the function, by what binds it first."""
    found: dict[str, str] = {}
    for node in ast.walk(function):
        for name, kind in _bound(node):
            found.setdefault(name, kind)
    return found


def _bound(node: ast.AST) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from ((name, f"a {_kind(value)}") for target in targets for name in _targets(target))
        case ast.For(target=target) | ast.comprehension(target=target):
            yield from ((name, "each") for name in _targets(target))
        case ast.FunctionDef(name=name):
            yield name, "inner"
            yield from ((argument, "given") for argument in _arguments(node))
        case ast.Lambda(args=arguments):
            yield from ((argument.arg, "given") for argument in (*arguments.args, *arguments.kwonlyargs))
        case ast.Name(id=name, ctx=ast.Store()):
            yield name, "bound"


def _targets(target: ast.expr) -> Iterator[str]:
    yield from (node.id for node in ast.walk(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))


def _kind(value: ast.expr) -> str:
    match value:
        case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
            return f"{name}()" if name in ("copy", "array", "list", "zeros_like") else "call"
        case ast.BinOp(op=op):
            return type(op).__name__
    return type(value).__name__


def _span(node: ast.expr) -> Span | None:
    if node.lineno != node.end_lineno or node.end_col_offset is None:
        return None  # a text over several lines
    return Span(node.lineno, node.col_offset, node.end_col_offset)


def _last(node: ast.expr, attr: str) -> Span | None:
    """The place of the attribute's name, at the end of the expression."""
    end = node.end_col_offset or 0
    return Span(node.end_lineno or node.lineno, end - len(attr.encode()), end)
