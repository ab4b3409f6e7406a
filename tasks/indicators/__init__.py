"""Figures of a task: typed, checked, put together, and found where they were reported twice."""
