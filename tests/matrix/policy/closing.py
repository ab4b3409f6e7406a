"""Ending a directive and its archive."""
