"""Puts a wrong into a process: a module from a changed tree, or a table of rules with one rule changed."""

import ast
import importlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from types import MappingProxyType, ModuleType

TABLES = {"rules_event": "EVENT", "rules_people": "PEOPLE", "rules_parts": "PARTS"}


@dataclass(frozen=True)
class Wrong:
    """Where, what, and how: the tree of a module, or the place of a rule in a table."""

    where: str
    what: str
    module: str
    tree: ast.Module | None
    rule: tuple[str, int] | None = None


class _Changed(Loader):
    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._tree, module.__name__, "exec"), module.__dict__)


class _Finder(MetaPathFinder):
    def __init__(self, name: str, tree: ast.Module) -> None:
        self._name, self._tree = name, tree

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        return spec_from_loader(fullname, _Changed(self._tree)) if fullname == self._name else None


def install(wrong: Wrong) -> None:
    """Before anything of the package is loaded."""
    if wrong.tree is not None:
        sys.meta_path.insert(0, _Finder(wrong.module, wrong.tree))
    elif wrong.rule is not None:
        _change_rule(wrong.module, *wrong.rule)


def _change_rule(name: str, path: str, place: int) -> None:
    module = importlib.import_module(name)
    table = TABLES[name.rpartition(".")[2]]
    rows = dict(getattr(module, table))
    row = list(rows[path])
    treatments = type(row[place].treatment)
    row[place] = replace(row[place], treatment=treatments.DROP if row[place].treatment.is_seen else treatments.KEEP)
    setattr(module, table, MappingProxyType({**rows, path: tuple(row)}))


def table_wrongs(package: str) -> Iterator[Wrong]:
    """Each rule of each table turned round: what is seen is dropped, what is dropped is kept. Read in another process."""
    for name, table in TABLES.items():
        for path in _paths(f"{package}.{name}", table):
            for place, grade in enumerate(("P1", "P2")):
                yield Wrong(f"{name}.py", f"{path} turned round in {grade}", f"{package}.{name}", None, (path, place))


def _paths(name: str, table: str) -> list[str]:
    """The paths of a table; what had to be loaded for it is unloaded again."""
    before = set(sys.modules)
    paths = list(getattr(importlib.import_module(name), table))
    for loaded in set(sys.modules) - before:
        if loaded.startswith("stream_processors"):
            del sys.modules[loaded]
    return paths
