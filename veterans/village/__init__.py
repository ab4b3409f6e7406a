"""In a village without signal: what is taken along on a phone, what phones send, what becomes of it (docs/village.md)."""
