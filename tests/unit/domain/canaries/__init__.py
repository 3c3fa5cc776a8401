"""Live canaries: what is planted, and how what was left of it is judged."""
