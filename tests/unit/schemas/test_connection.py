"""One description of Kafka for every client, and the password is nobody's to see."""

from schemas.connection import KafkaConnection

SECURE = KafkaConnection(
    "kafka.example.org:9093", "SASL_SSL", "SCRAM-SHA-512", "producer", "hush", "/ca.pem", "/certificate.pem", "/key.pem"
)


def test_a_plain_connection_says_its_address_and_protocol_and_nothing_else() -> None:
    assert KafkaConnection("localhost:9092").for_librdkafka() == {
        "bootstrap.servers": "localhost:9092",
        "security.protocol": "PLAINTEXT",
    }


def test_a_secure_connection_says_everything() -> None:
    assert SECURE.for_librdkafka(client_id="pso") == {
        "bootstrap.servers": "kafka.example.org:9093",
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": "producer",
        "sasl.password": "hush",
        "ssl.ca.location": "/ca.pem",
        "ssl.certificate.location": "/certificate.pem",
        "ssl.key.location": "/key.pem",
        "client.id": "pso",
    }


def test_a_password_is_given_to_a_mechanism_only() -> None:
    mutual_tls = KafkaConnection("h:1", "SSL", password="hush", certificate_file="/certificate.pem")
    assert "hush" not in mutual_tls.for_librdkafka().values()


def test_the_password_is_not_in_the_words_for_a_connection() -> None:
    assert "hush" not in repr(SECURE) + str(SECURE)
