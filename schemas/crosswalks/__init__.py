"""How scales and lists of other systems stand to the canonical codes: data with versions, for both sides of the contract."""
