"""Chasing by people: nudges of many units at once, calls, what units say of a delay, letters for signature."""
