"""The error of Kafka's client, and its name: the one part of it that holds no value."""

from confluent_kafka import KafkaException

KafkaRefused = KafkaException


def name_of(error: KafkaException) -> str:
    """For example TOPIC_AUTHORIZATION_FAILED."""
    return str(error.args[0].name()) if error.args and hasattr(error.args[0], "name") else type(error).__name__
