"""The benchmark of de-identification measures what it says."""
