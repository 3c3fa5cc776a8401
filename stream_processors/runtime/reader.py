"""A consumer that reads where it is told to, joins no group and commits nothing."""

from typing import Any

from confluent_kafka import Consumer

from schemas.connection import KafkaConnection


def reader(connection: KafkaConnection, group: str, **settings: Any) -> Consumer:
    """Tells where a partition ends, and sees no record of an aborted transaction. `group` is whose offsets it may ask for.

    A setting of librdkafka is written with `_` for `.`.
    """
    return Consumer(
        connection.for_librdkafka()
        | {
            "group.id": group,
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "enable.partition.eof": True,
            "isolation.level": "read_committed",
            "log_level": 0,
        }
        | {name.replace("_", "."): value for name, value in settings.items()}
    )
