"""What every command begins with: settings, arrangements, topology, the names on the wire."""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from schemas.catalogue import Catalogue, bundled
from schemas.codec import Codec
from stream_processors.domain.arrangements import Arrangements, parse_arrangements
from stream_processors.domain.deidentification.engine import NarrativeEngine
from stream_processors.domain.deidentification.tagging import full_engine
from stream_processors.domain.signals.signal_parameters import Parameters, parse_parameters
from stream_processors.runtime.log import log_to_stderr
from stream_processors.runtime.wire import Wire
from stream_processors.settings import InvalidSettings, Settings
from stream_processors.topology import Topology, refuse_unlawful, topology

KAFKA = ("PSO_KAFKA_BOOTSTRAP_SERVERS",)
DATABASE = ("PSO_DATABASE_URL",)
ARRANGEMENTS = ("PSO_ARRANGEMENTS_FILE",)
SIGNAL_PARAMETERS = "PSO_SIGNAL_PARAMETERS_FILE"

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

    @property
    def codec(self) -> Codec:
        """The codec of the catalogue that the settings name."""
        return Codec(self.catalogue)

    @property
    def catalogue(self) -> Catalogue:
        """Bundled schema ids, or those of the registry."""
        url = self.settings.text("PSO_SCHEMA_REGISTRY_URL")
        if not url:
            return bundled()
        from schemas.registry import from_registry  # an optional extra

        return from_registry(url, self.topology.topics, self.settings.text("PSO_NAMESPACE"))


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


def system(needs: Iterable[str] = ()) -> System:
    """Settings, arrangements and a topology that was checked. Raises what is wrong with any of them."""
    found = settings([*ARRANGEMENTS, *needs])
    agreed = arrangements(found)
    from stream_processors.cli.classifier_model import running_classifier  # loads numpy, which few commands need

    built = engine()
    declared = refuse_unlawful(topology(agreed, built, running_classifier(found), signal_parameters(found)))
    return System(found, agreed, declared, Wire(found.text("PSO_NAMESPACE"), declared.topics), built)


def arrangements(found: Settings) -> Arrangements:
    """The arrangements of the file that the settings name. Raises InvalidArrangements."""
    return parse_arrangements(_text_of(found, "PSO_ARRANGEMENTS_FILE"))


def signal_parameters(found: Settings) -> Parameters | None:
    """The pinned parameters of the file that the settings name, or None where they name none. Raises InvalidParameters."""
    return parse_parameters(_text_of(found, SIGNAL_PARAMETERS)) if found.text(SIGNAL_PARAMETERS) else None


def _text_of(found: Settings, name: str) -> str:
    try:
        return Path(found.text(name)).read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidSettings([f"{name} cannot be read ({error.strerror})"]) from None
