"""Scans: kept sealed while they are read page by page, recorded when they are read, gone without a trace if they are secret."""
