"""What a provider runs, without Kafka."""
