"""Versions of a document's text: the original stays, a correction stands beside it."""
