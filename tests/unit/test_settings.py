"""Settings are read from a mapping, all faults at once, and unsafe ones are refused."""

import pytest

from stream_processors.settings import SETTINGS, InvalidSettings, Settings

SAFE = {"PSO_KAFKA_BOOTSTRAP_SERVERS": "broker:9093"}


def faults(environ: dict[str, str], *needs: str) -> tuple[str, ...]:
    with pytest.raises(InvalidSettings) as caught:
        Settings.from_environ(environ, needs)
    return caught.value.faults


def test_defaults_hold_and_say_that_they_are_defaults() -> None:
    found = Settings.from_environ(SAFE)
    assert found.connection.security_protocol == "SASL_SSL"
    origins = {row["name"]: row["origin"] for row in found.described()}
    assert (origins["PSO_PARTITIONS"], origins["PSO_KAFKA_BOOTSTRAP_SERVERS"]) == ("default", "environment")


@pytest.mark.parametrize(
    ("environ", "fault", "remark"),
    [
        ({"PSO_PARTITIONS": "many"}, "PSO_PARTITIONS must be a number", "no number"),
        ({"PSO_PARTITIONS": "1.5"}, "whole number", "half a partition"),
        ({"PSO_PARTITIONS": "0"}, "from 1 to 512", "out of range"),
        ({"PSO_PROFILE": "test"}, "PSO_PROFILE must be one of dev, production", "unknown profile"),
        ({"PSO_REPLICATION_FACTOR": "1"}, "loses data with one disk", "one copy outside dev"),
        ({"PSO_KAFKA_SECURITY_PROTOCOL": "PLAINTEXT"}, "42 CFR 3.106", "no TLS outside dev"),
        ({"PSO_PARTITION": "4"}, "PSO_PARTITION is no setting", "a misspelt name"),
        ({"PSO_DATABASE_PASSWORD_FILE": "/no/such/file"}, "cannot be read", "a secret that is not there"),
        ({"PSO_CANARY_SEED_FILE": "/no/such/file"}, "PSO_CANARY_SEED_FILE cannot be read", "a seed that is not there"),
        ({"PSO_CANARY_SEED_FILE": "/dev/null"}, "holds fewer than 32 characters", "a seed that anybody guesses"),
    ],
)
def test_a_fault_names_the_setting_and_what_to_do(environ: dict[str, str], fault: str, remark: str) -> None:
    assert any(fault in found for found in faults(SAFE | environ)), remark


def test_all_faults_are_reported_at_once() -> None:
    found = faults({"PSO_PARTITIONS": "x", "PSO_SINK_BATCH": "-1"}, "PSO_DATABASE_URL", "PSO_KAFKA_BOOTSTRAP_SERVERS")
    assert len(found) == 4


def test_what_a_command_needs_has_no_default() -> None:
    (fault,) = faults({}, "PSO_DATABASE_URL")
    assert fault.startswith("PSO_DATABASE_URL is not set: the warehouse")


def test_secrets_come_from_files_and_are_masked() -> None:
    environ = SAFE | {"PSO_KAFKA_PASSWORD_FILE": "/secrets/kafka", "PSO_DATABASE_URL": "postgresql://u:hidden@db/pso"}
    found = Settings.from_environ(environ, read={"/secrets/kafka": "open sesame\n"}.__getitem__)
    assert found.connection.password == "open sesame"
    assert "hidden" not in str(found.described())
    assert "open sesame" not in repr(found.connection)


def test_the_seed_of_the_canaries_is_a_secret_from_a_file() -> None:
    found = Settings.from_environ(SAFE | {"PSO_CANARY_SEED_FILE": "/seed"}, read={"/seed": "s" * 32 + "\n"}.__getitem__)
    assert found.canary_seed == b"s" * 32
    assert "s" * 32 not in str(found.described())
    assert Settings.from_environ(SAFE).canary_seed == b""


def test_there_are_few_settings_and_each_has_a_reason() -> None:
    assert len(SETTINGS) <= 40
    assert all(setting.reason for setting in SETTINGS)


def test_what_decides_where_data_goes_has_no_default() -> None:
    undecided = {s.name for s in SETTINGS if s.default is None}
    assert {"PSO_KAFKA_BOOTSTRAP_SERVERS", "PSO_DATABASE_URL", "PSO_ARRANGEMENTS_FILE"} <= undecided
