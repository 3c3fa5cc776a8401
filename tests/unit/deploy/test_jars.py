"""A jar is used only when its bytes are the pinned ones."""

import fcntl
import hashlib
import threading
from pathlib import Path

import pytest

from deploy.dev.failure import StackError
from deploy.dev.jars import LOCK, Fetch, Pin, Runtime, kafka_version, one_at_a_time, pins, verified
from deploy.dev.settings import JarSettings

TRUE_BYTES = b"the released jar"
PIN = Pin("org.example", "library", "1.0", hashlib.sha256(TRUE_BYTES).hexdigest())


def repository_with(path: Path, *answers: bytes) -> Fetch:
    """A repository that keeps a cached file and otherwise gives the next of its answers, as jgo does."""
    remaining = iter(answers)

    def fetch(_: Pin) -> Path:
        if not path.exists():
            path.write_bytes(next(remaining))
        return path

    return fetch


def test_the_pinned_bytes_are_used(tmp_path: Path) -> None:
    jar = tmp_path / "library.jar"
    assert verified(PIN, repository_with(jar, TRUE_BYTES)) == jar


@pytest.mark.parametrize(
    ("cached", "remark"),
    [
        (TRUE_BYTES[:5], "a download that was killed half way"),
        (b"", "an empty file"),
        (TRUE_BYTES + b"!", "one byte more"),
        (b"another jar altogether", "a tampered jar"),
    ],
)
def test_a_wrong_file_in_the_cache_is_fetched_anew(tmp_path: Path, cached: bytes, remark: str) -> None:
    jar = tmp_path / "library.jar"
    jar.write_bytes(cached)
    assert verified(PIN, repository_with(jar, TRUE_BYTES)).read_bytes() == TRUE_BYTES, remark


def test_a_jar_that_is_wrong_at_its_source_is_refused_and_not_kept(tmp_path: Path) -> None:
    jar = tmp_path / "library.jar"
    with pytest.raises(StackError, match=r"org\.example:library:1\.0: SHA-256 is .* not used") as refusal:
        verified(PIN, repository_with(jar, b"tampered", b"tampered again"))
    assert "\n" not in str(refusal.value)
    assert not jar.exists()


@pytest.mark.parametrize(
    ("line", "remark"),
    [
        ("org.example:library:1.0", "no hash"),
        ("org.example:library " + "0" * 64, "no version"),
        ("org.example:library:1.0 abc", "half a hash"),
        ("org.example:library:1.0:tests " + "0" * 64, "a classifier: nothing we run has one"),
        ("org.example:library:1.0  " + "0" * 64, "two blanks"),
    ],
)
def test_a_line_that_pins_nothing_is_refused(line: str, remark: str) -> None:
    with pytest.raises(StackError, match="not a line of a jar lock"):
        Pin.parse(line)


def test_the_lock_pins_one_kafka_release_and_every_jar_once() -> None:
    locked = pins()
    assert {pin.version for pin in locked if pin.group == "org.apache.kafka"} == {kafka_version(locked)}
    assert len({(pin.group, pin.artifact) for pin in locked}) == len(locked)
    assert [pin.coordinate for pin in locked] == sorted(pin.coordinate for pin in locked)
    assert all(set(pin.sha256) <= set("0123456789abcdef") for pin in locked)
    assert LOCK.read_text().count("\n") == len(locked)


def test_the_lock_binds_the_logging_interface_that_kafka_brings() -> None:
    """With the binding for SLF4J 2 a broker logs nothing, and its start could not be seen."""
    version = {pin.artifact: pin.version for pin in pins()}
    assert version["slf4j-api"].startswith("1.7.")
    assert "log4j-slf4j-impl" in version
    assert "log4j-slf4j2-impl" not in version


def test_two_processes_never_fill_a_cache_at_the_same_time(tmp_path: Path) -> None:
    entered = threading.Event()

    def second() -> None:
        with one_at_a_time(tmp_path):
            entered.set()

    with one_at_a_time(tmp_path):
        waiting = threading.Thread(target=second)
        waiting.start()
        with (tmp_path / ".kafka-jars.lock").open() as third, pytest.raises(BlockingIOError):
            fcntl.flock(third, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert not entered.is_set()
    waiting.join(10)
    assert entered.is_set()


def test_a_cache_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StackError, match="KAFKA_JARS_CACHE"), one_at_a_time(tmp_path / "file" / "cache"):
        pass


def test_the_start_up_cache_is_used_only_when_it_was_trained(tmp_path: Path) -> None:
    runtime = Runtime(Path("java"), "a.jar", tmp_path / "kafka.aot")
    assert runtime.startup_options() == ()
    runtime.startup_cache.touch()
    assert runtime.startup_options() == (f"-XX:AOTCache={runtime.startup_cache}",)


@pytest.mark.parametrize(
    ("environ", "cache", "mirror", "remark"),
    [
        ({}, Path.home() / ".m2" / "repository", None, "the local Maven repository, and the central one"),
        ({"KAFKA_JARS_CACHE": "/srv/jars"}, Path("/srv/jars"), None, "another cache"),
        ({"MAVEN_MIRROR": "https://mirror.example/maven"}, Path.home() / ".m2" / "repository",
         "https://mirror.example/maven", "another source"),
        ({"KAFKA_JARS_CACHE": "", "MAVEN_MIRROR": ""}, Path.home() / ".m2" / "repository", None, "empty is absent"),
    ],
)  # fmt: skip
def test_the_environment_moves_the_cache_and_the_source(
    environ: dict[str, str], cache: Path, mirror: str | None, remark: str
) -> None:
    assert JarSettings.from_environ(environ) == JarSettings(cache, mirror), remark
