"""A document on its way from the text to issued work: what the program proposed, and how the office mends it."""
