"""What every command begins with: settings, arrangements, topology, the names on the wire."""

import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from schemas.catalogue import Catalogue, bundled
from schemas.codec import Codec
from schemas.topics import ARRANGEMENTS_ACTIVATED, Topic
from stream_processors.domain.arrangements import Arrangements, parse_arrangements
from stream_processors.domain.deidentification.engine import NarrativeEngine
from stream_processors.domain.deidentification.rare import UNASKED, UNCOUNTED, Rarity
from stream_processors.domain.deidentification.snapshot import DamagedSnapshot, rarity_of
from stream_processors.domain.deidentification.tagging import full_engine
from stream_processors.domain.signals.signal_parameters import Parameters, parse_parameters
from stream_processors.runtime.arrangement_register import ArrangementRegister
from stream_processors.runtime.log import log_to_stderr
from stream_processors.runtime.topic_admin import TopicAdmin
from stream_processors.runtime.wire import Wire
from stream_processors.settings import InvalidSettings, Settings
from stream_processors.topology import Judges, Topology, refuse_unlawful, topology
from stream_processors.warehouse.combinations import NoSnapshot, stored_snapshot

KAFKA = ("PSO_KAFKA_BOOTSTRAP_SERVERS",)
DATABASE = ("PSO_DATABASE_URL",)
ARRANGEMENTS = ("PSO_ARRANGEMENTS_FILE",)
SIGNAL_PARAMETERS = "PSO_SIGNAL_PARAMETERS_FILE"

by_option = click.option("--by", "who", required=True, help="Who decides: a name or staff number of the PSO's workforce.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def settings(needs: Iterable[str] = ()) -> Settings:
    """The settings of the environment; this command cannot do without `needs`."""
    found = Settings.from_environ(os.environ, needs)  # the one place that reads the environment
    log_to_stderr(found.text("PSO_LOG_LEVEL"))
    return found


def say(line: str) -> None:
    """Talk to the person at the terminal."""
    click.echo(line, err=True)


def put(data: Any) -> None:
    """Data on stdout, as JSON."""
    click.echo(json.dumps(data, indent=2, default=str))


@dataclass(frozen=True, slots=True)
class System:
    """The declared system under its settings: lawful, or it would not be here."""

    settings: Settings
    arrangements: Arrangements
    topology: Topology
    wire: Wire
    engine: NarrativeEngine
    register: ArrangementRegister | None = None
    """Of a command that asks Kafka: the arrangements as they were activated."""

    def activated(self) -> ArrangementRegister:
        """The register of a command that asks Kafka."""
        assert self.register is not None, "asked for without KAFKA among the needs"
        return self.register

    @property
    def codec(self) -> Codec:
        """The codec of the catalogue that the settings name."""
        return Codec(self.catalogue)

    @property
    def catalogue(self) -> Catalogue:
        """Bundled schema ids, or those of the registry."""
        return catalogue(self.settings, self.topology.topics)


def catalogue(found: Settings, topics: Sequence[Topic]) -> Catalogue:
    """Bundled schema ids of these topics, or those of the registry that the settings name."""
    url = found.text("PSO_SCHEMA_REGISTRY_URL")
    if not url:
        return bundled()
    from schemas.registry import from_registry  # an optional extra

    return from_registry(url, topics, found.text("PSO_NAMESPACE"))


def engine() -> NarrativeEngine:
    """The narrative engine with every layer. Without lexicon or model nothing may start: 42 CFR 3.206 allows no doubt."""
    try:
        return full_engine()
    except (OSError, ValueError) as error:
        told = f"the lexicon or the model of the narrative engine is missing or damaged ({type(error).__name__}): install again"
        raise InvalidSettings([told]) from None


def slow_kernel(built: NarrativeEngine) -> str | None:
    """What to say where the compiled engine is missing: nothing is wrong, and everything is slow."""
    if built.kernel == "c":
        return None
    return "the compiled engine is missing: the plain one gives the same answers, far slower; install again with a C compiler"


def rarity(found: Settings) -> Rarity:
    """What the settings say of rare characteristics. Raises InvalidSettings where the snapshot that they name is not there."""
    named = found.text("PSO_UNIQUENESS_SNAPSHOT")
    if named in ("", "off"):
        return UNASKED if named else UNCOUNTED
    try:
        content = stored_snapshot(found.text("PSO_DATABASE_URL"), named, found.database_password)
        return rarity_of(content, named)
    except (NoSnapshot, DamagedSnapshot) as error:
        raise InvalidSettings([f"PSO_UNIQUENESS_SNAPSHOT: {error}; `pso uniqueness list` shows what is there"]) from None


def system(needs: Iterable[str] = (), rare: Callable[[Settings], Rarity] = lambda _settings: UNCOUNTED) -> System:
    """Settings, arrangements and a topology that was checked. Raises what is wrong with any of them.

    A command that asks Kafka knows what was activated there; any other knows the arrangements file alone, and needs it.
    Whoever discloses gives `rarity`; to everybody else it makes no difference, and no database is asked.
    """
    needed = list(needs)
    of_kafka = KAFKA[0] in needed
    found = settings(needed if of_kafka else [*ARRANGEMENTS, *needed])
    register = register_of(found) if of_kafka else None
    arrangements = arrangements_of(found) if register is None else register.arrangements
    from stream_processors.cli.classifier_model import running_classifier  # loads numpy, which few commands need

    judges = Judges(engine(), running_classifier(found), signal_parameters(found), rare(found))
    declared = refuse_unlawful(topology(arrangements, judges, register))
    return System(found, arrangements, declared, Wire(found.text("PSO_NAMESPACE"), declared.topics), judges.engine, register)


def register_of(found: Settings) -> ArrangementRegister:
    """What was activated until now, on top of the file. Raises Unavailable where Kafka does not answer, with its reason."""
    wire = Wire(found.text("PSO_NAMESPACE"), [ARRANGEMENTS_ACTIVATED])
    admin = TopicAdmin(found.connection, wire, found.whole("PSO_PARTITIONS"), found.whole("PSO_REPLICATION_FACTOR"))
    codec = Codec(catalogue(found, [ARRANGEMENTS_ACTIVATED]))
    register = ArrangementRegister(arrangements_of(found), found.connection, wire.name(ARRANGEMENTS_ACTIVATED), codec)
    if not admin.missing([ARRANGEMENTS_ACTIVATED]):
        register.refresh()
    return register


def arrangements_of(found: Settings) -> Arrangements:
    """The arrangements of the file; none where none is named."""
    named = found.text("PSO_ARRANGEMENTS_FILE")
    return parse_arrangements(_text_of(found, "PSO_ARRANGEMENTS_FILE")) if named else Arrangements({})


def signal_parameters(found: Settings) -> Parameters | None:
    """The pinned parameters of the file that the settings name, or None where they name none. Raises InvalidParameters."""
    return parse_parameters(_text_of(found, SIGNAL_PARAMETERS)) if found.text(SIGNAL_PARAMETERS) else None


def _text_of(found: Settings, name: str) -> str:
    try:
        return Path(found.text(name)).read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidSettings([f"{name} cannot be read ({error.strerror})"]) from None
