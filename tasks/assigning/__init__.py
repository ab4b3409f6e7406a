"""The assignment matrix of a draft: who gets what before it is issued."""
