"""Which unit, or group of units, a name in a document means: the one place that says so (docs/units.md has the rules)."""

from units.naming.book import Match, Namebook

__all__ = ["Match", "Namebook"]
