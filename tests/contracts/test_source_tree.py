"""Small files, small functions, and one place for each name."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas import topics

ROOT = Path(__file__).parents[2]
CODE = ("schemas", "producers", "stream_processors", "deploy")
LEFT_OUT = ROOT / "tests" / "benchmarks" / "peers"  # the same work in other people's style, to be compared with
FILES = sorted(
    path
    for folder in (*CODE, "tests")
    for path in (ROOT / folder).rglob("*.py")
    if LEFT_OUT not in path.parents and "__pycache__" not in path.parts
)
SHIPPED = [path for path in FILES if path.relative_to(ROOT).parts[0] in CODE]
BANNED = {"utils", "helpers", "common", "base", "manager", "core", "misc"}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


each = pytest.mark.parametrize("path", FILES, ids=named)
each_shipped = pytest.mark.parametrize("path", SHIPPED, ids=named)


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the first statement to the last, the docstring left out."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return 0 if not body else (body[-1].end_lineno or 0) - body[0].lineno + 1


@each
def test_no_file_is_longer_than_300_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300


@each
def test_no_function_is_longer_than_40_lines_or_takes_more_than_5_parameters(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert body_lines(node) <= 40, f"{node.name}, line {node.lineno}"
            if path in SHIPPED:
                given = [a for a in (*node.args.posonlyargs, *node.args.args) if a.arg not in ("self", "cls")]
                assert len(given) <= 5, f"{node.name}, line {node.lineno}"


@each
def test_a_module_says_in_its_docstring_what_it_is_for(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert not tree.body or ast.get_docstring(tree)


@each
def test_no_module_has_a_name_that_says_nothing(path: Path) -> None:
    assert path.stem not in BANNED


def strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, text) of every string that is no docstring."""
    docs = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                docs.add(id(first.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value


NAMES = "|".join(re.escape(topic.name) for topic in topics.INTERNAL)
TOPIC_NAME = re.compile(rf"(.*\b)?((?:{NAMES})(?:-dead)?|pso-events-submitted-.*)")


def test_the_search_for_topic_names_finds_them_where_they_are() -> None:
    tree = ast.parse((ROOT / "schemas" / "topics.py").read_text())
    found = [text for _, text in strings(tree) if TOPIC_NAME.fullmatch(text)]
    assert len(found) == len(topics.INTERNAL) + 1


@each_shipped
def test_no_file_but_the_table_writes_a_topics_name(path: Path) -> None:
    if path != ROOT / "schemas" / "topics.py":
        tree = ast.parse(path.read_text())
        assert [(line, text) for line, text in strings(tree) if TOPIC_NAME.fullmatch(text)] == []
