"""The sendings of a report: taking one back, what changed between two, how long the office took."""
