"""De-identification: one file per lawful output, and what they share."""
