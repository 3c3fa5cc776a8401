"""Mutation testing of the grade rules: small wrongs are put into their code, and the tests have to notice each."""
