"""Classes made of the right answers of ``tests/checks``, as learners would hand them in, and copies in disguise."""

import ast
import functools
import importlib
import json
import random
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import nbformat

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.similarity.compare import Comparison, compare_class
from autograder.similarity.fingerprints import Alphabet
from autograder.similarity.handout import Handout, read_handout
from autograder.similarity.work import read_work
from tests.autograder.notebooks import ROOT, cell, to_bytes

CHECKS = ROOT / "tests" / "checks"
COURSE = Course.at(ROOT / "assignments")
PS3 = "ps3_averages_and_momentum"
Answers = Mapping[str, str]  # function → the text of its cell
ALPHABET = Alphabet()


@cache
def handout(name: str) -> Handout:
    return read_handout(COURSE, Assignment.load(COURSE.root, name))


@cache
def _right() -> dict[str, list[Callable[..., Any]]]:
    if str(CHECKS) not in sys.path:
        sys.path.insert(0, str(CHECKS))
    found = {}
    for number in range(2, 9):
        found |= importlib.import_module(f"expect_ps{number}").RIGHT
    steps = importlib.import_module("right_sgd").right_steps()
    found["gd_step"] = importlib.import_module("right_gd").RIGHT
    found["stability_limit"] = importlib.import_module("right_limit").RIGHT
    return {**found, "sgd_step": [step for _, step in steps]}


@cache
def ways(function: str) -> list[str]:
    """Every right way to write ``function``, with the helpers that it is put together from."""
    return ["\n\n\n".join(_definitions(way, function, set())) for way in _right()[function]]


def _definitions(way: Any, name: str, done: set[str]) -> Iterator[str]:
    if name in done:
        return
    if isinstance(way, functools.partial):
        for text in _definitions(way.func, name, done):
            yield _without_arguments(text, set(way.keywords))
        for key, value in way.keywords.items():
            yield from _definitions(value, key, done)
        return
    if not isinstance(way, FunctionType):
        if str(getattr(type(way), "__module__", "")).startswith("right"):
            yield from _definitions(type(way).__call__, name, done)
        else:
            done.add(name)
            yield f"def {name}(*given):\n    return {getattr(way, '__name__', 'np')}(*given)"
        return
    done.add(name)
    text = _text(way, name)
    yield text
    captured = dict(zip(way.__code__.co_freevars, (c.cell_contents for c in way.__closure__ or ()), strict=True))
    for used in sorted({node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}):
        helper = captured.get(used, way.__globals__.get(used))
        own = used in captured or str(getattr(helper, "__module__", "")).startswith("right")
        if callable(helper) and own and not isinstance(helper, type):
            yield from _definitions(helper, used, done)


def _without_arguments(text: str, given: set[str]) -> str:
    tree = ast.parse(text)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            pairs = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
            kept = [(arg, default) for arg, default in pairs if arg.arg not in given]
            node.args.kwonlyargs, node.args.kw_defaults = [arg for arg, _ in kept], [value for _, value in kept]
    return ast.unparse(tree)


def _text(function: FunctionType, name: str) -> str:
    node = _node(function.__code__)
    if isinstance(node, ast.Lambda):
        return f"def {name}({ast.unparse(node.args)}):\n    return {ast.unparse(node.body)}"
    copy = ast.parse(ast.unparse(node)).body[0]
    assert isinstance(copy, ast.FunctionDef)
    copy.name, copy.decorator_list = name, []
    return ast.unparse(copy)


@cache
def _tree(file: str) -> ast.Module:
    return ast.parse(Path(file).read_text(encoding="utf-8"))


