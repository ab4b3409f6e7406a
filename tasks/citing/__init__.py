"""Documents that a directive cites: their correct numbers and their files."""
