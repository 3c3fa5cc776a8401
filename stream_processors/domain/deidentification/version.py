"""Which version of the de-identification decided: hashes of its code, lexicon, model and policy, and one id for the four.

Same record and same version give the same bytes. It says nothing of the interpreter: Python's tables of Unicode and its
regular expressions decide too, and the software's own version and its locked requirements name those.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

_SOURCE = (".py", ".c", ".h")
"""What is compiled from these differs by machine and gives the same answers (tests/properties/test_tagger.py)."""

RULE_TABLES = frozenset({"rules_event.py", "rules_people.py", "rules_parts.py"})
"""Data alone: they count as policy, whole (policy.py), and not a second time as code."""

ID_DIGITS = 16
"""Hexadecimal digits of the id: enough to tell versions apart, short enough to be read aloud."""


@dataclass(frozen=True, slots=True)
class EngineVersion:
    """SHA-256 of each part, in hexadecimal."""

    code: str
    lexicon: str
    model: str
    policy: str

    @property
    def id(self) -> str:
        """The four as one: the first 16 digits of their SHA-256."""
        told = f"{self.code}\n{self.lexicon}\n{self.model}\n{self.policy}"
        return hashlib.sha256(told.encode("ascii")).hexdigest()[:ID_DIGITS]

    def described(self) -> dict[str, str]:
        """The id and the four parts by their names."""
        return {"engine": self.id, "code": self.code, "lexicon": self.lexicon, "model": self.model, "policy": self.policy}


UNVERSIONED = EngineVersion(*["0" * 64] * 4)
"""Of an engine that was put together by hand, for comparison: it has no lexicon and no model."""


def hash_of(content: bytes) -> str:
    """SHA-256 in hexadecimal, as `sha256sum` prints it."""
    return hashlib.sha256(content).hexdigest()


def hash_of_files(contents: Mapping[str, bytes]) -> str:
    """One hash of files by their paths, whatever their order. Lengths keep one file's end from being another's beginning."""
    whole = hashlib.sha256()
    for path in sorted(contents):
        whole.update(f"{path}\0{len(contents[path])}\0".encode() + contents[path])
    return whole.hexdigest()


def source_files() -> dict[str, bytes]:
    """The source of this package by path, as it is installed. The same from a wheel and from a checkout."""
    return dict(_source(files(__package__), ""))


def _source(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _source(entry, f"{path}{entry.name}/")
        elif entry.name.endswith(_SOURCE) and entry.name not in RULE_TABLES:
            yield f"{path}{entry.name}", entry.read_bytes()
