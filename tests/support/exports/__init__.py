"""Invented exports of incident systems that nobody here has seen, made by a seeded generator, with what each row means."""
