"""One file per source format: bytes in, events and faults out. Pure."""
