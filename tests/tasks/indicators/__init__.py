"""Figures: typed, checked, put together, found where reported twice."""
