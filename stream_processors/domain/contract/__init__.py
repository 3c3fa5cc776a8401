"""Arrangements as documents: what the law allows, what a contract takes from it, and the policy that is left."""
