"""Stock Faust: an agent that sends. usage: stock_faust.py BOOTSTRAP IN OUT GROUP RECORDS PARTITIONS"""

import os
import sys

import faust
from work import Stopwatch, transform

BOOTSTRAP, IN, OUT, GROUP, RECORDS, PARTITIONS = sys.argv[1:7]
sys.argv[1:] = ["worker", "--without-web", "-l", "error"]
app = faust.App(
    GROUP,
    broker=f"kafka://{BOOTSTRAP}",
    store="memory://",
    key_serializer="raw",
    value_serializer="raw",
    topic_allow_declare=False,
    topic_disable_leader=True,
    topic_partitions=int(PARTITIONS),
    producer_linger=0.01,
    producer_max_batch_size=1 << 20,
    worker_redirect_stdouts=False,
    datadir=f"/tmp/{GROUP}",
)
source = app.topic(IN, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")
target = app.topic(OUT, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")
watch, seen = Stopwatch(), 0


@app.agent(source, concurrency=1)
async def stage(stream):
    global seen
    async for event in stream.events():
        watch.first()
        last = await target.send(key=event.key, value=transform(event.value))
        seen += 1
        if seen == int(RECORDS):
            await last
            await app.producer.flush()
            watch.report(seen)
            os._exit(0)


app.main()
