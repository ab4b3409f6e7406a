"""The overview: wall screen, year, fragments."""
