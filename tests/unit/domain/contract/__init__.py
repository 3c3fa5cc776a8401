"""Arrangements as documents."""
