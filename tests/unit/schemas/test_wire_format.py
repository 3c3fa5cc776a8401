"""The wire format is Confluent's: their own serializers, asked through their own registry client, agree with the codec."""

import json
from typing import Any

import pytest
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

from schemas import topics
from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.registry import catalogue_of, connect, register, subject_of
from tests.contracts.example_files import EXAMPLES, record_in
from tests.properties.strategies import plain

LIVE = (topics.submitted("arr-7k2q"), *topics.INTERNAL)
BUNDLED = bundled()
TOPIC_OF = {topic.record: topic for topic in LIVE}


@pytest.fixture(scope="module")
def client() -> Any:
    found = connect({"url": "mock://wire"})
    register(found, LIVE, BUNDLED)
    return found


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_their_deserializer_reads_our_bytes_and_we_read_their_serializers(path: Any, client: Any) -> None:
    record = record_in(path)
    topic = TOPIC_OF[type(record)]
    codec = Codec(catalogue_of(client, [topic], BUNDLED))
    context = SerializationContext(topic.name, MessageField.VALUE)
    assert subject_of(topic) == f"{topic.name}-value"
    assert AvroDeserializer(client)(codec.encode(record), context) == plain(record)
    schema = json.dumps(BUNDLED.schema(BUNDLED.ids[type(record)]))
    theirs = AvroSerializer(client, schema, conf={"auto.register.schemas": False})(plain(record), context)
    assert theirs == codec.encode(record)
    assert codec.decode(theirs, type(record)) == record
