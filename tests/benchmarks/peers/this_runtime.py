"""This runtime: chunk transport, runner, delivery. usage: this_runtime.py BOOTSTRAP IN OUT GROUP RECORDS PARTITIONS"""

import asyncio
import sys

from work import Stopwatch, transform

from schemas.connection import KafkaConnection
from stream_processors.runtime.delivery import Delivery
from stream_processors.runtime.engine import Agent, Chunk, Engine, EngineSettings
from stream_processors.runtime.incoming import incoming_records
from stream_processors.runtime.messages import Outgoing

BOOTSTRAP, IN, OUT, GROUP, RECORDS, _ = sys.argv[1:7]


async def main() -> None:
    watch, stop = Stopwatch(), asyncio.Event()
    delivery = Delivery(KafkaConnection(BOOTSTRAP), "bench")
    seen = 0

    def handle(chunk: Chunk):
        watch.first()
        records = incoming_records(chunk.records)
        outputs = [Outgoing(OUT, r.partition, r.key, transform(r.value), []) for r in records]
        return acknowledged(delivery.send(outputs), len(records))

    async def acknowledged(sent, count: int) -> None:
        nonlocal seen
        await asyncio.wrap_future(sent)
        seen += count
        if seen >= int(RECORDS):
            watch.report(seen)
            stop.set()

    await Engine([Agent(GROUP, (IN,), handle)], EngineSettings(BOOTSTRAP)).run(stop)


asyncio.run(main())
