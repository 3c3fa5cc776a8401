"""What a PSO runs: rules, steps, their runtime and the warehouse."""
