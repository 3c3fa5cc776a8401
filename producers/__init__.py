"""What a provider runs: readers, the outbox and the publisher."""
