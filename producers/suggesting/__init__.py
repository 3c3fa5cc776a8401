"""From an unknown export to a proposed mapping: what each column may be, with what evidence, and what only a person knows."""
