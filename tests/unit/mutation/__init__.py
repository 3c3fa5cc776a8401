"""The mutator itself."""
