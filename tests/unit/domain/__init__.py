"""The rules, one table per rule."""
