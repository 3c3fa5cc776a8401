"""What an exit code of `pso` means; the same for every command, so that a supervisor can act on it."""

OK = 0
FAILED = 1
USAGE = 2
FOUND = 3
"""A check ran to its end and found something."""
UNAVAILABLE = 4
"""Kafka, PostgreSQL or another dependency does not answer: try again."""
REFUSED = 5
"""The law or an arrangement does not allow it."""
