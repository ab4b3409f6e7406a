"""The Standing Committee's digest: when (periods), what (freezing), making and telling it (making), showing it (reading)."""
