"""One declaration per warehouse table: topic -> row -> table."""
