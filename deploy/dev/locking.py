"""Writes the lock file for another Kafka release: which jars it needs, and what their bytes hash to."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from deploy.dev.jars import DOWNLOADS_AT_ONCE, Pin, fetcher, one_at_a_time, sha256_of
from deploy.dev.settings import JarSettings

LOGGING = "org.apache.logging.log4j:log4j-slf4j-impl:2.25.4"
"""For SLF4J 1.7, which Kafka 4 brings; with the binding for SLF4J 2 a broker logs nothing."""


def closure(kafka_version: str, settings: JarSettings) -> list[Pin]:
    """All jars a broker of this release runs with, hashes still unknown.

    The trailing `!` keeps jgo from importing our two inputs as bills of materials: without it the parent of the
    logging library decides which `kafka-clients` the server gets.
    """
    from jgo.maven import MavenContext

    remote = {"mirror": settings.mirror} if settings.mirror else None
    context = MavenContext(repo_cache=settings.cache, timeout=60, remote_repos=remote)
    wanted = (f"org.apache.kafka:kafka_2.13:{kafka_version}", LOGGING)
    inputs, others = context.resolver.resolve([context.create_dependency(f"{name}!") for name in wanted])
    used = [*inputs, *(other for other in others if other.scope in ("compile", "runtime"))]
    artifacts = [dependency.artifact for dependency in used]
    return sorted((Pin(a.groupId, a.artifactId, a.version, "") for a in artifacts), key=lambda pin: pin.coordinate)


def lock_lines(kafka_version: str, settings: JarSettings) -> Iterator[str]:
    """The lines of `kafka.lock`. They trust what is downloaded now: review them before they are committed."""
    fetch = fetcher(settings)
    with one_at_a_time(settings.cache), ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
        found = closure(kafka_version, settings)
        for pin, path in zip(found, pool.map(fetch, found), strict=True):
            yield f"{pin.coordinate} {sha256_of(path)}"
