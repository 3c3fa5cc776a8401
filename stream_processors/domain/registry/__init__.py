"""Who reports to this PSO: providers as 42 CFR 3.20 knows them, and how they belong together."""
