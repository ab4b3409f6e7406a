"""The whole of one directive, and of a year: the overview, its parts, the wall screen."""
