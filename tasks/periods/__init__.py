"""The periods of a directive: laid out with their cut-off days, mended and removed while nobody has reported."""
