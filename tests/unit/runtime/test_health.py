"""What /livez, /readyz and /metrics answer."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping

import pytest
from prometheus_client import CollectorRegistry

from stream_processors.metrics import Metrics
from stream_processors.runtime.health import HealthServer, nothing_wrong
from stream_processors.settings import InvalidSettings

WRONG: dict[str, str] = {}


@pytest.fixture
def server() -> Iterator[HealthServer]:
    registry = CollectorRegistry()
    Metrics(registry, "test 1")
    WRONG.clear()

    def ready() -> Mapping[str, str]:
        return WRONG

    running = HealthServer("127.0.0.1", 0, registry, live=nothing_wrong, ready=ready)
    yield running
    running.close()


def get(server: HealthServer, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_a_ready_process_says_so(server: HealthServer) -> None:
    assert get(server, "/readyz")[0] == 200
    assert get(server, "/livez")[0] == 200


def test_an_unready_process_says_what_it_waits_for(server: HealthServer) -> None:
    WRONG["anonymize"] = "waits for postgresql"
    status, body = get(server, "/readyz")
    assert (status, json.loads(body)["waiting_for"]) == (503, {"anonymize": "waits for postgresql"})


def test_metrics_are_served(server: HealthServer) -> None:
    status, body = get(server, "/metrics")
    assert status == 200
    assert 'pso_build_info{version="test 1"} 1.0' in body


def test_no_label_could_name_a_provider() -> None:
    """Which of these a label is says whose value it is: ours, never one of a record, a topic or an arrangement."""
    registry = CollectorRegistry()
    Metrics(registry, "test 1")
    labels = {label for metric in registry._names_to_collectors.values() for label in vars(metric)["_labelnames"]}
    of_software = {"version", "code", "engine", "lexicon", "model", "policy"}
    assert labels == of_software | {"step", "sink", "reason", "outcome"}


def test_a_port_that_is_taken_is_a_wrong_setting(server: HealthServer) -> None:
    with pytest.raises(InvalidSettings, match="PSO_HEALTH_PORT"):
        HealthServer("127.0.0.1", server.port, CollectorRegistry(), live=nothing_wrong, ready=nothing_wrong)


def test_an_unknown_page_names_the_known_ones(server: HealthServer) -> None:
    status, body = get(server, "/table")
    assert (status, json.loads(body)["pages"]) == (404, ["/livez", "/readyz", "/metrics"])
