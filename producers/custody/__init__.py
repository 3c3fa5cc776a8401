"""The register of the PSES beside the outbox: written, read, exported, certified, verified."""
