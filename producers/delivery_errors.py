"""What Kafka's errors mean to a provider: which setting to look at, and whether trying again can help."""

from collections.abc import Collection

from producers.failure import ExitCode, Failure
from producers.settings import Destination

_FINAL = frozenset({"MSG_SIZE_TOO_LARGE", "INVALID_RECORD", "INVALID_MSG", "INVALID_TIMESTAMP", "POLICY_VIOLATION"})

_KEPT = "events stay in the outbox"


def final(name: str) -> bool:
    """True when the broker will never take this very message: the others must not wait behind it."""
    return name in _FINAL


def told(name: str, heard: Collection[str], destination: Destination) -> Failure:
    """One line for an error's name. `heard`: errors of the connection, which say more than a timeout does."""
    servers = destination.connection.bootstrap_servers
    topic = destination.wire_name
    names = {name, *heard}
    if names & {"TOPIC_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED", "TRANSACTIONAL_ID_AUTHORIZATION_FAILED"}:
        line = f"the broker does not let PSO_KAFKA_USERNAME (or the certificate) write to {topic}: ask the PSO"
        return Failure(f"{line}; {_KEPT}", ExitCode.REFUSED)
    if names & {"_UNKNOWN_TOPIC", "UNKNOWN_TOPIC_OR_PART", "_UNKNOWN_PARTITION"}:
        line = f"topic {topic} does not exist or is hidden from this user: check PSO_PRODUCE_ARRANGEMENT"
        return Failure(f"{line} and PSO_NAMESPACE, then ask the PSO; {_KEPT}", ExitCode.UNAVAILABLE)
    if "_AUTHENTICATION" in names or "SASL_AUTHENTICATION_FAILED" in names:
        line = f"the broker at {servers} refused the login: check PSO_KAFKA_USERNAME and PSO_KAFKA_PASSWORD_FILE"
    elif "_SSL" in names:
        line = f"no trusted connection to {servers}: check PSO_KAFKA_CA_FILE, PSO_KAFKA_CERTIFICATE_FILE and _KEY_FILE"
    elif "_INVALID_ARG" in names:
        line = "a certificate, key or address is not usable: check the PSO_KAFKA_ settings"
    elif "_RESOLVE" in names:
        line = f"no such host in {servers}: check PSO_KAFKA_BOOTSTRAP_SERVERS"
    elif names & {"_TRANSPORT", "_ALL_BROKERS_DOWN", "_MSG_TIMED_OUT", "_TIMED_OUT"}:
        line = f"no answer from {servers}: check PSO_KAFKA_BOOTSTRAP_SERVERS, PSO_KAFKA_SECURITY_PROTOCOL and the network"
    else:
        line = f"the broker at {servers} answered {name}: run `pso-produce flush` again, then ask the PSO"
    return Failure(f"{line}; {_KEPT}", ExitCode.UNAVAILABLE)
