"""The version of the de-identification changes with its code, lexicon, model and policy, and with nothing else."""

import ast
from dataclasses import asdict, replace
from pathlib import Path

import pytest

import stream_processors
from schemas.grades import Grade
from schemas.taxonomy import NarrativeRelease
from stream_processors.domain.deidentification import narrative, policy, rules, tagging, version
from stream_processors.domain.deidentification.rules_treatments import Treatment
from stream_processors.domain.deidentification.tagging import full_engine, shipped_version
from stream_processors.domain.deidentification.version import EngineVersion, hash_of, hash_of_files, source_files

PACKAGE = Path(version.__file__).parent
SHIPPED = shipped_version()
FILES = {"engine.py": b"a", "tagger/model.py": b"b"}


@pytest.mark.parametrize(
    ("files", "remark"),
    [
        (FILES | {"engine.py": b"A"}, "a byte changed"),
        (FILES | {"new.py": b""}, "a file came, and be it empty"),
        ({"engine.py": b"a"}, "a file went"),
        ({"other.py": b"a", "tagger/model.py": b"b"}, "a file has another name"),
        ({"engine.py": b"ab", "tagger/model.py": b""}, "a byte went from one file to the next"),
    ],
)
def test_the_hash_of_files_changes_with_every_byte_and_name(files: dict[str, bytes], remark: str) -> None:
    assert hash_of_files(files) != hash_of_files(FILES), remark


def test_the_hash_of_files_does_not_depend_on_the_order_in_which_a_folder_lists_them() -> None:
    assert hash_of_files(dict(reversed(FILES.items()))) == hash_of_files(FILES)


@pytest.mark.parametrize("part", ["code", "lexicon", "model", "policy"])
def test_the_id_changes_with_each_part(part: str) -> None:
    assert replace(SHIPPED, **{part: hash_of(b"another")}).id != SHIPPED.id
    assert EngineVersion(SHIPPED.code, SHIPPED.lexicon, SHIPPED.model, SHIPPED.policy).id == SHIPPED.id


@pytest.mark.parametrize(
    ("part", "name"), [("code", "source_files"), ("lexicon", "packed_words"), ("model", "shipped"), ("policy", "policy")]
)
def test_another_file_or_table_changes_its_own_part_alone(monkeypatch: pytest.MonkeyPatch, part: str, name: str) -> None:
    other: dict[str, object] = {"source_files": {"engine.py": b""}, "policy": {}}
    monkeypatch.setattr(tagging, name, lambda: other.get(name, b"other"))
    changed = shipped_version()
    assert {key for key in ("code", "lexicon", "model", "policy") if getattr(changed, key) != getattr(SHIPPED, key)} == {part}


def test_lexicon_and_model_are_told_as_sha256sum_prints_their_files() -> None:
    assert hash_of((PACKAGE / "lexicon" / "words.txt.gz").read_bytes()) == SHIPPED.lexicon
    assert hash_of((PACKAGE / "tagger" / "model.bin").read_bytes()) == SHIPPED.model


def test_the_code_is_every_source_file_of_the_package_but_the_tables_of_rules() -> None:
    found = source_files()
    lying = {str(path.relative_to(PACKAGE)) for kind in ("*.py", "*.c", "*.h") for path in PACKAGE.rglob(kind)}
    assert set(found) == lying - version.RULE_TABLES
    assert {"engine.py", "tagger/_tagger.c", "zip3_census.py"} <= set(found)


def test_nothing_but_their_rows_is_taken_from_the_tables_of_rules_and_the_policy_holds_the_rows_whole() -> None:
    tables = {name.removesuffix(".py"): name.removesuffix(".py").removeprefix("rules_").upper() for name in version.RULE_TABLES}
    taken = {
        (path.name, node.module.rpartition(".")[2], alias.name)
        for path in Path(stream_processors.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.rpartition(".")[2] in tables
        for alias in node.names
    }
    assert taken == {("rules.py", module, rows) for module, rows in tables.items()}
    told = policy.policy()["rules"]
    assert {path: (told["P1"][path], told["P2"][path]) for path in told["P1"]} == {
        path: (asdict(first), asdict(second)) for path, (first, second) in rules.ROWS.items()
    }


def hash_with(monkeypatch: pytest.MonkeyPatch, module: object, name: str, value: object) -> str:
    with monkeypatch.context() as changed:
        changed.setattr(module, name, value)
        return hash_of(policy.canonical(policy.policy()))


@pytest.mark.parametrize(
    "change", [{"treatment": Treatment.DROP}, {"paragraph": "none"}, {"becomes": "elsewhere"}, {"reason": "Another."}]
)
def test_the_policy_changes_with_every_word_of_a_rule(monkeypatch: pytest.MonkeyPatch, change: dict[str, object]) -> None:
    first, second = rules.ROWS["event.setting"]
    rows = {**rules.ROWS, "event.setting": (first, replace(second, **change))}  # type: ignore[arg-type]
    assert hash_with(monkeypatch, rules, "ROWS", rows) != SHIPPED.policy
    assert hash_with(monkeypatch, rules, "ROWS", dict(reversed(dict(rules.ROWS).items()))) == SHIPPED.policy, (
        "order says nothing"
    )


def test_the_policy_changes_with_where_narratives_may_go(monkeypatch: pytest.MonkeyPatch) -> None:
    wider = {**narrative.RELEASED_IN, Grade.P2: frozenset({NarrativeRelease.ANONYMIZED})}
    assert hash_with(monkeypatch, policy, "RELEASED_IN", wider) != SHIPPED.policy


def test_the_compiled_and_the_plain_tagger_are_one_version_for_they_give_one_answer() -> None:
    plain = full_engine(plain=True)
    assert plain.kernel == "python"
    assert plain.version == SHIPPED
    assert plain.manifest == full_engine().manifest
