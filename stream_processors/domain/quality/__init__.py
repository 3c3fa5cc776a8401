"""How good what a provider sends is: complete, valid, timely, coded, mapped, said once."""