def _node(code: CodeType) -> ast.FunctionDef | ast.Lambda:
    wanted = ast.Lambda if code.co_name == "<lambda>" else ast.FunctionDef
    found = [
        n for n in ast.walk(_tree(code.co_filename)) if isinstance(n, wanted) and _first_line(n) == code.co_firstlineno
    ]
    places = [p for p in code.co_positions() if p[0] is not None and p[3]]

    def inside(node: Any) -> int:
        body = node.body
        start, end = (body.lineno, body.col_offset), (body.end_lineno, body.end_col_offset)
        return sum(start <= (p[0], p[2]) and (p[1], p[3]) <= end for p in places)

    if wanted is ast.Lambda:  # several may stand in one line
        found.sort(key=lambda node: (-inside(node), (node.end_col_offset or 0) - node.col_offset))
    return found[0]


def _first_line(node: Any) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])


def drawn(name: str, number: int, seed: int) -> list[Answers]:
    """So many learners, each of whom writes every function in a way of their own."""
    chance = random.Random(seed)
    return [{f: chance.choice(ways(f)) for f in handout(name).functions} for _ in range(number)]


def neighbours(name: str, number: int, start: int = 0) -> list[Answers]:
    """The ways in their order, where one and the next often differ in a single part: the hardest class."""
    functions = handout(name).functions
    return [{f: ways(f)[(start + i) % len(ways(f))] for f in functions} for i in range(number)]


def compared(name: str, people: list[Answers]) -> Comparison:
    works = [read_work(str(i), list(answers.values()), handout(name), ALPHABET) for i, answers in enumerate(people)]
    return compare_class(works, handout(name), ALPHABET)


def shown(comparison: Comparison) -> set[tuple[int, int]]:
    return {(pair.first, pair.second) for group in comparison.groups for pair in group}


class _Renamed(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self._names.get(node.id, node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg = self._names.get(node.arg, node.arg)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.name = self._names.get(node.name, node.name)
        return node


def disguised(text: str, function: str, chance: random.Random, *, rewritten: bool = True) -> str:
    """Other names, another order of functions; ``rewritten``: other comments, lines split, and prints as well."""
    tree = ast.parse(text)
    names = _own_names(tree, function)
    new = [f"thing_{number}" for number in range(len(names))]
    chance.shuffle(new)
    tree = _Renamed(dict(zip(sorted(names), new, strict=True))).visit(tree)
    for node in tree.body if rewritten else ():
        node.body = [line for old in _no_docstring(node.body) for line in _split(old)]
        node.body.insert(chance.randrange(len(node.body)), ast.parse("print('here')").body[0])
    chance.shuffle(tree.body)
    note = "# my own way\n" if rewritten else ""
    return note + ast.unparse(ast.fix_missing_locations(tree))


def _own_names(tree: ast.Module, function: str) -> set[str]:
    """What can be renamed without breaking a call: not keywords, not the function asked for."""
    nodes = list(ast.walk(tree))
    names = {node.name for node in nodes if isinstance(node, ast.FunctionDef) and node.name != function}
    names |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    fixed = {arg.arg for node in nodes if isinstance(node, ast.arguments) for arg in node.kwonlyargs}
    return names - fixed - {node.arg for node in nodes if isinstance(node, ast.keyword)}


def _no_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    documented = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    return body[1:] if documented and len(body) > 1 else body


def _split(line: ast.stmt) -> list[ast.stmt]:
    if not (isinstance(line, ast.Assign | ast.Return) and isinstance(line.value, ast.BinOp)):
        return [line]
    name = f"part_{line.lineno}_{line.col_offset}"
    first = ast.Assign([ast.Name(name, ast.Store())], line.value.right)
    line.value.right = ast.Name(name, ast.Load())
    return [first, line]


def on_disk(folder: Path, people: Mapping[str, Answers], name: str = PS3) -> Course:
    """A course with these submissions."""
    root = folder / "assignments"
    shutil.copytree(COURSE.root / "source" / name, root / "source" / name)
    shutil.copy(COURSE.root / "nbgrader_config.py", root)
    source = json.loads(COURSE.source_notebook(name).read_text(encoding="utf-8"))
    for student, answers in people.items():
        notebook = nbformat.from_dict(source)
        for function, text in answers.items():
            cell(notebook, function).source = text
        path = root / "submitted" / student / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(to_bytes(notebook))
    return Course.at(root)
