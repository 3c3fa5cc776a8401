"""Reports of the same event by different people: found, linked, and counted once where that is wanted."""
