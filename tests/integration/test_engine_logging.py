"""What the libraries under the engine may log while it runs: nothing that is built to be dropped."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.dev.broker import Broker
from stream_processors.runtime.engine import Agent
from stream_processors.runtime.log import log_to_stderr
from tests.integration.live_kafka import Kafka, collecting, eventually, running


@pytest.fixture
def logging_of_a_process() -> Iterator[None]:
    """The logging of `pso worker`, as talkative as it can be, whatever was there before, which is there again afterwards."""
    loggers = [logging.getLogger(), logging.getLogger("pso"), logging.getLogger("aiokafka")]
    before = [(logger.handlers[:], logger.level) for logger in loggers]
    logging.getLogger().setLevel(logging.DEBUG)
    log_to_stderr("debug")
    yield
    for logger, (handlers, level) in zip(loggers, before, strict=True):
        logger.handlers[:] = handlers
        logger.setLevel(level)


@pytest.mark.usefixtures("logging_of_a_process")
def test_a_running_engine_builds_no_debug_record_of_a_library(tmp_path: Path) -> None:
    """They would be built and dropped, at a price of 14 % of the throughput (measured)."""

    async def loggers_that_talk(kafka: Kafka) -> list[str]:
        topic = kafka.topic()
        async with running(kafka, Agent(topic, (topic,), collecting([]))) as engine:
            await eventually(lambda: engine.progress[topic].flowing)
            loggers = [logging.getLogger(name) for name in ("", *logging.root.manager.loggerDict)]
            return [each.name for each in loggers if each.isEnabledFor(logging.INFO)]

    with Broker(tmp_path) as broker:
        talking = asyncio.run(loggers_that_talk(Kafka(broker.bootstrap)))
    assert {name.split(".")[0] for name in talking} == {"pso"}
