"""The rules. Pure: no clock, no randomness, no environment, no input or output."""
