"""Tests of the links between reports of one event."""
