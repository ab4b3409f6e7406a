"""Invented data of any size, for measuring and for trying (manage.py seed_scale)."""
