"""Marks the words of a narrative that name a person, a facility or a place, by what stands around them."""
