"""Rankings of units."""
