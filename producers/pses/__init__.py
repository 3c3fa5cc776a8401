"""The provider's patient safety evaluation system as rules: what may happen to an item, and how each act is written down."""
