"""How much of what names people is taken out of texts, how much else goes, how fast: this engine beside others."""
