"""Schema ids from a Confluent-compatible registry, where one is configured, instead of the bundled catalogue.

The schemas themselves are always the bundled ones: the registry gives the numbers in the frames and tells other tools
what they mean. Subjects are named `<topic>-value` (Confluent's TopicNameStrategy). Needs the extra `registry`.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, TypeVar

from avro.schema import parse
from avro.schemanormalization import ToParsingCanonicalForm

from schemas.catalogue import Catalogue, bundled
from schemas.records import Record
from schemas.topics import Topic

T = TypeVar("T")
_NOT_FOUND = 404


class RegistryRefused(Exception):
    """The registry and this release do not fit; one line that says what to do. Waiting does not help."""


class RegistryUnavailable(Exception):
    """The registry cannot be asked now; one line."""


def connect(settings: Mapping[str, object]) -> Any:
    """A registry client. `settings` are those of confluent-kafka: url, basic.auth.user.info, ssl.ca.location ..."""
    try:
        from confluent_kafka.schema_registry import SchemaRegistryClient
    except ImportError as error:
        raise RegistryRefused("a schema registry is configured: install pso-stream[registry]") from error
    return SchemaRegistryClient.new_client(dict(settings))


def from_registry(url: str, topics: Iterable[Topic], namespace: str = "") -> Catalogue:
    """The bundled schemas with the ids of the registry at a URL, which may carry user and password."""
    return catalogue_of(connect({"url": url}), topics, bundled(), namespace)


def catalogue_of(client: Any, topics: Iterable[Topic], ours: Catalogue, namespace: str = "") -> Catalogue:
    """The catalogue with the registry's ids for the records of these topics; dead letters are passed over.

    Raises RegistryRefused where a subject lacks the bundled schema that this release writes; what it holds beside that
    is a matter of other releases. Raises RegistryUnavailable where the registry does not answer.
    """
    ids: dict[type[Record], int] = {}
    readable: dict[int, type[Record]] = {}
    schemas: dict[int, dict[str, Any]] = {}
    for topic in (topic for topic in topics if not topic.dead):
        subject, record = subject_of(topic, namespace), topic.record
        held = _held(client, subject)
        known = {b: held[shape] for b in _versions(ours, record) if (shape := canonical(ours.schema(b))) in held}
        for bundled_id, registry_id in known.items():
            readable[registry_id], schemas[registry_id] = record, ours.schema(bundled_id)
        if ours.ids[record] not in known:
            raise RegistryRefused(_refusal(subject, record, empty=not held))
        ids.setdefault(record, known[ours.ids[record]])
    return Catalogue(ids, readable, schemas)


def register(client: Any, topics: Iterable[Topic], ours: Catalogue, namespace: str = "") -> list[tuple[str, int]]:
    """Registers every bundled version of every topic's record, oldest first; what is there already stays.

    Returns (subject, id) in the order given. Raises RegistryRefused and RegistryUnavailable.
    """
    from confluent_kafka.schema_registry import Schema

    done: list[tuple[str, int]] = []
    for topic in (topic for topic in topics if not topic.dead):
        subject = subject_of(topic, namespace)
        held = _held(client, subject)
        for bundled_id in _versions(ours, topic.record):
            schema = ours.schema(bundled_id)
            found = held.get(canonical(schema))
            if found is None:
                text = json.dumps(schema)
                found = _asked(subject, partial(client.register_schema, subject, Schema(text, "AVRO")))
            done.append((subject, found))
    return done


def subject_of(topic: Topic, namespace: str = "") -> str:
    """The subject of a topic's values. Dead letters have none: they may be any bytes."""
    if topic.dead:
        raise ValueError(f"{topic.name} has no subject")
    return f"{namespace}{topic.name}-value"


def canonical(schema: Any) -> str:
    """Avro's parsing canonical form: equal for two schemas exactly where they read and write the same bytes."""
    return str(ToParsingCanonicalForm(parse(schema if isinstance(schema, str) else json.dumps(schema))))


def _held(client: Any, subject: str) -> dict[str, int]:
    """The id of every schema that a subject holds, by canonical form; none where there is no such subject."""
    versions: Iterable[int] = _asked(subject, partial(client.get_versions, subject), nothing=())
    found = [_asked(subject, partial(client.get_version, subject, version)) for version in versions]
    return {canonical(one.schema.schema_str): one.schema_id for one in found if one.schema.schema_type == "AVRO"}


def _asked(subject: str, question: Callable[[], T], nothing: T | None = None) -> T:
    """The registry's answer; `nothing`, where it is given, for a subject that does not exist."""
    from confluent_kafka.schema_registry.error import SchemaRegistryError

    try:
        return question()
    except SchemaRegistryError as error:
        if error.http_status_code == _NOT_FOUND and nothing is not None:
            return nothing
        if error.http_status_code >= 500:
            raise RegistryUnavailable(f"the schema registry fails with status {error.http_status_code}") from error
        raise RegistryRefused(
            f"the schema registry refuses subject {subject} with status {error.http_status_code}, code {error.error_code}"
        ) from error
    except Exception as error:  # its HTTP library's own tree of errors, which is no part of its interface
        raise RegistryUnavailable(f"the schema registry does not answer ({type(error).__name__})") from error


def _versions(ours: Catalogue, record: type[Record]) -> list[int]:
    """The bundled ids of a record type, oldest version first: ids are given in that order."""
    return sorted(i for i, readable in ours.readable.items() if readable is record)


def _refusal(subject: str, record: type[Record], *, empty: bool) -> str:
    if empty:
        return f"the schema registry has no subject {subject}: run `pso schemas register`"
    return (
        f"subject {subject} holds no schema that reads and writes the bytes of this release's {record.__name__}: "
        "compare it with schemas/avro, or run `pso schemas register`"
    )
