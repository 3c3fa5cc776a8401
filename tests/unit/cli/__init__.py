"""Commands of `pso` as their users see them, as far as neither Kafka nor PostgreSQL is needed."""
