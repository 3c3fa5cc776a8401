"""The commands of pso-produce, one per file: data on stdout, talk on stderr."""
