"""First, honest classification: structured fields and few rules; it abstains where it does not know."""
