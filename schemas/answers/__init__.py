"""What an event answers of what it is asked: the same count at the provider and at the PSO."""
