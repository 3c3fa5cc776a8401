"""The environment variables that the development servers read: the only place that reads them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEFAULT_DIRECTORY = Path(".work") / "stack"


@dataclass(frozen=True, slots=True)
class JarSettings:
    """Where Kafka's jars are kept and where they come from."""

    cache: Path
    """`KAFKA_JARS_CACHE`; the local Maven repository by default, so that a jar Maven has fetched is used."""
    mirror: str | None
    """`MAVEN_MIRROR`, the address of a repository to use instead of the central one: jgo reads no settings.xml."""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> "JarSettings":
        """An empty variable counts as absent."""
        cache = environ.get("KAFKA_JARS_CACHE")
        return cls(
            cache=Path(cache).absolute() if cache else Path.home() / ".m2" / "repository",
            mirror=environ.get("MAVEN_MIRROR") or None,
        )
