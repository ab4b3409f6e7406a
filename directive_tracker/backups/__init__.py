"""Backups: made, checked, restored, and a pilot's data moved to PostgreSQL (docs/backup.md)."""
