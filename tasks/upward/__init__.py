"""Reports of the office to the bodies above: due, sent, by whom signed."""
