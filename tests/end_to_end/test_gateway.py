"""Over HTTP into the warehouse: every 202 ends as a row or as a dead letter, none twice, though the gateway is killed."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.end_to_end.conftest import NAMESPACE, System
from tests.support.deadline import eventually
from tests.support.gateway_process import GatewayProcess

COUNT = 400
KILLS = (100, 200, 300)


@pytest.fixture
def gateway(system: System, tmp_path: Path) -> Iterator[GatewayProcess]:
    with GatewayProcess(tmp_path, "--every", "0.2", "--timeout", "5", **system.environment) as started:
        yield started


def test_every_202_ends_in_the_warehouse_once(system: System, gateway: GatewayProcess) -> None:
    def posted(number: int) -> bool:
        event = {"event_id": f"http-{number}", "report_type": "incident", "categories": ["fall"], "harm": "mild"}
        headers = {**gateway.headers, "Idempotency-Key": f"http-{number}"}
        try:
            answer = httpx.post(f"{gateway.url}/v1/events", json=event, headers=headers, timeout=10)
        except httpx.TransportError:
            return False
        return answer.status_code == 202

    for number in range(COUNT):
        if number in KILLS:
            gateway.kill()
            gateway.start()
        eventually(partial(posted, number))
    rows = system.await_rows(
        "select event_id, count(*) from protected.event_revisions where event_id like 'http-%' group by event_id", count=COUNT
    )
    assert {str(event_id): int(many) for event_id, many in rows} == {f"http-{number}": 1 for number in range(COUNT)}


def test_an_event_that_the_arrangement_does_not_allow_ends_as_a_dead_letter(system: System, gateway: GatewayProcess) -> None:
    whose = ("--provider", "prv-t5w9aa", "--arrangement", "arr-c41x", "--system", "pharmacy")
    key = gateway.produce("gateway", "keys", "new", *whose).stdout.strip()
    headers = {"Authorization": f"Bearer {key}"}
    # This arrangement takes incidents and near misses.
    event = {"event_id": "http-out", "report_type": "unsafe_condition", "categories": ["medication"]}
    (result,) = httpx.post(f"{gateway.url}/v1/events", json=event, headers=headers).json()["results"]
    url = f"{gateway.url}/v1/receipts/{result['receipt']}"
    eventually(lambda: httpx.get(url, headers=headers).json()["state"] == "sent")
    sent = httpx.get(url, headers=headers).json()["sent"]
    question = "select reason from protected.dead_letters where died_topic = %s and died_partition = %s and died_offset = %s"
    assert sent["topic"].startswith(NAMESPACE)
    system.await_rows(question, sent["topic"], sent["partition"], sent["offset"])
