"""The steps: each calls its rule and nothing else."""
