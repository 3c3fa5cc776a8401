"""One file per warehouse table: topic -> row -> table."""
