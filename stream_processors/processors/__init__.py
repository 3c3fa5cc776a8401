"""One file per step: topic -> function -> topic."""
