"""Báo cáo tổng hợp: what is frozen (freezing, shape), what changed (changes), the file (writing), the pages (reading)."""
