"""Tests of what an event answers."""
