"""Documents that arrive by themselves: a watched folder, or whatever other place a plug-in names."""
