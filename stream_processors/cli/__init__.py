"""`pso`: what the PSO's staff type. Data on stdout, talk on stderr; exit codes are in exit_codes.py."""

from stream_processors.cli.program import main

__all__ = ["main"]
