"""The small wrongs that can be put into a module: each mutant is its source with one node of the syntax tree changed."""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
SAME_TO_ALL = frozenset({"MappingProxyType", "frozenset", "tuple", "list", "set"})
"""Calls whose removal leaves a value that behaves the same wherever it is read."""

Change = Callable[[ast.AST], ast.AST]


@dataclass(frozen=True)
class Mutant:
    """One wrong."""

    line: int
    what: str
    tree: ast.Module


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its text."""
    tree = ast.parse(source)
    skipped = {id(node) for node in _left_out(tree)}
    for place, node in enumerate(ast.walk(tree)):
        if id(node) in skipped:
            continue
        for what, change in _changes(node):
            changed = copy.deepcopy(tree)
            target = next(one for at, one in enumerate(ast.walk(changed)) if at == place)
            yield Mutant(getattr(node, "lineno", 0), what, _swapped(changed, target, change(target)))


def _swapped(tree: ast.Module, target: ast.AST, new: ast.AST) -> ast.Module:
    class Swap(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            return new if node is target else self.generic_visit(node)

    found = ast.fix_missing_locations(Swap().visit(tree))
    assert isinstance(found, ast.Module)
    return found


def _left_out(tree: ast.Module) -> Iterator[ast.AST]:
    """Docstrings, annotations, decorators and imports: nothing is decided there."""
    for node in ast.walk(tree):
        roots: list[ast.AST] = []
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            roots = [node.value]
        elif isinstance(node, ast.FunctionDef):
            roots = [node.args, *node.decorator_list, *([node.returns] if node.returns else [])]
        elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id[0].isupper():
            roots = [node.slice]  # Mapping[...] and the like
        elif isinstance(node, ast.AnnAssign):
            roots = [node.annotation]
        elif isinstance(node, ast.ClassDef):
            roots = [*node.decorator_list, *node.bases]
        for root in roots:
            yield from ast.walk(root)


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    yield from _of_conditions(node)
    yield from _of_values(node)


def _of_conditions(node: ast.AST) -> Iterator[tuple[str, Change]]:
    match node:
        case ast.Compare():
            yield from _comparisons(node)
        case ast.BoolOp():
            yield "and and or changed places", _with(op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
            for at in range(len(node.values)):
                yield f"term {at + 1} of a condition left out", _without("values", at)
        case ast.UnaryOp(op=ast.Not()):
            yield "not left out", lambda found: _child(found, "operand")
        case ast.IfExp():
            yield "always the first branch", lambda found: _child(found, "body")
            yield "always the second branch", lambda found: _child(found, "orelse")
        case ast.If():
            yield "condition always true", _with(test=ast.Constant(value=True))
            yield "condition always false", _with(test=ast.Constant(value=False))


def _of_values(node: ast.AST) -> Iterator[tuple[str, Change]]:
    match node:
        case ast.Constant():
            yield from _constants(node)
        case ast.Call():
            yield from _calls(node)
        case ast.Return() if node.value is not None and ast.unparse(node.value) != "None":
            yield "returns None", _with(value=ast.Constant(value=None))
        case ast.Tuple(ctx=ast.Load()) | ast.Set() | ast.List(ctx=ast.Load()) if len(node.elts) > 1:
            for at in range(len(node.elts)):
                yield f"item {at + 1} left out", _without("elts", at)
        case ast.BinOp(op=ast.Add()):
            yield "minus for plus", _with(op=ast.Sub())
        case ast.BinOp(op=ast.Sub()):
            yield "nothing taken away", lambda found: _child(found, "left")


def _comparisons(node: ast.Compare) -> Iterator[tuple[str, Change]]:
    for other in COMPARISONS[type(node.ops[0])]:
        yield f"{type(node.ops[0]).__name__} became {other.__name__}", _with(ops=[other(), *node.ops[1:]])


def _constants(node: ast.Constant) -> Iterator[tuple[str, Change]]:
    if isinstance(node.value, bool):
        yield f"{node.value} became {not node.value}", _with(value=not node.value)
    elif isinstance(node.value, int):
        yield f"{node.value} became {node.value + 1}", _with(value=node.value + 1)
        yield f"{node.value} became {node.value - 1}", _with(value=node.value - 1)
    elif isinstance(node.value, str):
        yield "a text got longer", _with(value=f"{node.value}x")


def _calls(node: ast.Call) -> Iterator[tuple[str, Change]]:
    name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
    if len(node.args) == 1 and not node.keywords and name not in SAME_TO_ALL:
        yield f"{name}() left out", lambda found: getattr(found, "args")[0]  # noqa: B009
    for at, keyword in enumerate(node.keywords):
        yield f"{keyword.arg} not given to {name}()", _without("keywords", at)


def _with(**attributes: object) -> Change:
    def change(node: ast.AST) -> ast.AST:
        for name, value in attributes.items():
            setattr(node, name, value)
        return node

    return change


def _without(field: str, at: int) -> Change:
    def change(node: ast.AST) -> ast.AST:
        items = getattr(node, field)
        if isinstance(node, ast.BoolOp) and len(items) == 2:
            left: ast.AST = items[1 - at]
            return left
        del items[at]
        return node

    return change


def _child(node: ast.AST, name: str) -> ast.AST:
    found = getattr(node, name)
    assert isinstance(found, ast.AST)
    return found
