"""Makes Kafka compact while a run lasts what it would compact after days: as early, as often and as much as it can."""

from collections.abc import Iterable

from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, ResourceType

SECONDS = 30.0
HARD = {
    "segment.ms": "1000",  # the cleaner leaves the segment alone that is being written
    "min.compaction.lag.ms": "0",
    "max.compaction.lag.ms": "1000",
    "min.cleanable.dirty.ratio": "0.01",
    "delete.retention.ms": "100",
}


def compact_hard(bootstrap: str, names: Iterable[str]) -> None:
    """Alter these topics, and how often every broker's cleaner looks at its logs."""
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
    brokers = [str(number) for number in admin.list_topics(timeout=SECONDS).brokers]
    resources = [_altered(ResourceType.TOPIC, name, HARD) for name in names]
    resources += [_altered(ResourceType.BROKER, number, {"log.cleaner.backoff.ms": "500"}) for number in brokers]
    for resource in resources:
        for altered in admin.incremental_alter_configs([resource]).values():
            altered.result(SECONDS)


def _altered(kind: ResourceType, name: str, values: dict[str, str]) -> ConfigResource:
    entries = [ConfigEntry(key, value, incremental_operation=AlterConfigOpType.SET) for key, value in values.items()]
    return ConfigResource(kind, name, incremental_configs=entries)
