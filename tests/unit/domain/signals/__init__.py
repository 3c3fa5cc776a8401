"""Disproportionality, held to published figures."""
