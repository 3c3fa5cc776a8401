"""Writes the reports that the classifier learns from, and trains it; not shipped."""
