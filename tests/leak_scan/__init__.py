"""Invented events full of planted identifiers, run through the real steps; then everything that came out is searched."""
