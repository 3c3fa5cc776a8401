"""A real Apache Kafka and a real PostgreSQL from package clients only, for development and tests."""
