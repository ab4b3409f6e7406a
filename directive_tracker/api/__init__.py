"""The interface for other programs, /api/v1/: it composes the rooms and has no rules of its own."""
