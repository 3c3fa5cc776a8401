"""The engine: what travels, waits, fails and counts. The only importer of faust."""
