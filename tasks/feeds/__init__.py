"""Calendars for other programs: addresses that can be taken back (addresses), what stands in them (entries)."""
