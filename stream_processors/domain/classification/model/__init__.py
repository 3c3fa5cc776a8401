"""The trained classifier as it is shipped, with its manifest and the words that mean the same."""
