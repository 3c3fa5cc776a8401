"""The gateway against its own OpenAPI document: whatever is sent, the answers are those that the document names."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import positive_data_acceptance

from producers.gateway.openapi import document
from tests.support.gateway_process import GatewayProcess


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    folder: Path = tmp_path_factory.mktemp("document")
    with GatewayProcess(folder, "--no-publish", PSO_GATEWAY_EVENTS_PER_SECOND="1000000") as started:
        yield started
        assert '"mistake"' not in started.log()


@schemathesis.serializer("application/x-ndjson")
def lines(_context: schemathesis.SerializationContext, value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


schema = schemathesis.openapi.from_dict(document())


@schema.parametrize()
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_answer_is_in_the_document(case: schemathesis.Case[Any], gateway: GatewayProcess) -> None:
    # Left out: the document cannot say that 30 February or a NUL is no value, so what it allows may still be refused.
    case.call_and_validate(base_url=gateway.url, headers=gateway.headers, excluded_checks=[positive_data_acceptance])
