"""Tests of the quality of what providers send."""
