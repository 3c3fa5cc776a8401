"""Invented providers and events for the demo, and for tests that want a lot of life-like traffic."""
