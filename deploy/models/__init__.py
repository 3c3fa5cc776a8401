"""Builds the lexicon and the tagger of the narrative engine from public lists and written sentences; not shipped."""
