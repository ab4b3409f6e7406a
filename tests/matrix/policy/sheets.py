"""Excel out of lists, and the own files."""
