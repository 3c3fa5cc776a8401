"""Quix Streams: one data frame. usage: quix_app.py BOOTSTRAP IN OUT GROUP RECORDS PARTITIONS"""

import sys

from quixstreams import Application
from work import Stopwatch, transform

BOOTSTRAP, IN, OUT, GROUP, RECORDS, _ = sys.argv[1:7]
watch = Stopwatch()


def stage(value: bytes) -> bytes:
    watch.first()
    return transform(value)


app = Application(
    broker_address=BOOTSTRAP,
    consumer_group=GROUP,
    auto_offset_reset="earliest",
    auto_create_topics=False,
    loglevel="ERROR",
    state_dir=f".work/bench/{GROUP}",
)
source = app.topic(IN, value_deserializer="bytes")
target = app.topic(OUT, value_serializer="bytes")
frame = app.dataframe(source).apply(stage).to_topic(target)
app.run(frame, count=int(RECORDS), collect=False)
watch.report(int(RECORDS))
