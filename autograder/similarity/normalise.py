"""A function without what a copier changes first: names, comments, the order of sums, lines split or joined.

Rewriting keeps every node's place in the learner's text, so that what matches can be shown there. It need not keep the
meaning in every last case: nothing here is ever run.
"""

import ast
from collections import Counter
from typing import TypeVar

Function = ast.FunctionDef
Node = TypeVar("Node", bound=ast.AST)
_TURNED = {ast.Gt: ast.Lt, ast.GtE: ast.LtE}


def normalise(function: Function) -> Function:
    """``function`` rewritten in place: the shortest of the ways to write the same.

    Dropped: docstring, annotations, prints and other lines without effect. One form: ``a += b`` and ``a = a + b``; an
    ``if`` that only chooses a value and a conditional expression; ``a > b`` and ``b < a``; tuples unpacked and line by
    line; a name that is used once and what it stands for.
    """
    rewritten: Function = _Rewrite().visit(function)
    return _Inline(rewritten).visit(rewritten)  # type: ignore[no-any-return]


class _Rewrite(ast.NodeTransformer):
    """What can be decided at a node."""

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        return self.visit(_at(node, ast.Assign([node.target], node.value)))  # type: ignore[no-any-return]

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        value = _at(node, ast.BinOp(_reading(node.target), node.op, node.value))
        return self.visit(_at(node, ast.Assign([node.target], value)))  # type: ignore[no-any-return]

    def visit_Assign(self, node: ast.Assign) -> ast.AST | list[ast.AST]:
        self.generic_visit(node)
        match node:
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)) if len(targets) == len(
                values
            ) and not any(isinstance(target, ast.Starred) for target in targets):
                pairs = zip(targets, values, strict=True)
                return [_at(target, ast.Assign([target], value)) for target, value in pairs]
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        match node.value:
            case ast.Constant() | ast.Name() | ast.Call(func=ast.Name(id="print")):
                return None
        self.generic_visit(node)
        return node

    def visit_Pass(self, node: ast.Pass) -> None:
        return None

    def visit_If(self, node: ast.If) -> ast.AST | None:
        self.generic_visit(node)
        match node:
            case ast.If(body=[ast.Assign(targets=[one], value=a)], orelse=[ast.Assign(targets=[other], value=b)]) if (
                ast.dump(one) == ast.dump(other)
            ):
                return _at(node, ast.Assign([one], self.visit(_at(node, ast.IfExp(node.test, a, b)))))
            case ast.If(body=[ast.Return(value=ast.expr() as a)], orelse=[ast.Return(value=ast.expr() as b)]):
                return _at(node, ast.Return(self.visit(_at(node, ast.IfExp(node.test, a, b)))))
            case ast.If(body=[], orelse=[]):
                return None
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        match node.test:
            case ast.UnaryOp(op=ast.Not(), operand=test):
                return _at(node, ast.IfExp(test, node.orelse, node.body))
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Compare(left=left, ops=[(ast.Gt() | ast.GtE()) as sign], comparators=[right]):
                return _at(node, ast.Compare(right, [_TURNED[type(sign)]()], [left]))
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, float) and node.value.is_integer() and abs(node.value) < 1e9:
            node.value = int(node.value)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        self.generic_visit(node)
        node.body = _else_from_return(node.body)
        return node


def _else_from_return(body: list[ast.stmt]) -> list[ast.stmt]:
    """``if a: return b`` followed by ``return c`` is one choice."""
    match body:
        case [
            *before,
            ast.If(body=[ast.Return(value=ast.expr() as a)], orelse=[]) as choice,
            ast.Return(value=ast.expr() as b),
        ]:
            return [*before, _at(choice, ast.Return(_at(choice, ast.IfExp(choice.test, a, b))))]
    return body


def _at(place: ast.AST, node: Node) -> Node:
    return ast.copy_location(node, place)


def _reading(target: ast.expr) -> ast.expr:
    """The value of an assignment's target, at the same place."""
    match target:
        case ast.Name(id=name):
            return _at(target, ast.Name(name, ast.Load()))
        case ast.Attribute(value=value, attr=attr):
            return _at(target, ast.Attribute(value, attr, ast.Load()))
        case ast.Subscript(value=value, slice=index):
            return _at(target, ast.Subscript(value, index, ast.Load()))
    return target


class _Inline(ast.NodeTransformer):
    """Puts what a name stands for where the name is used, if it is bound once and used once."""

    def __init__(self, function: ast.AST) -> None:
        names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
        self._bound = Counter(node.id for node in names if not isinstance(node.ctx, ast.Load))
        self._used = Counter(node.id for node in names if isinstance(node.ctx, ast.Load))
        self._arguments = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
        self._values: dict[str, ast.expr] = {}

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        self.generic_visit(node)
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if (
                self._bound[name] == self._used[name] == 1 and name not in self._arguments and name not in _read(value)
            ):
                self._values[name] = value
                return None
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self._values.get(node.id, node)


def _read(value: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
