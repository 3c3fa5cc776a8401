"""Settings: all faults at once, secrets from files, no event unencrypted by accident."""

from pathlib import Path

import pytest

from producers.failure import ExitCode, Failure
from producers.settings import Destination, Settings

PLAIN = {
    "PSO_PROFILE": "dev",
    "PSO_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9092",
    "PSO_KAFKA_SECURITY_PROTOCOL": "PLAINTEXT",
    "PSO_PRODUCE_ARRANGEMENT": "arr-7k2q",
    "PSO_PRODUCE_PROVIDER": "prv-8f3k2m",
    "PSO_PRODUCE_SOURCE_SYSTEM": "rl6-main",
}


def destination(**environ: str) -> Destination:
    settings = Settings({**PLAIN, **environ})
    found = settings.destination()
    settings.complete()
    return found


def faults(**environ: str) -> list[str]:
    settings = Settings(environ)
    settings.origin(), settings.outbox(), settings.destination()
    with pytest.raises(Failure) as failed:
        settings.complete()
    assert failed.value.code is ExitCode.USAGE
    return str(failed.value).splitlines()


def test_every_missing_setting_is_told_at_once() -> None:
    assert [line.split()[0] for line in faults()] == [
        "PSO_PRODUCE_PROVIDER",
        "PSO_PRODUCE_SOURCE_SYSTEM",
        "PSO_PRODUCE_ARRANGEMENT",
        "PSO_KAFKA_BOOTSTRAP_SERVERS",
        "PSO_KAFKA_USERNAME",
        "PSO_KAFKA_PASSWORD_FILE",
    ]


WRONG = [
    ({"PSO_PRODUCE_PROVIDER": "prv 1"}, "PSO_PRODUCE_PROVIDER must be 1 to 128 visible", "a blank in an id"),
    ({"PSO_PRODUCE_ARRANGEMENT": "arr/1"}, "PSO_PRODUCE_ARRANGEMENT must be up to 100", "no part of a topic's name"),
    ({"PSO_NAMESPACE": "a b"}, "PSO_NAMESPACE must be up to 100 letters", "the same"),
    ({"PSO_KAFKA_SECURITY_PROTOCOL": "TLS"}, "PSO_KAFKA_SECURITY_PROTOCOL must be one of PLAINTEXT,", "no protocol"),
    ({"PSO_PROFILE": ""}, "PSO_KAFKA_SECURITY_PROTOCOL=PLAINTEXT would send events unencrypted", "outside of dev"),
    ({"PSO_KAFKA_SASL_MECHANISM": "MD5"}, "PSO_KAFKA_SASL_MECHANISM must be one of SCRAM-SHA-512,", "no mechanism"),
    ({"PSO_KAFKA_CA_FILE": "/no/such"}, "PSO_KAFKA_CA_FILE: there is no file that this user may read", "no file"),
    (
        {"PSO_KAFKA_SECURITY_PROTOCOL": "SASL_SSL", "PSO_KAFKA_USERNAME": "u", "PSO_KAFKA_PASSWORD_FILE": "/no/such"},
        "PSO_KAFKA_PASSWORD_FILE: there is no text file", "no password file",
    ),
    (
        {"PSO_KAFKA_SECURITY_PROTOCOL": "SASL_SSL", "PSO_KAFKA_USERNAME": "u", "PSO_KAFKA_PASSWORD_FILE": "/dev/null"},
        "PSO_KAFKA_PASSWORD_FILE: the file is empty", "an empty password",
    ),
    ({"PSO_KAFKA_KEY_FILE": "/dev/null"}, "PSO_KAFKA_CERTIFICATE_FILE and PSO_KAFKA_KEY_FILE go together", "half a pair"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "told"), [row[:2] for row in WRONG], ids=[row[2] for row in WRONG])
def test_a_wrong_setting_is_named_with_what_is_right(changes: dict[str, str], told: str) -> None:
    (line,) = faults(**{**PLAIN, **changes})
    assert told in line


def test_the_topic_on_the_wire_carries_the_namespace() -> None:
    assert destination(PSO_NAMESPACE="t1-").wire_name == "t1-" + destination().topic.name
    assert destination().wire_name.endswith("arr-7k2q")


def test_the_password_is_read_from_its_file_and_never_shown(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("hunter-2\n")
    found = destination(
        PSO_PROFILE="", PSO_KAFKA_SECURITY_PROTOCOL="", PSO_KAFKA_USERNAME="prv", PSO_KAFKA_PASSWORD_FILE=str(secret)
    )
    assert found.connection.for_librdkafka()["sasl.password"] == "hunter-2"
    assert found.connection.security_protocol == "SASL_SSL"
    assert "hunter" not in repr(found)


def test_the_outbox_has_a_default_and_nothing_else_is_needed_to_find_it() -> None:
    assert Settings({}).outbox() == Path("pso-outbox.sqlite")
    assert Settings({"PSO_PRODUCE_OUTBOX": "/var/lib/pso/o.sqlite"}).outbox() == Path("/var/lib/pso/o.sqlite")
