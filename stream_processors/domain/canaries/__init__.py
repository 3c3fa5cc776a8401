"""Live canaries: invented, labelled events that run through the whole flow, and the judgement of what was left of them."""
